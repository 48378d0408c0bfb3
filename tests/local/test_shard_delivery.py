import time
from typing import Any

from local.invocation import LocalFunction
from local.mappings.polling import Stopping
from local.mappings.shard_delivery import ShardDelivery
from local.template import Function, StreamMapping


async def test_a_record_may_fail_thousands_of_times_without_ending_the_poller() -> None:
    class NoPause(Stopping):
        """Skips every pause."""

        async def pause(self, seconds: float) -> None:
            assert seconds <= 10

    attempts: list[Any] = []

    def handler(event: Any, _context: object) -> None:
        attempts.append(event)
        if len(attempts) <= 2000:
            raise RuntimeError

    mapping = StreamMapping(
        table="Things",
        batch_size=1,
        starting_position="TRIM_HORIZON",
        reports_batch_item_failures=False,
        bisects_on_error=False,
        maximum_retry_attempts=-1,
        maximum_record_age_seconds=-1,
        on_failure_queue=None,
    )
    function = LocalFunction(Function("Watch", "a.b", 5, 128, {}, (), (), ()), handler)
    record = {"dynamodb": {"SequenceNumber": "1", "ApproximateCreationDateTime": time.time()}}
    done: list[str] = []

    async def give_up(*what: object) -> None:
        raise AssertionError(what)

    await ShardDelivery(mapping, function, NoPause(), done_with=done.append, give_up=give_up).deliver([record])
    assert len(attempts) == 2001
    assert "1" in done
