"""The rate limits of drafts and chat actions: https://core.telegram.org/api/bots/ai#limits."""

import math
import time
from collections import defaultdict, deque

from local.simulator.refusal import Json, too_many_requests

COUNTED = frozenset({"sendMessageDraft", "sendChatAction"})
# (calls, seconds), per chat
WINDOWS = ((20, 5.0), (40, 30.0))


class Flood:
    def __init__(self) -> None:
        longest = max(calls for calls, _ in WINDOWS)
        self._times: defaultdict[str, deque[float]] = defaultdict(lambda: deque(maxlen=longest))

    def check(self, method: str, params: Json) -> None:
        """:raises Refused: 429, with the seconds until the next call is allowed"""
        if method not in COUNTED:
            return
        times, now = self._times[str(params["chat_id"])], time.monotonic()
        for calls, seconds in WINDOWS:
            if len(times) >= calls and now - times[-calls] < seconds:
                raise too_many_requests(max(1, math.ceil(times[-calls] + seconds - now)))
        times.append(now)
