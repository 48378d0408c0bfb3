"""Stores a change that must not be lost to an outage."""

import asyncio
from collections.abc import Callable
from typing import Any

from troupe import tables
from troupe.observability import logger

PAUSE_S = 1


async def until_stored(move: Callable[..., object], *arguments: Any) -> None:
    """Stores a result that is paid for or sent already, so that no worker repeats the work after an outage.

    Tries until the invocation ends. Only this chat waits.

    :raises tables.ERRORS: no try can succeed, for example because the item is too large
    """
    while True:
        try:
            await asyncio.to_thread(move, *arguments)
        except tables.ERRORS as error:
            if tables.never_succeeds(error):
                raise
            logger.warning("A change of a turn could not be stored; trying again")
            await asyncio.sleep(PAUSE_S)
        else:
            return
