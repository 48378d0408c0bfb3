"""The page "why": the turns and facts that an answer was made from."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from functions.webapp_select.memory import NothingThereError, facts_shown, id_of_turn, line_shown
from functions.webapp_select.visitor import Visit
from troupe.conversations import turn_reads
from troupe.conversations.conversation import Conversation
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import ANSWERED, DELIVERED, DRAWING
from troupe.memories.facts import Learned
from troupe.memories.said_before import SaidLine, excerpt, shown_turns
from troupe.recall.index import CHARACTER, PERSON

# Turns of the chat that are read for the answer before.
MAX_READ, CHUNK = 200, 20
# Characters of the message, of the answer, and of a line that was recalled.
MAX_SHOWN = 400


def why(here: Visit, conversation: Conversation) -> dict[str, Any]:
    """Explains the answer to the message `turn`, the newest answer before the message `before`, or the newest answer.

    :raises NothingThereError: there is no such answer in this conversation
    """
    turn = _asked_for(here, conversation)
    known = Learned.read(conversation.conversation_id)
    ids = turn.recalled or {"turns": (), "facts": ()}
    return {
        "turn": int(turn.message_id),
        "said_at": int(turn.received_at),
        "asked": _on_a_line(turn.said),
        "answer": _on_a_line(turn.answer or ""),
        "lines": [line_shown(line) for line in _recalled(here, conversation, turn, ids["turns"])],
        "facts": facts_shown([fact for fact in (*known.facts, *known.past) if fact.id in ids["facts"]]),
        "pinned": len(conversation.facts),
        "has_summary": bool(conversation.summary),
    }


def _asked_for(here: Visit, conversation: Conversation) -> Turn:
    named = id_of_turn(here, "turn") or _newest(here, conversation, id_of_turn(here, "before") or None)
    turn = Turn.find(here.person_id, named)
    if turn is None or not _is_answered(turn, conversation):
        raise NothingThereError
    return turn


def _newest(here: Visit, conversation: Conversation, before: int | None) -> int:
    for turn in islice(turn_reads.newest_first(here.person_id, CHUNK, before), MAX_READ):
        if _is_answered(turn, conversation):
            return int(turn.message_id)
    raise NothingThereError


def _is_answered(turn: Turn, conversation: Conversation) -> bool:
    is_here = turn.conversation_id == conversation.conversation_id and turn.status in {ANSWERED, DELIVERED}
    return is_here and bool(turn.answer) and turn.kind != DRAWING


def _recalled(here: Visit, conversation: Conversation, turn: Turn, ids: list[int]) -> Iterator[SaidLine]:
    """The texts as they are now: forgotten ones are not shown."""
    for turn_id, row in sorted(shown_turns(conversation, here.person_id, ids).items()):
        for side, text in ((PERSON, row.said), (CHARACTER, row.answer)):
            if text:
                yield SaidLine(turn_id, side, excerpt(text, turn.text, MAX_SHOWN), int(row.received_at))


def _on_a_line(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 1]}…"
