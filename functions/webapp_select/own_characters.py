"""The characters of the person who opened the Mini App: listed, made, edited, shared, exported and deleted."""

import base64
import hashlib
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from functions.webapp_select import form, jpeg, settings
from functions.webapp_select.request import MalformedRequestError, fields
from functions.webapp_select.visitor import Visit
from troupe import tables, user_marks
from troupe.characters import owned, portrait
from troupe.characters.access import PENDING, UNLISTED, may_bring
from troupe.characters.character import Character
from troupe.conversations.jobs.characters import ExportCardJob, OwnerJob, ShowCardJob
from troupe.conversations.jobs.kinds import Job
from troupe.conversations.jobs.queue import enqueue
from troupe.observability import count

# Characters of a request that saves: a large book, and a portrait in base64. Lambda takes 6 MB.
MAX_SAVED = 4_000_000


class MayNotMakeError(Exception):
    """The setting CARDS_FROM does not let the person make characters."""


def may_make(here: Visit) -> bool:
    return may_bring(settings.cards_from, here.person_id)


def listed(here: Visit) -> list[dict[str, Any]]:
    return [
        {
            "id": each.character_id,
            "name": each.name,
            "tagline": each.tagline,
            "avatar_url": portrait.address(each.portrait),
            "tags": list(each.tags),
            "is_checked": each.visibility != PENDING,
            "is_shared": each.visibility == UNLISTED,
        }
        for each in owned.listed_of(here.person_id)
    ]


def started_form(here: Visit) -> dict[str, Any]:
    """The filled form of the named character; an empty one without a name.

    :raises owned.UnknownCharacterError: it is not theirs
    """
    is_new = "character_id" not in here.body
    filled = {} if is_new else _filled_form(here)
    _note(here, "started", is_new=is_new)
    return filled


def _filled_form(here: Visit) -> dict[str, Any]:
    fields(here.body, "character_id")
    character, card = owned.owned_card(here.person_id, here.body["character_id"])
    return {"form": form.form_of(card["data"]), "avatar_url": character.avatar}


def save(here: Visit, request_id: str) -> str:
    """Makes the character, or changes the one that the request names. It can be chosen once it was checked.

    A draft makes one character, however often it is sent. Returns the character's id.

    :raises MayNotMakeError: a new one may not be made
    :raises InvalidFormError: see `form`
    :raises owned.TooManyCharactersError: see `owned.create`
    :raises owned.UnknownCharacterError: it is not theirs
    """
    is_new = not isinstance(here.body.get("character_id"), str)
    try:
        character_id = _saved(here)
    except form.InvalidFormError as error:
        named = [f"{field}:{reason}" for field, reason in error.fields.items()]
        _note(here, "refused", is_new=is_new, why=filter(None, [*named, error.whole]))
        raise
    except owned.TooManyCharactersError:
        _note(here, "refused", is_new=is_new, why=["too_many_characters"])
        raise
    _note(here, "saved", is_new=is_new)
    _queue(here, ShowCardJob(**_of(here, character_id, request_id)), request_id)
    return character_id


def _saved(here: Visit) -> str:
    written = here.body.get("form")
    if not isinstance(written, dict):
        raise MalformedRequestError("form is not an object")
    picture = _portrait(here.body.get("portrait"))
    character_id = here.body.get("character_id")
    if isinstance(character_id, str):
        _, card = owned.owned_card(here.person_id, character_id)
        owned.update(here.person_id, character_id, form.changes_of(written, card), picture=picture)
    else:
        if not may_make(here):
            raise MayNotMakeError
        (draft,) = fields(here.body, "draft")
        source = f"form:{hashlib.sha256(draft.encode()).hexdigest()[:32]}"
        character_id = owned.create(here.person_id, form.card_of(written), picture=picture, source=source)
        count("CharactersMade")
    return character_id


def _note(here: Visit, step: str, *, is_new: bool, why: Iterable[str] = ()) -> None:
    """Notes a step for the product events. If that fails, the form is saved all the same."""
    with suppress(*tables.ERRORS):
        user_marks.note_form(here.person_id, step, is_new=is_new, why=why)


def share(here: Visit, request_id: str) -> None:
    """Queues the sharing: the link comes in the chat.

    :raises owned.UnknownCharacterError: it is not theirs
    """
    _check_owner(here)
    action = "share" if here.body.get("shared") else "unshare"
    _queue(here, OwnerJob(**_of(here, here.body["character_id"], request_id), action=action), request_id)


def export(here: Visit, request_id: str) -> None:
    """Queues the export: the file comes in the chat.

    :raises owned.UnknownCharacterError: it is not theirs
    """
    _check_owner(here)
    as_json = here.body.get("as") == "json"
    _queue(here, ExportCardJob(**_of(here, here.body["character_id"], request_id), as_json=as_json), request_id)


def delete(here: Visit) -> bool:
    return owned.delete(here.person_id, here.body["character_id"])


def _check_owner(here: Visit) -> None:
    access = Character.access_of(here.body["character_id"])
    if access is None or not access.is_owner(here.person_id):
        raise owned.UnknownCharacterError(here.body["character_id"])


def _of(here: Visit, character_id: str, request_id: str) -> dict[str, Any]:
    return {
        "person_id": here.person_id,
        "chat_id": here.person_id,
        "character_id": character_id,
        "language": here.chat_language,
        "correlation_id": request_id,
    }


def _queue(here: Visit, job: Job, request_id: str) -> None:
    enqueue(job, f"{here.person_id}:{request_id}")


def _portrait(sent: Any) -> bytes | None:
    """:raises InvalidFormError: no JPEG in base64, or a larger one than a portrait"""
    if sent is None:
        return None
    try:
        return jpeg.bare(base64.b64decode(sent, validate=True))
    except (TypeError, ValueError) as error:
        raise form.InvalidFormError({"portrait": "malformed"}) from error
