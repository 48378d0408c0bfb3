"""The one event loop of the process, on a thread of its own.

Telegram's and OpenAI's clients tie their connections to the loop they were first used on, so a loop per invocation
would break them at the second warm one. On its own thread the loop also serves several invocations at once, as on a
laptop.
"""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")

# botocore blocks a thread for each call. Python's default depends on the number of processors; ten chats need ten.
THREADS = 20


_loop = asyncio.new_event_loop()
_loop.set_default_executor(ThreadPoolExecutor(THREADS, thread_name_prefix="aws"))
threading.Thread(target=_loop.run_forever, name="event-loop", daemon=True).start()


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Runs the coroutine on the process's loop and returns its result."""
    return asyncio.run_coroutine_threadsafe(coroutine, _loop).result()
