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

# On AWS every time costs. Here none does, and nobody in front of a laptop waits a quarter of an hour for what comes of
# it. Not shorter: each of them keeps the emulator busy for a moment, which is there for the conversation.
MAX_WAIT_SECONDS = 5.0


class Timer:
    """The first time comes after one interval, as a rule's does. An invocation that takes longer delays the next.

    One that fails is left to the next: Lambda would try it twice more before.
    """

    def __init__(self, schedule: Schedule, function: LocalFunction, max_wait_seconds: float) -> None:
        self._name = f"{function.function.logical_id}{schedule.name}"
        self._function = function
        self.wait_seconds = min(schedule.every_seconds, max_wait_seconds)
        self._stopping = Stopping()

    async def run(self) -> None:
        """Until stopped, and then until what is in flight is done."""
        while True:
            await self._stopping.pause(self.wait_seconds)
            if self._stopping:
                return
            try:
                await self._function.invoke(_event(self._name))
            except InvocationError:
                logger.warning("%s failed; it is tried again when it is due", self._name)

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
