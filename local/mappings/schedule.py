"""An EventBridge rule that invokes a function at a fixed rate."""

import logging
import uuid
from datetime import UTC, datetime
from typing import Any

from local.emulator import ACCOUNT, REGION
from local.invocation import InvocationError, LocalFunction
from local.mappings.polling import Stopping
from local.template import Schedule

logger = logging.getLogger(__name__)

# template.yaml's rate is 4 minutes, because each invocation costs money on AWS. On a laptop people wait for the
# result, so 5 s. Not shorter, because each invocation keeps the emulator busy for a moment.
MAX_WAIT_SECONDS = 5.0


class Timer:
    """Invokes the function after each interval, the first time after one interval, as EventBridge does.

    A long invocation delays the next one. A failed one is not retried; Lambda would retry it twice.
    """

    def __init__(self, schedule: Schedule, function: LocalFunction, max_wait_seconds: float) -> None:
        self._name = f"{function.function.logical_id}{schedule.name}"
        self._function = function
        self.wait_seconds = min(schedule.every_seconds, max_wait_seconds)
        self._stopping = Stopping()

    async def run(self) -> None:
        """Runs until stopped, and finishes the invocation in flight."""
        while True:
            await self._stopping.pause(self.wait_seconds)
            if self._stopping:
                return
            try:
                await self._function.invoke(_event(self._name))
            except InvocationError:
                logger.warning("%s failed; it runs again at the next interval", self._name)

    def stop(self) -> None:
        self._stopping.set()


def _event(rule: str) -> dict[str, Any]:
    """https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html"""
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT,
        "time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": REGION,
        "resources": [f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{rule}"],
        "detail": {},
    }
