"""Which characters a person may open and choose in the Mini App."""

from functions.webapp_select.visitor import Visit
from troupe.characters.character import Character


def may_choose(here: Visit, character_id: str) -> bool:
    """Takes any string."""
    access = Character.access_of(character_id)
    if access is None:
        return False
    return access.may_choose(here.person_id) or (_was_chosen(here, character_id) and access.may_return(here.person_id))


def may_open(here: Visit, character_id: str) -> bool:
    """Takes any string. Owners also see a character of theirs that waits for its check."""
    access = Character.access_of(character_id)
    return access is not None and (access.is_owner(here.person_id) or may_choose(here, character_id))


def _was_chosen(here: Visit, character_id: str) -> bool:
    return here.user is not None and any(switch[1] == character_id for switch in here.user.past_switches())
