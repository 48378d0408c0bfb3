"""The form to make and edit a character: the card that it makes, and what of a stored card it leaves alone."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.webapp_select.form import InvalidFormError, card_of, changes_of, form_of

FORM: dict[str, Any] = {
    "name": "  Grete ",
    "tagline": "Repairs what can't be repaired.",
    "description": "A watchmaker.",
    "personality": "Dry.",
    "first_mes": "*looks up* Yes, {{user}}?",
    "mes_example": "<START>\r\n{{user}}: Hi\r\n{{char}}: Shh.",
    "picture_style": " ink\non copper ",
    "alternate_greetings": ["Quiet! It ticks.", "  "],
    "tags": ["craft", "craft", "old\nthings"],
    "book": [{"id": None, "keys": ["clock", ""], "content": "Hers stopped in 1989."}, {"keys": [], "content": " "}],
}


def reasons(form: dict[str, Any]) -> tuple[dict[str, str], str]:
    with pytest.raises(InvalidFormError) as refused:
        card_of(FORM | form)
    return refused.value.fields, refused.value.whole


def test_a_form_makes_a_card_of_the_third_version() -> None:
    card = card_of(FORM)
    data = card["data"]

    assert (card["spec"], card["spec_version"]) == ("chara_card_v3", "3.0")
    assert data["name"] == "Grete"
    assert data["creator_notes"] == FORM["tagline"]
    assert data["mes_example"] == "<START>\n{{user}}: Hi\n{{char}}: Shh."
    assert data["alternate_greetings"] == ["Quiet! It ticks."]
    assert data["tags"] == ["craft", "old things"]
    assert data["extensions"] == {"troupe": {"picture_style": "ink on copper"}}
    assert data["group_only_greetings"] == []
    assert data["creation_date"] > 1_700_000_000
    (entry,) = data["character_book"]["entries"]
    assert (entry["keys"], entry["content"], entry["enabled"]) == (["clock"], "Hers stopped in 1989.", True)


def test_the_form_is_filled_with_what_it_made() -> None:
    card = card_of(FORM)

    form = form_of(card["data"])

    assert form["tagline"] == FORM["tagline"]
    assert form["picture_style"] == "ink on copper"
    assert form["book"] == [{"id": 0, "keys": ["clock"], "content": "Hers stopped in 1989."}]
    assert changes_of(form, card)["creator_notes"] == card["data"]["creator_notes"]


def test_a_voice_is_part_of_the_card_and_can_be_taken_away() -> None:
    card = card_of(FORM | {"picture_style": "", "voice": "cedar"})
    assert card["data"]["extensions"] == {"troupe": {"voice": "cedar"}}
    assert form_of(card["data"])["voice"] == "cedar"

    assert changes_of({"voice": "sage"}, card)["extensions"] == {"troupe": {"voice": "sage"}}
    assert changes_of({"voice": ""}, card)["extensions"] == {}
    assert changes_of({"name": "Greta"}, card)["extensions"] == {"troupe": {"voice": "cedar"}}
    assert reasons({"voice": "no such, voice"}) == ({"voice": "malformed"}, "")


def test_editing_leaves_alone_what_the_form_does_not_show() -> None:
    entries = [
        {
            "keys": ["rain"],
            "content": "She hates it.",
            "enabled": False,
            "insertion_order": 7,
            "extensions": {"depth": 2},
        },
        {"keys": ["sun"], "content": "Rare.", "enabled": True, "insertion_order": 1, "extensions": {}},
    ]
    book = {"scan_depth": 3, "entries": entries, "extensions": {}}
    notes = "A long story.\n\nWith a second paragraph."
    data = {"name": "Grete", "description": "D", "first_mes": "Hi", "creator_notes": notes, "character_book": book}
    card = {"spec": "chara_card_v2", "spec_version": "2.0", "data": data}

    changed = changes_of({"tagline": "New.", "book": [{"id": 1, "keys": ["sun"], "content": "Never."}]}, card)
    moved = changes_of({"book": [{"id": 1, "keys": ["sun"], "content": "Rare."}, form_of(data)["book"][0]]}, card)

    assert changed["creator_notes"] == f"New.\n\n{notes}"
    assert changed["character_book"]["scan_depth"] == 3
    assert [entry["insertion_order"] for entry in changed["character_book"]["entries"]] == [1]
    kept = moved["character_book"]["entries"][1]
    assert (kept["enabled"], kept["insertion_order"], kept["extensions"]) == (False, 7, {"depth": 2})
    assert changes_of({"tagline": "A long story."}, card)["creator_notes"] == notes


def test_each_field_has_its_reason() -> None:
    assert reasons({"name": "\u200b\u2800 "}) == ({"name": "missing"}, "")
    assert reasons({"tagline": "x" * 71, "description": 5}) == ({"tagline": "too_long", "description": "malformed"}, "")
    assert reasons({"tags": ["x"] * 13}) == ({"tags": "too_many"}, "")
    assert reasons({"book": [{"keys": "clock", "content": "x"}]}) == ({"book": "malformed"}, "")
    with pytest.raises(InvalidFormError) as refused:
        card_of({})
    assert refused.value.fields == {"name": "missing", "description": "missing", "first_mes": "missing"}


def test_a_character_that_is_too_much_for_a_prompt_is_refused_as_a_whole() -> None:
    assert reasons({"description": "word " * 3900, "personality": "word " * 3900}) == ({}, "long_prompt")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(sorted(FORM)), json_values))
def test_any_form_is_stored_or_refused_with_reasons(form: dict[str, Any]) -> None:
    try:
        card = card_of(FORM | form)
    except InvalidFormError as error:
        told = error
    else:
        form_of(card["data"])
        return
    assert told.fields or told.whole
