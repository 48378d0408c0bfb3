"""The server's behaviour so far: the API that it has, and the parameters that it refuses."""

import re
import time
from typing import Any

from functions.llm_reply.failures import MODEL_ATTEMPTS, Failure
from functions.llm_reply.llm import error_table
from functions.llm_reply.llm.errors import ModelError, ProviderError, RefusedRequestError
from functions.llm_reply.llm.stream_events import Unseen
from troupe.observability import logger

# Optional parameters.
OPTIONAL = (
    "reasoning", "reasoning_effort", "store", "prompt_cache_key", "safety_identifier", "max_output_tokens",
    "max_completion_tokens", "max_tokens", "stream_options", "text", "response_format",
    "quality", "size", "output_format", "output_compression", "n",
)  # fmt: skip
# A parameter's former name in Chat Completions, which Mistral and others still use.
OLDER_NAMES = {"max_completion_tokens": "max_tokens"}
COMPLAINTS = re.compile(
    r"param|argument|field|\bkey\b|input|property|unsupported|recogni[sz]ed|unknown|unexpected|extra|"
    r"(not|n't) (be |yet )?(support|permit|allow|implement)|invalid|must be",
    re.IGNORECASE,
)
TOO_LARGE = 413
REFUSES_A_PARAMETER = {400, 404, 422, 500, 501, None}
# Seconds after which a server without a Responses API is asked for it again: a proxy may have answered.
RETRIED_AFTER_S = 600


class Server:
    """Kept for the life of the process."""

    def __init__(self) -> None:
        self._refused: set[str] = set()
        # The client asks Chat Completions until this time of time.monotonic.
        self._without_responses_until = 0.0
        self.responses_worked = False
        # Its model has refused a picture because it can't see any.
        self.is_blind = False

    @property
    def has_responses(self) -> bool:
        return time.monotonic() >= self._without_responses_until

    def answered(self, *, over_responses: bool, after_refusal: bool) -> None:
        """Call it after a whole answer: only that proves which API works."""
        if over_responses:
            self.responses_worked = True
        elif after_refusal:
            if not self._without_responses_until:
                logger.warning("The model's server does not take Responses requests: using Chat Completions")
            self._without_responses_until = time.monotonic() + RETRIED_AFTER_S

    def unseen(self, said: ProviderError, *, is_last: bool) -> Unseen | None:
        """Why a request with pictures was refused, if they are the reason.

        :param is_last: nothing else is left to try. Then pictures count as the reason of a refusal without a known one
        """
        if said.kind == error_table.BLIND:
            if not self.is_blind:
                logger.warning("The model can't see pictures: leaving them out from now on")
            self.is_blind = True
            return "blind"
        if said.kind == error_table.BAD_PICTURE or (is_last and said.kind in {error_table.REQUEST, error_table.ROLES}):
            return "unreadable_picture"
        return "unreadable_picture" if said.status == TOO_LARGE else None

    def may_lack_responses(self, said: ProviderError) -> bool:
        """Whether Chat Completions may get what a Responses request was refused."""
        if said.kind in {error_table.NO_ENDPOINT, error_table.ROLES}:
            return True
        return said.kind in {error_table.REQUEST, error_table.CONNECTION} and not self.responses_worked

    def clearer(self, first: RefusedRequestError | None, second: RefusedRequestError) -> ModelError:
        """The refusal to report, after Chat Completions was refused too."""
        if first is None or second.said.kind != error_table.NO_ENDPOINT:
            return second
        if first.said.kind == error_table.NO_ENDPOINT and self.responses_worked:
            # The server has the Responses API: a proxy in between has answered, for example while the server restarts.
            return ModelError(Failure(error_table.SERVER, tries=MODEL_ATTEMPTS))
        return first

    def accepted(self, request: dict[str, Any]) -> dict[str, Any]:
        """The request without the parameters that were refused before."""
        renamed = {
            OLDER_NAMES[name] if name in self._refused and name in OLDER_NAMES else name: value
            for name, value in request.items()
        }
        return {name: value for name, value in renamed.items() if name not in self._refused}

    def drop_refused(self, said: ProviderError, sent: dict[str, Any]) -> bool:
        """True if the refusal names an optional parameter of the request. The parameter is left out from now on."""
        if said.status not in REFUSES_A_PARAMETER:
            return False
        names = f"{said.param} {said.message if COMPLAINTS.search(said.message) else ''}"
        named = [name for name in OPTIONAL if name in sent and re.search(rf"\b{name}\b", names)]
        if named:
            logger.warning("The model refuses parameters: leaving them out from now on", extra={"parameters": named})
        self._refused.update(named)
        return bool(named)
