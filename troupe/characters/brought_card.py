"""Reads a card that a person brings or makes as chara_card_v3, whatever standard and types its editor wrote.

Unknown fields stay where they are. A field of a wrong type gets the type of the standard, or its default, and is named.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from troupe.characters.book import normalised
from troupe.characters.card_limits import MAX_PICTURE_STYLE, check_limits, check_values
from troupe.characters.card_refusal import CardRefusedError
from troupe.characters.card_shapes import data_of
from troupe.characters.leniency import number, record, seconds, text, texts
from troupe.characters.presentation import clean_line
from troupe.characters.voices import voice_name
from troupe.unicode import is_blank

LATEST_VERSION = 3.0

# Telegram refuses some control signs, and terminals obey others. Tabs and line ends stay.
_CONTROLS = dict.fromkeys({*range(0x20), *range(0x7F, 0xA0)} - {0x09, 0x0A})


@dataclass(frozen=True)
class BroughtCard:
    """`card` is what is stored. `mended` names the fields that had a wrong type, each once.

    `newer`: of a standard later than V3. `without_examples`: with them the card would be too long for a prompt.
    """

    card: dict[str, Any]
    mended: tuple[str, ...] = ()
    newer: bool = False
    without_examples: bool = False


def read_brought(value: object) -> BroughtCard:
    """:param value: what JSON was parsed to
    :raises CardRefusedError: there is no character in it, or it is beyond a limit
    """
    check_values(value)
    root, given = data_of(value)
    data = {name: kind(given.get(name)) for name, kind in _FIELDS.items() if name in given or name in _ALWAYS}
    mended = tuple(name for name in data if name in given and _is_mended(name, given[name], data[name]))
    data = {name: each for name, each in data.items() if each is not None}
    if is_blank(data["name"]):
        raise CardRefusedError("no_name")
    version = _version(root)
    standard = {"spec": "chara_card_v3", "spec_version": "3.0"} if version <= LATEST_VERSION else _named(root, version)
    unknown = {name: each for name, each in _cleaned(given).items() if name not in _FIELDS}
    card = {**root, **standard, "data": {**unknown, **data}}
    omits = check_limits(card["data"])
    if omits:
        extensions = card["data"]["extensions"]
        extensions["troupe"] = {**extensions.get("troupe", {}), "omit_examples": True}
    return BroughtCard(card, mended, newer=version > LATEST_VERSION, without_examples=omits)


def _clean(value: object) -> str:
    return text(value).replace("\r\n", "\n").translate(_CONTROLS)


def _greeting(value: object) -> str:
    greeting = _clean(value)
    return greeting if greeting.strip() else ""


def _cleaned(value: Any) -> Any:
    """The value without control signs, at any depth."""
    if isinstance(value, str):
        return _clean(value)
    if isinstance(value, list):
        return [_cleaned(each) for each in value]
    return {_clean(name): _cleaned(each) for name, each in value.items()} if isinstance(value, dict) else value


def _line(value: object) -> str:
    return clean_line(text(value))


def _texts(value: object) -> list[str]:
    return [_clean(each) for each in texts(value)]


def _greetings(value: object) -> list[str]:
    return [greeting for greeting in _texts(value) if greeting.strip()]


def _tags(value: object) -> list[str]:
    listed = value.split(",") if isinstance(value, str) else texts(value)
    return [tag for each in listed if (tag := _line(each))]


def _assets(value: object) -> list[dict[str, Any]] | None:
    if value is None:
        return None
    return [_cleaned(each) for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _notes_by_language(value: object) -> dict[str, str] | None:
    notes = {_clean(language): _clean(notes) for language, notes in record(value).items() if isinstance(notes, str)}
    return notes or None


def _book(value: object) -> dict[str, Any] | None:
    return normalised(_cleaned(value)) or None


def _extensions(value: object) -> dict[str, Any]:
    """The parts of Troupe's extension that a person's card may have. Others would give it a place in the picker."""
    found = record(value)
    troupe = record(found.get("troupe"))
    own = {name: kept for name, kind in _OWN.items() if (kept := kind(troupe.get(name)))}
    others = {name: _cleaned(each) for name, each in found.items() if name != "troupe"}
    return others | ({"troupe": own} if own else {})


# The parts of Troupe's extension that people's cards may have.
_OWN: dict[str, Callable[[object], Any]] = {
    "picture_style": lambda value: _line(value)[:MAX_PICTURE_STYLE],
    "voice": voice_name,
}


def _date(value: object) -> int | float | None:
    return seconds(value) or None


_FIELDS: dict[str, Callable[[object], Any]] = {
    "name": _line,
    "nickname": _line,
    "description": _clean,
    "personality": _clean,
    "scenario": _clean,
    "first_mes": _greeting,
    "mes_example": _clean,
    "system_prompt": _clean,
    "post_history_instructions": _clean,
    "alternate_greetings": _greetings,
    "group_only_greetings": _texts,
    "character_book": _book,
    "creator": _line,
    "character_version": _line,
    "creator_notes": _clean,
    "creator_notes_multilingual": _notes_by_language,
    "tags": _tags,
    "assets": _assets,
    "source": _texts,
    "creation_date": _date,
    "modification_date": _date,
    "extensions": _extensions,
}
# The standard asks for these in every card.
_ALWAYS = {*_FIELDS} - {
    "nickname", "character_book", "creator_notes_multilingual", "assets", "source", "creation_date",
    "modification_date",
}  # fmt: skip
# The standard's types of the fields that are no texts.
_TYPES: Mapping[str, tuple[type, ...]] = {
    "alternate_greetings": (list,),
    "group_only_greetings": (list,),
    "character_book": (dict,),
    "creator_notes_multilingual": (dict,),
    "tags": (list,),
    "assets": (list,),
    "source": (list,),
    "creation_date": (int, float),
    "modification_date": (int, float),
    "extensions": (dict,),
}


def _is_mended(name: str, given: object, found: object) -> bool:
    """Whether the field had another type than the standard's, or members that are not as the standard says."""
    kinds = _TYPES.get(name, (str,))
    if not isinstance(given, kinds) or isinstance(given, bool):
        # Character sites write null for "no book".
        return not (name == "character_book" and given is None)
    if name == "character_book":
        return _book_is_mended(record(_cleaned(given)), record(found))
    if name == "creator_notes_multilingual":
        return bool(found != _cleaned(given))
    if kinds == (list,) and isinstance(given, list):
        return not all(isinstance(each, dict if name == "assets" else str) for each in given)
    return kinds == (int, float) and bool(found != given)


def _book_is_mended(given: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    """Fields that the book leaves out, or has as null, do not count as mended."""
    entries = given.get("entries")
    if not isinstance(entries, list) or len(entries) != len(found.get("entries", [])):
        return True
    pairs = [({**given, "entries": 0}, {**found, "entries": 0}), *zip(entries, found["entries"], strict=True)]
    return any(value is not None and value != read.get(name) for each, read in pairs for name, value in each.items())


def _version(root: Mapping[str, Any]) -> float:
    """The higher of the two versions that a card states, compared as numbers, as the standard says."""
    spec = number(text(root.get("spec")).rpartition("_v")[2]) or 0
    return float(max(spec, number(text(root.get("spec_version"))) or 0))


def _named(root: Mapping[str, Any], version: float) -> dict[str, str]:
    spec, stated = text(root.get("spec")), text(root.get("spec_version"))
    whole = f"chara_card_v{int(version)}"
    return {"spec": spec if spec == whole else whole, "spec_version": stated if number(stated) else f"{version}"}
