"""Whether a field of a brought card had another type than the standard's."""

from collections.abc import Mapping
from typing import Any

from troupe.characters.card_fields import cleaned
from troupe.characters.leniency import record

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


def is_mended(name: str, given: object, found: object) -> bool:
    """Whether the field had another type than the standard's, or members that are not as the standard says."""
    kinds = _TYPES.get(name, (str,))
    if not isinstance(given, kinds) or isinstance(given, bool):
        # Character sites write null for "no book".
        return not (name == "character_book" and given is None)
    if name == "character_book":
        return _book_is_mended(record(cleaned(given)), record(found))
    if name == "creator_notes_multilingual":
        return bool(found != cleaned(given))
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
