"""A circuit breaker: after failures the chosen model is left alone for some time, and then tried with one request."""

from functions.llm_reply.failures import Failure
from functions.llm_reply.llm import error_table
from troupe.clock import monotonic_s

# One failure of these kinds opens it: the model is gone, the account is empty, or the key is refused.
AT_ONCE = {error_table.UNKNOWN_MODEL, error_table.QUOTA, error_table.KEY}
# The number of other failures in a row that opens it. The queue repeats the requests before that.
DOWN = {error_table.SERVER, error_table.CONNECTION, error_table.TIMEOUT}
MAX_FAILURES = 3
# Failures that show that the model is up: it, or its provider's filter, has read the request.
ANSWERS = {error_table.FILTERED, error_table.CONTEXT}
# Seconds until the next try.
REST_S = {True: 1800, False: 300}


class Breaker:
    """One per process, for one thread."""

    def __init__(self) -> None:
        self._in_a_row = 0
        self._closed_from: float | None = None
        self._is_trying = False

    @property
    def is_open(self) -> bool:
        return self._closed_from is not None

    def lets_through(self) -> bool:
        """While it is open: one request at a time, when the pause is over. It must end in `succeeded` or `failed`."""
        if self._closed_from is None:
            return True
        if self._is_trying or monotonic_s() < self._closed_from:
            return False
        self._is_trying = True
        return True

    def succeeded(self) -> bool:
        """True if this closes it."""
        was_open = self.is_open
        self._in_a_row, self._closed_from, self._is_trying = 0, None, False
        return was_open

    def failed(self, failure: Failure | None) -> bool:
        """True if it is open now.

        :param failure: None for a request that says nothing about the model, such as one that was given up
        """
        self._is_trying = False
        at_once = failure is not None and failure.name in AT_ONCE
        if at_once or (failure is not None and failure.name in DOWN):
            self._in_a_row += 1
            if at_once or self.is_open or self._in_a_row >= MAX_FAILURES:
                self._closed_from = monotonic_s() + REST_S[at_once]
        return self.is_open
