"""Ends a model's answer before the model does. The connection is closed, so no more of the answer is paid for."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

# The person pressed the button or wrote /stop; or they wrote on.
Why = Literal["asked", "written_on"]


class Interruption:
    """Another task asks for it; the block that reads the answer feels it at its next await."""

    def __init__(self) -> None:
        self.why: Why | None = None
        self._ending: asyncio.Timeout | None = None

    def ask(self, why: Why) -> None:
        self.why = self.why or why
        if self._ending and not self._ending.expired():
            self._ending.reschedule(asyncio.get_running_loop().time())

    @asynccontextmanager
    async def felt(self) -> AsyncIterator[None]:
        """Leaves the block early, without an error, once it was asked for."""
        try:
            async with asyncio.timeout(0 if self.why else None) as self._ending:
                yield
        except TimeoutError:
            if not (self._ending and self._ending.expired()):
                raise
        finally:
            self._ending = None
