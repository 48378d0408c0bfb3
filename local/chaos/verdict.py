"""The verdict on a run, from outside: the messages in the chats, the rows in the tables, the events in Amplitude."""

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from local.chaos import ledger_verdict
from local.chaos.crowd import Echo, Guest
from local.chaos.fault_plan import by_step
from local.chaos.world import Row, World
from troupe.pseudonym import pseudonym
from troupe.spending.days import BOT
from troupe.spending.money import dollars


@dataclass
class Verdict:
    """`wrong` lists the violations; empty means that the run passed."""

    messages: int = 0
    answers: int = 0
    apologies: int = 0
    doubled: int = 0
    asked: int = 0
    asked_again: int = 0
    events: int = 0
    served: int = 0
    booked: int = 0
    left_open: int = 0
    windows_ms: list[float] = field(default_factory=list)
    faults: dict[str, Counter[str]] = field(default_factory=dict)
    deaths: int = 0
    wrong: list[str] = field(default_factory=list)

    def as_lines(self) -> list[str]:
        window = sorted(self.windows_ms) or [0.0]
        events = "none missing, none twice" if not self.wrong else "see below"
        again = "again after a death or a cut while the answer was being made or saved"
        lines = {
            "messages": f"{self.messages}",
            "answers": f"{self.answers}; several messages in a row may share one",
            "apologies": f"{self.apologies}, each with a Retry that was pressed and brought the answer",
            "shown twice": f"{self.doubled}, in the window between a send and its record",
            "model calls": f"{self.asked} for {self.asked - self.asked_again} turns: {self.asked_again} {again}",
            "events": f"{self.events}, {events}",
            "the ledger": (
                f"${dollars(self.booked):.6f} booked, ${dollars(self.served):.6f} of answers that came whole; "
                f"{self.left_open} bookings of dead workers stay at their estimate"
            ),
            "the window": (
                f"{statistics.median(window):.0f} ms at the median, {window[-1 - len(window) // 100]:.0f} ms for 99 of "
                f"100, {window[-1]:.0f} ms at most, outages included"
            ),
            "workers killed": f"{self.deaths}",
            **{f"  at {step}": _listed(kinds) for step, kinds in sorted(self.faults.items())},
        }
        return [f"{name:<20} {text}" for name, text in lines.items()]


def _listed(kinds: Counter[str]) -> str:
    return ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))


def judge(world: World, guests: Sequence[Guest], echo: Echo) -> Verdict:
    injected = world.faults.injected
    verdict = Verdict(
        messages=sum(len(guest.updates) for guest in guests),
        apologies=sum(guest.apologies() for guest in guests),
        asked=sum(echo.asked.values()),
        windows_ms=[1000 * seconds for seconds in world.faults.windows],
        faults=by_step(injected),
        deaths=world.faults.deaths,
    )
    rows, spending = world.turns(), world.spending()
    (bot,) = [row for row in spending if row["account"] == BOT][-1:] or [{}]
    verdict.booked, verdict.left_open = int(bot.get("nanodollars", 0)), len(bot.get("open", ()))
    verdict.served = sum(map(sum, world.faults.served.values()))
    verdict.wrong += ledger_verdict.judge(spending, [guest.user.id for guest in guests], world.faults)
    for guest in guests:
        _judge_chat(guest, echo, [row for row in rows if row["chat_id"] == guest.user.id], world, verdict)
    return verdict


def _judge_chat(guest: Guest, echo: Echo, rows: Sequence[Row], world: World, verdict: Verdict) -> None:
    who, life = f"chat {guest.user.id}", world.faults.progress[str(guest.user.id)]
    steps = Counter((each.step, each.fault.kind) for each in world.faults.in_chat(guest.user.id))
    answers = guest.answers()
    verdict.answers += len(answers)
    shown = {number for answer in answers for number in answer}
    verdict.wrong += [f"{who}: message {number} was lost" for number in guest.updates if number not in shown]
    firsts = list(dict.fromkeys(number for answer in answers for number in answer if number not in guest.retried))
    if firsts != sorted(firsts):
        verdict.wrong.append(f"{who}: out of order: {firsts}")

    own = Counter(answer[-1] for answer in answers)
    copies = sum(count - 1 for count in own.values())
    verdict.doubled += copies
    unsure = steps["send", "lose"] + steps["send", "stall"] + life.unheard
    unrecorded = sum(steps[step, kind] for step in ("record", "deliver") for kind in ("refuse", "error", "stall"))
    if copies > life.died_in_window + unsure + unrecorded:
        twice = [number for number, count in own.items() if count > 1]
        verdict.wrong.append(f"{who}: {twice} were shown twice, outside the window")

    again = {number: echo.asked[number] - 1 for number in guest.updates if echo.asked[number] > 1}
    verdict.asked_again += sum(again.values())
    cut = sum(steps[step, kind] for step in ("ask", "save") for kind in ("lose", "stall", "refuse", "error"))
    # On a busy machine an answer can hit the model's timeout without a fault.
    cut += sum(row.get("failure") == "model_timeout" for row in rows)
    if sum(again.values()) > life.died_asking + cut + len(guest.retried):
        verdict.wrong.append(f"{who}: the model was asked again for {again}: {life}, {cut} cuts")
    _judge_tables(guest, rows, world, verdict, who)


def _judge_tables(guest: Guest, rows: Sequence[Row], world: World, verdict: Verdict, who: str) -> None:
    ends = Counter(row["status"] for row in rows)
    if set(ends) - {"delivered", "joined"}:
        verdict.wrong.append(f"{who}: turns that did not end: {dict(ends)}")
    if len(rows) != len(guest.updates):
        verdict.wrong.append(f"{who}: {len(guest.updates)} messages, {len(rows)} turns")
    person = pseudonym(guest.user.id)
    events = Counter(event["event_type"] for event in world.amplitude.events if event["user_id"] == person)
    verdict.events += sum(events.values())
    wanted = {
        "message_sent": len(rows),
        "reply_received": sum("answered_at" in row for row in rows),
        "reply_sent": ends["delivered"],
    }
    for name, count in wanted.items():
        if events[name] != count:
            verdict.wrong.append(f"{who}: {events[name]} events {name}, {count} expected")
