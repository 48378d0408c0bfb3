"""Whether others may choose a character that a person brought or made: its check, and its link."""

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.update import Action

from troupe.characters.access import PENDING, PRIVATE, UNLISTED
from troupe.characters.character import Character
from troupe.characters.ids import new_id
from troupe.characters.owned import UnknownCharacterError, theirs
from troupe.characters.owners_list import OwnersList
from troupe.tables import condition_failed


def release(character: Character) -> bool:
    """The character as it was read has passed its check: its owner may choose it. False if it has changed since."""
    visibility = UNLISTED if character.share_token else PRIVATE
    if not _change(character, Character.visibility.set(visibility)):
        return False
    OwnersList.change(int(str(character.owner)), character.character_id, visibility=visibility)
    return True


def share(owner: int, character_id: str) -> str:
    """Returns the token of the link: the same one if the character is shared already.

    :raises UnknownCharacterError: it is not theirs, or waits for its check
    """
    character = theirs(owner, character_id)
    if character.visibility == PENDING:
        raise UnknownCharacterError(character_id)
    if character.share_token:
        return str(character.share_token)
    token = new_id()
    if not _change(character, Character.visibility.set(UNLISTED), Character.share_token.set(token)):
        raise UnknownCharacterError(character_id)
    OwnersList.change(owner, character_id, visibility=UNLISTED)
    return token


def stop_sharing(owner: int, character_id: str) -> None:
    """Withdraws the link: people who came by it can't go on either.

    :raises UnknownCharacterError: it is not theirs
    """
    character = theirs(owner, character_id)
    visibility = PENDING if character.visibility == PENDING else PRIVATE
    if _change(character, Character.visibility.set(visibility), Character.share_token.remove()):
        OwnersList.change(owner, character_id, visibility=visibility)


def _change(character: Character, *actions: Action) -> bool:
    """False if the character was changed or deleted since it was read."""
    unchanged = (Character.revision == character.revision) & (Character.visibility == character.visibility)
    try:
        character.update(actions=list(actions), condition=unchanged)
    except UpdateError as error:
        if not condition_failed(error):
            raise
        return False
    return True
