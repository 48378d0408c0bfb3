"""The V2 copy of a V3 card, which the standard calls backfilled: for programs that know no V3."""

import re
from collections.abc import Mapping
from typing import Any

# Fields that V2 does not know.
_V3_ONLY = {
    "nickname", "creator_notes_multilingual", "source", "group_only_greetings", "creation_date", "modification_date",
    "assets",
}  # fmt: skip
# V3's instructions at the beginning of an entry's content, one a line.
_DECORATORS = re.compile(r"(?:[^\S\n]*@@[^\n]*(?:\n|$))+")


def backfilled(card: Mapping[str, Any], warning: str) -> dict[str, Any]:
    data = {name: value for name, value in card["data"].items() if name not in _V3_ONLY}
    notes = str(data["creator_notes"])
    data["creator_notes"] = f"{warning}\n\n{notes}" if notes else warning
    if book := data.get("character_book"):
        data["character_book"] = book | {"entries": [_entry(entry) for entry in book["entries"]]}
    return {"spec": "chara_card_v2", "spec_version": "2.0", "data": data}


def _entry(entry: Mapping[str, Any]) -> dict[str, Any]:
    decorated = _DECORATORS.match(str(entry["content"]))
    content = str(entry["content"])[decorated.end() :] if decorated else entry["content"]
    return {name: value for name, value in entry.items() if name != "use_regex"} | {"content": content}
