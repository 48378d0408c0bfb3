"""Any interleaving of updates, jobs, crashes and presses, against the real table: it ends where the machine allows.

Two workers, one turn. A worker takes the steps of `functions.llm_reply.jobs.answering.answer` one at a time, so that
the other may come in between any two of them, and either may die before any of them.
"""

import itertools
import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from hypothesis.strategies import integers, sampled_from

from troupe.clock import now_ms
from troupe.conversations import turn_intake, turn_lease, turn_requests, turns
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import (
    ANSWERED,
    DELIVERED,
    FAILED,
    GIVEN_UP,
    OPEN,
    RECEIVED,
    TurnBusyError,
    TurnLostError,
)

CHAT = 690_000_001
WORKERS = (0, 1)
messages = itertools.count(1)
# Milliseconds that a claim lasts.
LONG, OVER = 60_000, -1
Step = Callable[[Turn], None]
EXPECTED = {
    RECEIVED: {RECEIVED, ANSWERED, GIVEN_UP},
    ANSWERED: {ANSWERED, DELIVERED, GIVEN_UP},
    GIVEN_UP: {GIVEN_UP, FAILED, RECEIVED, ANSWERED},
    FAILED: {FAILED, RECEIVED, ANSWERED},
    DELIVERED: {DELIVERED},
}


class OneTurn(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.message_id = next(messages)
        # What each worker believes of it.
        self.turns: list[Turn | None] = [None, None]
        self.saved = self.failures = 0
        self.status = RECEIVED
        self.receive()

    # One rule and not many: Hypothesis leaves rules out at random, and here the rare ones make the trouble.
    @rule(worker=sampled_from(WORKERS), choice=integers(0, 11))
    def happen(self, worker: int, choice: int) -> None:
        if choice == 0:
            self.receive()
        elif choice == 1:
            turn_requests.reopen(CHAT, self.message_id)
        elif self.turns[worker] is None and choice == 3:
            self.take_up(worker)
        elif self.turns[worker] is None:
            # Most leases here are over at once, as those of a dead worker are after a while.
            self.claim(worker, LONG if choice == 2 else OVER)
        else:
            self.work(worker, choice)

    def receive(self) -> None:
        fresh = Turn(
            CHAT,
            self.message_id,
            person_id=CHAT,
            update_id=self.message_id,
            sent_s=int(time.time()),
            received_at=now_ms(),
        )
        turn_intake.receive(fresh)

    def claim(self, worker: int, lease_ms: int) -> None:
        before = self.row()
        try:
            self.turns[worker] = turn_lease.claim(CHAT, self.message_id, now_ms() + lease_ms)
        except (TurnBusyError, TurnLostError):
            assert before.status not in OPEN or before.leased_until >= now_ms() - 1
        else:
            assert before.status in OPEN
            assert before.leased_until < now_ms()

    def take_up(self, worker: int) -> None:
        """Both workers may, which the queue would not let them."""
        turn = self.row()
        if turn_lease.take_up(turn, now_ms() + OVER):
            before = self.row()
            assert before.status == RECEIVED
            assert before.holder is None
            self.turns[worker] = turn

    def work(self, worker: int, choice: int) -> None:
        """A worker's next step, chosen by the state that this worker has read."""
        turn = self.turns[worker]
        assert turn is not None
        leaving: list[Step] = [turn_lease.release, turn_lease.drop, self.dies]
        possible = [*leaving, *2 * self.next_steps(turn)]
        step = possible[-1 - choice % len(possible)]
        before, holder = self.row(), turn.holder
        try:
            step(turn)
        except TurnLostError:
            self.turns[worker] = None
            return
        after = self.row()
        if after.status != before.status:
            mine = before.holder in (holder, None)
            assert mine or after.status == DELIVERED, "not the holder's to change"
        if step in leaving or after.status not in OPEN:
            self.turns[worker] = None

    def next_steps(self, turn: Turn) -> list[Step]:
        steps: dict[str, list[Step]] = {
            RECEIVED: [self.gives_up, self.saves],
            ANSWERED: [
                self.gives_up,
                lambda turn: turns.record_parts(turn, [1]),
                lambda turn: turns.mark_delivered(turn, [1]),
            ],
            GIVEN_UP: [turns.close],
        }
        return steps.get(str(turn.status), [])

    def saves(self, turn: Turn) -> None:
        turns.save_answer(turn, "An answer", {})
        self.saved += 1

    def gives_up(self, turn: Turn) -> None:
        turns.give_up(turn, "model_server")
        self.failures += 1

    def dies(self, turn: Turn) -> None:
        """Its lease stays until it runs out."""

    def row(self) -> Turn:
        turn = Turn.find(CHAT, self.message_id)
        assert turn is not None
        return turn

    @invariant()
    def it_stands_where_the_machine_allows(self) -> None:
        turn = self.row()
        # A rule is one move at most; a press may come right after a failure.
        assert turn.status in EXPECTED[self.status], f"{self.status} -> {turn.status}"
        self.status = turn.status
        assert (turn.answer is not None) == (self.saved > 0)
        assert self.saved <= 1
        assert (turn.delivered_at is not None) == (turn.status == DELIVERED)
        assert (turn.failed_at is not None) == (turn.status in {GIVEN_UP, FAILED})
        assert int(turn.retries) <= self.failures
        if turn.status not in OPEN:
            assert int(turn.leased_until) <= now_ms()

    def teardown(self) -> None:
        """A worker that nothing happens to any more brings it to an end."""
        turn = self.row()
        if turn.status not in OPEN:
            return
        turn.update(actions=[Turn.leased_until.set(0)])
        turn = turn_lease.claim(CHAT, self.message_id, now_ms() + LONG)
        if turn.status == RECEIVED:
            turns.save_answer(turn, "at last", {})
        if turn.status == ANSWERED:
            turns.mark_delivered(turn, [1])
        else:
            turns.close(turn)
        assert self.row().status in {DELIVERED, FAILED}


@pytest.mark.timeout(1200)
@pytest.mark.usefixtures("stack")
def test_in_any_order_of_events_a_turn_is_in_a_state_that_its_table_allows() -> None:
    run_state_machine_as_test(
        OneTurn,
        settings=settings(
            max_examples=settings().max_examples // 3,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            # To shorten a failure takes minutes of a table's time; thirty steps can be read as they are.
            phases=(Phase.explicit, Phase.reuse, Phase.generate),
        ),
    )
