"""The verdict on the ledger: what it has booked, against what the model has served as the proxies saw it."""

import json
from collections.abc import Iterable, Sequence

from local.chaos.fault_plan import FaultPlan
from local.chaos.model_cost import MOST
from local.chaos.world import Row


def judge_person(chat: str, rows: Iterable[Row], faults: FaultPlan) -> list[str]:
    """Without a fault in the chat, both bounds are the cost of what was served.

    Every answer that a worker got whole is booked: at its cost, or at an estimate that is higher. What else is booked
    was cut, refused or left by a worker that died.
    """
    rows = list(rows)
    served, booked = faults.served[chat], sum(int(row["nanodollars"]) for row in rows)
    requests, still_open = sum(int(row["requests"]) for row in rows), sum(len(json.loads(row["open"])) for row in rows)
    cut = max(0, requests - len(served))
    hurt = faults.progress[chat].died + len(faults.in_chat(int(chat)))
    wrong = []
    if booked < sum(served) or requests < len(served):
        wrong.append(f"{booked} are booked for {requests} requests, {sum(served)} were served in {len(served)}: lost")
    if booked > sum(served) + (cut + still_open) * MOST:
        wrong.append(f"{booked} are booked, {sum(served)} were served, {cut} cut, {still_open} left open: doubled")
    if cut > hurt or still_open > hurt:
        wrong.append(
            f"{requests} requests are booked for {len(served)}, {still_open} open, with {hurt} faults: doubled"
        )
    return wrong


def judge_bot(rows: Sequence[Row]) -> list[str]:
    """The bot's sum is that of its people, but for bookings that a death left on one of the two rows alone."""
    of_bot = [row for row in rows if row["account"] == "bot"]
    of_people = [row for row in rows if row["account"] != "bot"]
    bot, people = (sum(int(row["nanodollars"]) for row in part) for part in (of_bot, of_people))
    open_for_bot = {name for row in of_bot for name in row.get("open", ())}
    open_for_people = {name for row in of_people for name in json.loads(row["open"])}
    torn = len(open_for_bot ^ open_for_people)
    if abs(bot - people) > torn * MOST:
        return [f"the bot has booked {bot}, its people {people}, with {torn} bookings on one row alone"]
    return []
