"""The characters that a chat from another program may have been with, by name."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from troupe.characters import owned
from troupe.characters.access import PENDING
from troupe.characters.character import Character
from troupe.characters.presentation import clean_line
from troupe.users import User

# Bytes of a button's data that the digest leaves.
MAX_ID = 40
# Buttons with characters to choose from.
MAX_OFFERED = 8


@dataclass(frozen=True)
class Partner:
    """`name` is in the person's language; `names` are all that it goes by."""

    character_id: str
    name: str
    names: frozenset[str]


def partners(person_id: int, user: User | None, spoken: Sequence[str], language: str) -> tuple[list[Partner], bool]:
    """The characters to choose from, and whether the choice is certain: only one has a name of the chat.

    Characters with such a name come first, then the current one, then the person's own, the newest first.

    :param spoken: the names of the chat's characters
    """
    wanted = {_folded(name) for name in spoken}
    everybody = list({each.character_id: each for each in _all(person_id, user, language)}.values())
    named = [each for each in everybody if each.names & wanted]
    if len(named) == 1:
        return named, True
    others = [each for each in everybody if each not in named]
    return [*named, *others][:MAX_OFFERED], False


def names_of(character_id: str) -> frozenset[str]:
    """All names of the character in any language, without capitals."""
    character = Character.shown_of(character_id)
    return _partner(character, "en").names if character else frozenset()


def _all(person_id: int, user: User | None, language: str) -> Iterator[Partner]:
    current = Character.shown_of(user.character_id) if user and user.character_id else None
    if current and current.access.may_go_on(person_id):
        yield _partner(current, language)
    for listed in owned.listed_of(person_id):
        if listed.visibility != PENDING:
            yield Partner(listed.character_id, listed.name, frozenset({_folded(listed.name)}))
    for character in Character.listed():
        if len(character.character_id) <= MAX_ID:
            yield _partner(character, language)


def _partner(character: Character, language: str) -> Partner:
    names = frozenset(_folded(str(words["name"])) for words in character.locales.values())
    return Partner(character.character_id, str(character.words(language)["name"]), names)


def _folded(name: str) -> str:
    return clean_line(name).casefold()
