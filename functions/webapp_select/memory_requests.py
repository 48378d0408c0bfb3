"""The requests of the memory page. Their modules take 40 ms to load, so the first of these requests loads them.

The list of characters, which most visits begin with, does without.
"""
# ruff: noqa: PLC0415 - see above

from collections.abc import Callable
from typing import Any

from functions.webapp_select.visitor import Visit


class RefusedError(Exception):
    """`message` is for people; it says what to do instead, if there is something."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code)
        self.status, self.code, self.message = status, code, message


def answer(action: str, here: Visit, request_id: str) -> dict[str, Any] | None:
    """The body of the answer. None if there is no such request.

    :raises RefusedError: it can't be done
    :raises MalformedRequestError: see `memory`
    :raises UnknownCharacterError: see `memory.talk_of`
    """
    from functions.webapp_select import memory
    from functions.webapp_select.why import why
    from troupe.conversations.conversation import MAX_FACTS, Conversation
    from troupe.memories.facts import FactsChangedError
    from troupe.memories.index_store import IndexChangedError
    from troupe.memories.mending import TooManyFactsError

    requests: dict[str, Callable[[Visit, Conversation], dict[str, Any] | None]] = {
        "show": memory.shown,
        "search": memory.search,
        "why": why,
        "pin": lambda here, conversation: memory.pin(here, conversation, request_id),
        "forget": memory.forget,
        "forget_all": lambda here, conversation: memory.forget_all(here, conversation, request_id),
    }
    if action not in requests:
        return None
    try:
        return requests[action](here, memory.talk_of(here)) or {}
    except TooManyFactsError as error:
        message = f"At most {MAX_FACTS} facts can be pinned. Forget one first."
        raise RefusedError(409, "too_many_facts", message) from error
    except memory.NothingThereError as error:
        message = "This was forgotten, or never said in this conversation."
        raise RefusedError(404, "nothing_there", message) from error
    except (FactsChangedError, IndexChangedError) as error:
        message = "The memory is changing just now. Try again in a moment."
        raise RefusedError(503, "unavailable", message) from error
