"""The person puts a character's memory right: pins, corrects and forgets facts, in the chat and in the Mini App."""

import hashlib
from collections.abc import Callable, Sequence

from troupe.conversations.conversation import MAX_FACT, MAX_FACTS, Conversation
from troupe.memories import facts as learned_facts
from troupe.memories.facts import FactsChangedError, Learned, shared_owner
from troupe.memories.forgetting import forget_fact

# Tries, while another writer changes the pinned facts of the same conversation.
TRIES = 5


class TooManyFactsError(Exception):
    """The person has pinned MAX_FACTS facts."""


class UnknownFactError(Exception):
    """It was forgotten or corrected in the meantime."""


def digest(fact: str) -> str:
    """Names a pinned fact by its words, and is the id of a learned one: its place changes when another is forgotten."""
    return hashlib.sha256(fact.encode()).hexdigest()[:16]


def pin(conversation: Conversation, words: str) -> int:
    """The first MAX_FACT characters of the words. Returns their place among the pinned facts.

    :raises TooManyFactsError: see there
    """
    fact = words[:MAX_FACT]

    def added(facts: Sequence[str]) -> Sequence[str]:
        if fact in facts:
            return facts
        _check_room(facts)
        return [*facts, fact]

    return _change(conversation, added).index(fact)


def correct(conversation: Conversation, fact_id: str, words: str) -> int:
    """A learned fact becomes a pinned one with these words; with its own words, it is pinned. Returns as `pin`.

    The learned fact is kept as a past one that these words replaced, so that forgetting them forgets its turns too.

    :raises TooManyFactsError: a learned fact has no room among the pinned ones
    :raises UnknownFactError: see there
    """
    fact = words[:MAX_FACT]
    is_learned = any(each.id == fact_id for each in Learned.read(conversation.conversation_id).facts)

    def mended(facts: Sequence[str]) -> Sequence[str]:
        ids = [digest(each) for each in facts]
        if fact_id in ids:
            place = ids.index(fact_id)
            return list(dict.fromkeys([*facts[:place], fact, *facts[place + 1 :]]))
        if not is_learned:
            raise UnknownFactError
        if fact in facts:
            return facts
        _check_room(facts)
        return [*facts, fact]

    place = _change(conversation, mended).index(fact)
    for owner in (conversation.conversation_id, shared_owner(int(conversation.person_id))):
        learned_facts.change(owner, lambda known: known.put_right(fact_id, digest(fact)))
    return place


def forget(conversation: Conversation, chat_id: int, fact_id: str) -> bool:
    """A learned fact goes with its turns, and so does a pinned one that corrects it. False if there is no such fact."""
    was_pinned = any(digest(fact) == fact_id for fact in conversation.facts)
    if was_pinned:
        _change(conversation, lambda facts: [fact for fact in facts if digest(fact) != fact_id])
    return forget_fact(conversation, chat_id, fact_id) or was_pinned


def _check_room(facts: Sequence[str]) -> None:
    if len(facts) >= MAX_FACTS:
        raise TooManyFactsError


def _change(conversation: Conversation, change: Callable[[Sequence[str]], Sequence[str]]) -> list[str]:
    for _ in range(TRIES):
        facts = list(change(conversation.facts))
        if facts == conversation.facts or conversation.change_facts(facts):
            return facts
        conversation.refresh(consistent_read=True)
    raise FactsChangedError
