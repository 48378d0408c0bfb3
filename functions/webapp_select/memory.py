"""A character's memory of the person, as the Mini App shows it: facts, earlier turns, and the sources of an answer."""

from collections.abc import Sequence
from typing import Any

from functions.webapp_select.choosing import may_open
from functions.webapp_select.request import MalformedRequestError, fields
from functions.webapp_select.visitor import Visit
from troupe.characters.character import Character
from troupe.characters.owned import UnknownCharacterError
from troupe.conversations.conversation import MAX_FACT, Conversation, conversation_id
from troupe.conversations.jobs.queue import MAX_ID, enqueue
from troupe.conversations.jobs.remembering import CheckFactJob, ForgetJob
from troupe.conversations.turn import Turn
from troupe.memories import mending, said_before
from troupe.memories.facts import Fact, Learned
from troupe.memories.forgetting import forget_turns
from troupe.memories.said_before import MAX_FOUND, SaidLine, shown_turns
from troupe.recall.index import CHARACTER
from troupe.recall.words import terms
from troupe.telegram.callback_data import FORGET_ALL, FORGET_SUMMARY
from troupe.unicode import is_blank, without_lone_surrogates

# Characters of a character's id, of a search, and of the words shown as a fact's source.
MAX_CHARACTER_ID, MAX_SEARCHED, MAX_SOURCE = 128, 300, 200


class NothingThereError(Exception):
    """The fact or turn was forgotten in the meantime, or is of another conversation."""


def talk_of(here: Visit) -> Conversation:
    """The person's current conversation with the character, in the topic of their chat that the request names.

    An empty one if they have not talked yet. With a character that is gone, what was said is still theirs.

    :raises UnknownCharacterError: they have not talked, and may not
    """
    character_id = here.body["character_id"]
    if len(character_id) > MAX_CHARACTER_ID:
        raise UnknownCharacterError(character_id)
    generation = here.user.generation(character_id) if here.user else 0
    topic = number(here, "topic")
    name = conversation_id(here.person_id, topic or None, character_id, generation)
    found = Conversation.find(here.person_id, name)
    if found is None and not may_open(here, character_id):
        raise UnknownCharacterError(character_id)
    return found or Conversation(here.person_id, name)


def shown(here: Visit, conversation: Conversation) -> dict[str, Any]:
    pinned = [{"id": mending.digest(fact), "text": fact} for fact in conversation.facts]
    ids = {fact["id"] for fact in pinned}
    # A fact that was pinned with its own words may have been learned again.
    learned = [fact for fact in Learned.read(conversation.conversation_id).facts if fact.id not in ids]
    character_id = here.body["character_id"]
    character = Character.shown_of(character_id) if may_open(here, character_id) else None
    rows = shown_turns(conversation, here.person_id, [max(fact.sources) for fact in learned if fact.sources])
    return {
        "name": character.words(here.page_language)["name"] if character else "",
        "pinned": pinned,
        "facts": [
            {**_as_shown(fact), "source": _source(fact, rows.get(max(fact.sources, default=0)))}
            for fact in sorted(learned, key=lambda fact: -fact.said_at)
        ],
        "summary": conversation.summary or "",
    }


def search(here: Visit, conversation: Conversation) -> dict[str, Any]:
    """:raises MalformedRequestError: too long, or beyond what can be paged through"""
    (words,) = fields(here.body, "words")
    skip = number(here, "skip")
    if len(words) > MAX_SEARCHED or skip > MAX_FOUND:
        raise MalformedRequestError(f"words are over {MAX_SEARCHED} characters, or skip over {MAX_FOUND}")
    found = said_before.search(conversation, here.person_id, words, skip)
    lines = [line_shown(line) for line in found.lines]
    return {"lines": lines, "next": found.next, "is_whole": found.is_whole}


