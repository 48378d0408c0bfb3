"""The form in which people make and edit a character: its fields, and the card that they make.

A field is named as in chara_card_v3, but for four: `tagline` is the first paragraph of the creator's notes, `book`
lists the entries of the character's book as {"id", "keys", "content"}, with their place in the stored book as `id`, and
`picture_style` and `voice` are in Troupe's own extension.
"""

from collections.abc import Callable, Mapping
from typing import Any

from troupe.characters.brought_card import read_brought
from troupe.characters.card_limits import MAX_BOOK_ENTRIES, MAX_GREETING, MAX_GREETINGS, MAX_PICTURE_STYLE
from troupe.characters.card_refusal import CardRefusedError
from troupe.characters.leniency import record, text, texts
from troupe.characters.presentation import (
    MAX_NAME,
    MAX_TAG,
    MAX_TAGLINE,
    MAX_TAGS,
    clean_line,
    first_paragraph,
    shortened,
)
from troupe.characters.voices import voice_name
from troupe.clock import now_ms
from troupe.unicode import is_blank, without_lone_surrogates

MAX_TEXT = 20_000
MAX_KEYS = 40
MAX_KEY = 100

# The greatest length of each text.
TEXTS = {
    "name": MAX_NAME,
    "tagline": MAX_TAGLINE,
    "description": MAX_TEXT,
    "personality": MAX_TEXT,
    "first_mes": MAX_GREETING,
    "mes_example": MAX_TEXT,
    "picture_style": MAX_PICTURE_STYLE,
}
REQUIRED = ("name", "description", "first_mes")


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
    readers: dict[str, Callable[[str, Any], Any]] = {
        **dict.fromkeys(TEXTS, _text),
        "alternate_greetings": _greetings,
        "tags": _tags,
        "voice": _voice,
        "book": _entries,
    }
    wrong: dict[str, str] = {}
    read: dict[str, Any] = {}
    for name, reader in readers.items():
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


def _text(name: str, value: Any, most: int | None = None) -> str:
    """:raises ValueError: why"""
    if not isinstance(value, str):
        raise ValueError("malformed")  # noqa: TRY004 - all reasons are told in one way
    written = without_lone_surrogates(value)
    written = (
        clean_line(written)
        if name in {"name", "tagline", "tags", "picture_style"}
        else written.replace("\r\n", "\n").strip()
    )
    if name in REQUIRED and is_blank(written):
        raise ValueError("missing")
    if len(written) > (most or TEXTS[name]):
        raise ValueError("too_long")
    return written


def _list(value: Any, most: int) -> list[Any]:
    """:raises ValueError: why"""
    if not isinstance(value, list):
        raise ValueError("malformed")  # noqa: TRY004 - as above
    if len(value) > most:
        raise ValueError("too_many")
    return value


def _greetings(name: str, value: Any) -> list[str]:
    found = [_text(name, each, MAX_GREETING) for each in _list(value, MAX_GREETINGS - 1)]
    return [each for each in found if each]


def _tags(name: str, value: Any) -> list[str]:
    found = [_text(name, each, MAX_TAG) for each in _list(value, MAX_TAGS)]
    return [each for each in dict.fromkeys(found) if each]


def _voice(_name: str, value: Any) -> str:
    """Empty for the voice of characters that have none.

    :raises ValueError: why
    """
    if value != "" and not voice_name(value):
        raise ValueError("malformed")
    return str(value)


def _entries(name: str, value: Any) -> list[dict[str, Any]]:
    """Greetings without words are left out."""
    found = []
    for entry in map(record, _list(value, MAX_BOOK_ENTRIES)):
        content = _text(name, entry.get("content"), MAX_TEXT)
        keys = [_text(name, key, MAX_KEY) for key in _list(entry.get("keys"), MAX_KEYS)]
        place = entry.get("id")
        if content:
            found.append({"id": place if isinstance(place, int) else None, "keys": keys, "content": content})
    return found


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
