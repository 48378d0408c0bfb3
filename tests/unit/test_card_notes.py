"""The notes about a card that a person brought."""

import json
from typing import Any

import pytest

from tests.unit.brought_cards import v2, v3
from troupe.characters.brought_card import read_brought
from troupe.characters.card_notes import (
    MAX_NAMES,
    Note,
    from_json,
    notes_of,
    notes_of_book,
    notes_of_extensions,
    to_json,
)

PLAIN = v3(extensions={}, group_only_greetings=[])


def with_data(**data: Any) -> dict[str, Any]:
    return PLAIN | {"data": PLAIN["data"] | data}


@pytest.mark.parametrize(
    ("card", "notes"),
    [
        (v2(extensions={}), []),
        (v2(extensions={}, tags="a, b", description=None), [Note("mended", "description, tags")]),
        (PLAIN, []),
        (with_data(group_only_greetings=["Hi", "Ho"]), [Note("group_greetings", many=2)]),
        (with_data(assets=[{"type": "emotion", "name": "joy"}]), [Note("assets", many=1)]),
        (PLAIN | {"spec": "chara_card_v4"}, [Note("newer")]),
        (with_data(mes_example="e" * 40_000), [Note("without_examples")]),
    ],
)  # fmt: skip
def test_a_note_names_the_unused_parts_of_a_card(card: dict[str, Any], notes: list[Note]) -> None:
    assert notes_of(read_brought(card)) == notes
    assert from_json(to_json(notes)) == notes


def test_the_extensions_of_other_programs_are_named_from_the_stored_card_and_not_in_the_job() -> None:
    brought = read_brought(v2(extensions={"depth_prompt": {"x": 1}, "fav": False, "chub": {"id": 1}}))
    assert notes_of_extensions(json.dumps(brought.card)) == [Note("other_apps", "chub")]
    assert "chub" not in to_json(notes_of(brought))


def test_keys_that_no_pattern_of_re2_can_be_are_named() -> None:
    keys = ["/(?<=old )lamp/i", "/(a)\\1/", "/lamp|horn/i", "lamp", "/["]
    entries = [{"keys": keys, "content": "x"}, {"keys": ["/(?!b)a/"], "content": "x", "enabled": False}]
    assert notes_of_book({"entries": entries}) == [Note("unusable_keys", "/(?<=old )lamp/i, /(a)\\1/")]
    assert notes_of_book({"entries": [{"keys": ["/lamp/", "lamp"], "content": "x"}]}) == notes_of_book(None) == []


def test_names_from_a_card_are_short_plain_and_few() -> None:
    names = {f"\u202e{number}" + "n" * 100: 1 for number in range(40)}
    (note,) = notes_of_extensions(json.dumps(read_brought(v2(extensions=names)).card))
    assert note.names.count(",") == MAX_NAMES
    assert "\u202e" not in note.names
    assert len(note.names) < 500
