"""The one event loop of the process, on a thread of its own.

Telegram's and OpenAI's clients tie their connections to the loop they were first used on, so a loop per invocation
breaks them at every second warm one. On its own thread the loop also serves several invocations at once, which is how
the handler runs on a laptop.
"""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")

# Calls of AWS wait on threads. Ten chats must find one each, however few processors there are to count.
THREADS = 20


_loop = asyncio.new_event_loop()
_loop.set_default_executor(ThreadPoolExecutor(THREADS, thread_name_prefix="aws"))
threading.Thread(target=_loop.run_forever, name="event-loop", daemon=True).start()


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Runs it on the process's loop and waits for what comes of it."""
    return asyncio.run_coroutine_threadsafe(coroutine, _loop).result()
