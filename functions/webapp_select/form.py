"""The form in which people make and edit a character: its fields, and the card that they make.

A field is named as in chara_card_v3, but for four: `tagline` is the first paragraph of the creator's notes, `book`
lists the entries of the character's book as {"id", "keys", "content"}, with their place in the stored book as `id`, and
`picture_style` and `voice` are in Troupe's own extension.
"""

from collections.abc import Mapping
from typing import Any

from functions.webapp_select.form_fields import READERS, REQUIRED, TEXTS
from troupe.characters.brought_card import read_brought
from troupe.characters.card_refusal import CardRefusedError
from troupe.characters.leniency import record, text, texts
from troupe.characters.presentation import MAX_TAGLINE, first_paragraph, shortened
from troupe.characters.voices import voice_name
from troupe.clock import now_ms


class InvalidFormError(Exception):
    """`fields`: by name, why a field can't be stored as it is: missing, too_long, too_many or malformed.

    `whole`: why the character as a whole can't be, one of the reasons of CardRefusedError.
    """

    def __init__(self, fields: Mapping[str, str], whole: str = "") -> None:
        super().__init__(", ".join(fields) or whole)
        self.fields = dict(fields)
        self.whole = whole


def card_of(form: Mapping[str, Any]) -> dict[str, Any]:
    """A new card.

    :raises InvalidFormError: it can't be stored
    """
    missing = {name: "missing" for name in REQUIRED if name not in form}
    if missing:
        raise InvalidFormError(missing)
    made = {"creation_date": now_ms() // 1000, "group_only_greetings": [], "character_version": ""}
    return _checked({"spec": "chara_card_v3", "spec_version": "3.0", "data": {**_changes(form, {}), **made}})


def changes_of(form: Mapping[str, Any], card: Mapping[str, Any]) -> dict[str, Any]:
    """The changes of a form, which may have only some fields, to the `data` of a card.

    :raises InvalidFormError: it can't be stored
    """
    changes = _changes(form, record(card.get("data")))
    checked = _checked({**card, "data": {**record(card.get("data")), **changes}})
    # A longer card may have to leave its examples out of prompts: Troupe's own extension says so.
    return {name: checked["data"][name] for name in (*changes, "extensions")}


def form_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """The form, filled with a card's `data`."""
    entries = record(data.get("character_book")).get("entries")
    return {
        **{name: text(data.get(name)) for name in TEXTS},
        "picture_style": text(_troupe(data).get("picture_style")),
        "tagline": shortened(first_paragraph(text(data.get("creator_notes"))), MAX_TAGLINE),
        "alternate_greetings": texts(data.get("alternate_greetings")),
        "tags": texts(data.get("tags")),
        "voice": voice_name(_troupe(data).get("voice")),
        "book": [
            {"id": place, "keys": texts(entry.get("keys")), "content": text(entry.get("content"))}
            for place, entry in enumerate(map(record, entries if isinstance(entries, list) else []))
        ],
    }


def _changes(form: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    wrong: dict[str, str] = {}
    read: dict[str, Any] = {}
    for name, reader in READERS.items():
        if name in form:
            try:
                read[name] = reader(name, form[name])
            except ValueError as error:
                wrong[name] = str(error)
    if wrong:
        raise InvalidFormError(wrong)
    if "tagline" in read:
        read["creator_notes"] = _notes(read.pop("tagline"), text(data.get("creator_notes")))
    chosen: dict[str, Any] = {name: read.pop(name) for name in ("picture_style", "voice") if name in read}
    if chosen:
        own = {**_troupe(data), **chosen}
        read["extensions"] = {**record(data.get("extensions")), "troupe": own}
    if "book" in read:
        read["character_book"] = _book(read.pop("book"), record(data.get("character_book")))
    return read


def _troupe(data: Mapping[str, Any]) -> dict[str, Any]:
    return record(record(data.get("extensions")).get("troupe"))


def _checked(card: dict[str, Any]) -> dict[str, Any]:
    try:
        return read_brought(card).card
    except CardRefusedError as error:
        raise InvalidFormError({}, error.reason) from error


def _book(entries: list[dict[str, Any]], stored: dict[str, Any]) -> dict[str, Any]:
    """The book with the form's entries. Other fields of the stored book and its entries stay."""
    before = stored.get("entries")
    known = dict(enumerate(map(record, before if isinstance(before, list) else [])))
    new = {"enabled": True, "insertion_order": 100, "use_regex": False, "extensions": {}}
    return {
        "extensions": {},
        **stored,
        "entries": [
            {**known.get(entry["id"], new), "keys": [key for key in entry["keys"] if key], "content": entry["content"]}
            for entry in entries
        ],
    }


def _notes(tagline: str, notes: str) -> str:
    """The creator's notes with this first paragraph. Further paragraphs stay."""
    if shortened(first_paragraph(notes), MAX_TAGLINE) == tagline:
        return notes
    return f"{tagline}\n\n{notes}" if "\n\n" in notes.strip() or len(notes) > MAX_TAGLINE else tagline
