"""The verdict on the ledger: its bookings, compared with the answers of the model that the proxies saw."""

import json
from collections.abc import Mapping, Sequence

from local.chaos.fault_plan import FaultPlan
from local.chaos.model_cost import MAX_COST
from local.chaos.world import Row
from troupe.spending.days import account_of

# The AWS client sends a request this often before it gives up.
ATTEMPTS = 3
WRITES = {"reserve", "reserve_for_bot", "settle", "settle_for_bot"}


def judge(rows: Sequence[Row], chats: Sequence[int], faults: FaultPlan) -> list[str]:
    by_account = {row["account"]: row for row in rows}
    people = {chat: by_account.get(account_of(chat), {}) for chat in chats}
    wrong = [f"chat {chat}: {found}" for chat, row in people.items() for found in _judge_person(row, faults, str(chat))]
    return [*wrong, *_judge_open(people, faults), *_judge_bot(by_account)]


def _judge_person(row: Row, faults: FaultPlan, chat: str) -> list[str]:
    """If no answer was cut and no booking is open, both bounds are the cost of the served answers.

    Every answer that a worker got whole is booked: at its cost, or at an estimate that is higher. All other bookings
    are of answers that were cut, refused or left by a worker that died.
    """
    served, booked = faults.served[chat], int(row.get("nanodollars", 0))
    requests, still_open = int(row.get("requests", 0)), len(_open(row))
    cut = requests - len(served)
    if booked < sum(served) or cut < 0:
        return [f"{booked} are booked for {requests} requests, {sum(served)} were served in {len(served)}: lost"]
    if booked > sum(served) + (cut + still_open) * MAX_COST:
        return [f"{booked} are booked, {sum(served)} were served, {cut} cut, {still_open} left open: doubled"]
    return []


def _judge_open(people: Mapping[int, Row], faults: FaultPlan) -> list[str]:
    """A booking stays open if its worker died, or if no attempt at its settlement got through."""
    deaths = sum(faults.progress[str(chat)].died for chat in people)
    refused = sum(each.step in WRITES for each in faults.injected) // ATTEMPTS
    asks = sum(each.step == "ask" for each in faults.injected)
    still_open = sum(len(_open(row)) for row in people.values())
    cut = sum(int(row.get("requests", 0)) - len(faults.served[str(chat)]) for chat, row in people.items())
    wrong = []
    if still_open > deaths + refused:
        wrong.append(f"the ledger: {still_open} bookings are open after {deaths} deaths and {refused} refusals")
    if cut > deaths + refused + asks:
        wrong.append(f"the ledger: {cut} more bookings than answers after {deaths} deaths and {asks} cut requests")
    return wrong


def _judge_bot(by_account: Mapping[str, Row]) -> list[str]:
    """The bot's sum equals its people's, except for bookings that a dying worker wrote to only one of the two rows."""
    bot, people = by_account.get("bot", {}), [row for account, row in by_account.items() if account != "bot"]
    total = sum(int(row["nanodollars"]) for row in people)
    torn = len(set(bot.get("open", ())) ^ {name for row in people for name in _open(row)})
    if abs(int(bot.get("nanodollars", 0)) - total) > torn * MAX_COST:
        return [
            f"the ledger: {bot['nanodollars']} for the bot, {total} for its people, {torn} bookings on one row alone"
        ]
    return []


def _open(row: Row) -> dict[str, int]:
    found: dict[str, int] = json.loads(row.get("open", "{}"))
    return found