def pin(here: Visit, conversation: Conversation, request_id: str) -> None:
    """Pins new words; or with `fact`, corrects the fact of that id. Queues a job that has the words checked.

    :raises mending.TooManyFactsError: see there
    :raises NothingThereError: see there
    :raises MalformedRequestError: no words, or too many
    """
    (said,) = fields(here.body, "words")
    words = " ".join(without_lone_surrogates(said).split())
    if is_blank(words) or len(words) > MAX_FACT:
        raise MalformedRequestError(f"words are blank, or over {MAX_FACT} characters")
    if "fact" not in here.body:
        mending.pin(conversation, words)
    else:
        (fact,) = fields(here.body, "fact")
        try:
            mending.correct(conversation, fact, words)
        except mending.UnknownFactError as error:
            raise NothingThereError from error
    _queue(here, conversation, CheckFactJob, mending.digest(words), request_id)


def forget(here: Visit, conversation: Conversation) -> None:
    """Forgets a fact, the summary, or (with `turn`) a turn. A repeat finds nothing to forget, and succeeds.

    :raises NothingThereError: the turn is of another conversation
    """
    named = id_of_turn(here, "turn")
    if named:
        if named not in shown_turns(conversation, here.person_id, [named]):
            raise NothingThereError
        forget_turns(conversation, here.person_id, [named])
        return
    (fact,) = fields(here.body, "fact")
    if fact == FORGET_SUMMARY:
        conversation.save_summary(None, int(conversation.summarised_through))
    else:
        mending.forget(conversation, here.person_id, fact)


def forget_all(here: Visit, conversation: Conversation, request_id: str) -> None:
    """Queues a job: forgetting a long conversation takes time, and comes after the answers under way."""
    _queue(here, conversation, ForgetJob, FORGET_ALL, request_id)


def _queue(
    here: Visit, conversation: Conversation, kind: type[ForgetJob | CheckFactJob], fact: str, request_id: str
) -> None:
    job = kind(
        person_id=here.person_id,
        chat_id=here.person_id,
        conversation_id=conversation.conversation_id,
        character_id=here.body["character_id"],
        language=here.chat_language,
        thread_id=number(here, "topic") or None,
        correlation_id=request_id,
        fact=fact,
    )
    enqueue(job, f"{here.person_id}:{request_id}")


def id_of_turn(here: Visit, name: str) -> int:
    """0 if the request does not name it. Turns of an imported chat have ids below 0.

    :raises MalformedRequestError: it is no number that an id could be
    """
    return number(here, name, least=-MAX_ID)


def number(here: Visit, name: str, *, least: int = 0) -> int:
    """0 if the request does not name it.

    :raises MalformedRequestError: it is no number, below the least, or above that of any id
    """
    value = here.body.get(name, 0)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= MAX_ID:
        raise MalformedRequestError(f"{name} is not a whole number from {least}")
    return value


def line_shown(line: SaidLine) -> dict[str, Any]:
    by = "character" if line.side == CHARACTER else "person"
    return {"turn": line.turn_id, "by": by, "text": line.text, "said_at": line.said_at}


def facts_shown(facts: Sequence[Fact]) -> list[dict[str, Any]]:
    return [_as_shown(fact) for fact in facts]


def _as_shown(fact: Fact) -> dict[str, Any]:
    return {"id": fact.id, "kind": fact.kind, "text": fact.text, "said_at": fact.said_at}


def _source(fact: Fact, turn: Turn | None) -> dict[str, str] | None:
    """The source of the fact: of the turn's two texts the one that has more of its words."""
    if turn is None:
        return None
    wanted = set(terms(fact.text))
    held = {
        by: len(wanted.intersection(terms(text)))
        for by, text in (("person", turn.said), ("character", turn.answer or ""))
    }
    by = max(held, key=held.__getitem__)
    text = turn.answer if by == "character" else turn.said
    return {"by": by, "text": said_before.excerpt(text or "", fact.text, MAX_SOURCE)}
