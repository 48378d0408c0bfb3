"""A card that somebody brings, in any standard and with any types, as the card that is stored."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.brought_cards import DESCRIPTION, GREETING, book, v1, v2, v3
from tests.unit.test_book import JSON
from troupe.characters import card_limits
from troupe.characters.brought_card import BroughtCard, read_brought
from troupe.characters.card import Card
from troupe.characters.card_refusal import CardRefusedError

FIELDS = [*v3()["data"]]


def read(value: object) -> BroughtCard:
    """As everything that is read must be: a card for the product, and the same when it is read again."""
    found = read_brought(value)
    Card.parse(json.dumps(found.card).encode())
    again = read_brought(json.loads(json.dumps(found.card)))
    assert (again.card, again.mended) == (found.card, ())
    return found


def refusal(value: object) -> str:
    with pytest.raises(CardRefusedError) as refused:
        read_brought(value)
    return refused.value.reason


def test_a_v3_card_is_stored_as_it_stands() -> None:
    assert read(v3()) == BroughtCard(v3())


def test_a_v2_card_becomes_v3_with_all_its_fields() -> None:
    found = read(v2())
    assert (found.card["spec"], found.card["spec_version"], found.mended) == ("chara_card_v3", "3.0", ())
    assert found.card["data"] == v2()["data"] | {"group_only_greetings": []}


def test_a_v1_card_is_used_whole() -> None:
    data = read(v1(odd=1, creatorcomment="A note.")).card["data"]
    assert data.items() >= (v1(odd=1) | {"creator_notes": "A note.", "tags": []}).items()


def test_pygmalions_names_are_mapped() -> None:
    brought = {"char_name": "Vera", "char_persona": DESCRIPTION, "char_greeting": GREETING, "world_scenario": "Dusk."}
    data = read(brought).card["data"]
    assert (data["name"], data["description"], data["first_mes"], data["scenario"]) == (
        "Vera", DESCRIPTION, GREETING, "Dusk.",
    )  # fmt: skip


def test_the_data_wins_over_the_copies_beside_it() -> None:
    card = read(v2() | {"name": "Stale", "description": "Stale", "chat": "kept"}).card
    assert card["data"]["name"] == "Vera Stroud"
    assert (card.get("name"), card["chat"]) == (None, "kept")


def test_a_field_that_stands_beside_the_data_alone_is_used() -> None:
    card = v2()
    del card["data"]["first_mes"]
    assert read(card | {"first_mes": "From beside."}).card["data"]["first_mes"] == "From beside."


@pytest.mark.parametrize(("spec", "version"), [("chara_card_v4", "4.0"), ("chara_card_v3", "3.1"), ("x", 4)])
def test_a_later_standard_is_read_and_said_to_be_one(spec: str, version: object) -> None:
    found = read(v3() | {"spec": spec, "spec_version": version})
    assert found.newer
    assert found.card["beside"] == {"kept": True}


@pytest.mark.parametrize("version", [2.0, "3.0-beta", None, ["x"], "1e9999"])
def test_a_version_that_is_no_version_is_no_obstacle(version: object) -> None:
    assert read(v3() | {"spec_version": version}).card["spec_version"] == "3.0"


@pytest.mark.parametrize(
    ("name", "written", "stored"),
    [
        ("description", None, ""), ("personality", 7, "7"), ("scenario", ["a"], ""),
        ("alternate_greetings", "One.", ["One."]), ("alternate_greetings", [1, None, {}, "ok", " "], ["1", "ok"]),
        ("tags", "sea, slow burn,", ["sea", "slow burn"]), ("tags", {"a": 1}, []), ("character_version", 2, "2"),
        ("creation_date", "2024-05-01T10:00:00Z", 1714557600), ("creation_date", "1714557600", 1714557600),
        ("modification_date", 1714557600000, 1714557600), ("source", "https://a.example", ["https://a.example"]),
        ("extensions", [], {}), ("assets", [1, {"type": "icon"}], [{"type": "icon"}]),
        ("creator_notes_multilingual", {"en": "Hi", "ru": 1}, {"en": "Hi"}), ("group_only_greetings", None, []),
    ],
)  # fmt: skip
def test_a_value_of_another_type_is_mended_and_named(name: str, written: object, stored: object) -> None:
    found = read(v3(**{name: written}))
    assert (found.card["data"][name], found.mended) == (stored, (name,))


@pytest.mark.parametrize("written", ["soon", -5, True, float("1e300")])
def test_a_date_that_is_none_is_left_out(written: object) -> None:
    found = read(v3(creation_date=written))
    assert "creation_date" not in found.card["data"]
    assert found.mended == ("creation_date",)


def test_null_stands_for_no_book() -> None:
    found = read(v2(character_book=None))
    assert "character_book" not in found.card["data"]
    assert found.mended == ()


def test_world_info_inside_a_card_becomes_its_book() -> None:
    found = read(v2(character_book={"entries": {"0": {"key": ["bell"], "content": "It rings.", "disable": False}}}))
    (entry,) = found.card["data"]["character_book"]["entries"]
    assert (entry["keys"], entry["enabled"], found.mended) == (["bell"], True, ("character_book",))


def test_controls_are_removed_everywhere_and_the_name_is_one_plain_line() -> None:
    data = read(v2(name="Ve\u0000ra\n\u202e Stroud\u200b", first_mes="a\u0000b\x1b[31m\r\nc\td", odd=["\u0007x"])).card[
        "data"
    ]
    assert (data["name"], data["first_mes"], data["odd"]) == ("Vera Stroud", "ab[31m\nc\td", ["x"])


def test_troupes_own_extension_has_no_power_in_a_brought_card() -> None:
    locale = {"name": "Mario", "tagline": "!", "greeting": "It's me!", "welcome_back": ["Again!"]}
    troupe = {"position": 1, "avatar": "avatars/mario.svg", "locales": {"en": locale}, "voice": "a, b"}
    found = read(v3(extensions={"troupe": troupe, "other": 1}))
    assert found.card["data"]["extensions"] == {"other": 1}


def test_a_brought_card_keeps_the_style_of_its_pictures() -> None:
    troupe = {"position": 1, "picture_style": "ink,\n" + "i" * 300}
    found = read(v3(extensions={"troupe": troupe}, mes_example="e" * 40_000))
    kept = found.card["data"]["extensions"]["troupe"]
    assert kept == {"picture_style": ("ink, " + "i" * 300)[:300], "omit_examples": True}


def test_a_brought_card_keeps_its_voice_also_where_its_examples_are_left_out() -> None:
    voice = {"troupe": {"voice": "af_heart", "position": 1}}
    assert read(v3(extensions=voice)).card["data"]["extensions"] == {"troupe": {"voice": "af_heart"}}
    long = read(v3(extensions=voice, mes_example="word " * 9000)).card["data"]["extensions"]
    assert long == {"troupe": {"voice": "af_heart", "omit_examples": True}}


@pytest.mark.parametrize("value", [None, [], [v2()], "text", 5, {}, {"a": 1}, {"name": "Only a name"}])
def test_what_holds_no_character_is_refused(value: object) -> None:
    assert refusal(value) == "not_a_card"


@pytest.mark.parametrize("value", [{"spec": "lorebook_v3", "data": book()}, book(), {"entries": {"0": {"key": ["a"]}}}])
def test_a_book_alone_is_called_one(value: object) -> None:
    assert refusal(value) == "lorebook"


@pytest.mark.parametrize("name", [None, "", "  ", "\u2063\u200b\u3164", {}, ["a"], False])
def test_a_character_has_a_name_that_can_be_seen(name: object) -> None:
    assert refusal(v2(name=name)) == "no_name"


@pytest.mark.parametrize(
    ("reason", "data"),
    [
        ("long_name", {"name": "n" * (card_limits.MAX_NAME + 1)}),
        ("long_name", {"nickname": "n" * (card_limits.MAX_NAME + 1)}),
        ("many_greetings", {"alternate_greetings": ["Hi."] * card_limits.MAX_GREETINGS}),
        ("long_greeting", {"first_mes": "g" * (card_limits.MAX_GREETING + 1)}),
        ("many_entries", {"character_book": {"entries": [{}] * (card_limits.MAX_BOOK_ENTRIES + 1)}}),
        ("many_keys", {"character_book": {"entries": [{"keys": ["k"] * (card_limits.MAX_BOOK_KEYS + 1)}]}}),
        ("large_book", {"character_book": {"entries": [{"content": "c" * card_limits.MAX_BOOK_BYTES}]}}),
        ("long_prompt", {"description": "ж" * 17_000}),
        ("long_prompt", {"name": "n" * 200, "description": "{{char}}" * 200}),
        ("long_prompt", {"character_book": {"entries": [{"constant": True, "content": "c" * 33_000}]}}),
        ("not_json", {"odd": float("inf")}),
        ("not_json", {"odd": 10**5000}),
    ],
)
def test_a_card_beyond_a_limit_is_refused_by_its_name(reason: str, data: dict[str, Any]) -> None:
    assert refusal(v2(**data)) == reason


def test_examples_that_would_make_a_prompt_too_long_are_kept_and_left_out_of_it() -> None:
    found = read(v2(mes_example="e" * 33_000))
    assert found.without_examples
    assert len(found.card["data"]["mes_example"]) == 33_000
    assert Card.model_validate(found.card).data.extensions.troupe.omit_examples


def nested(levels: int) -> object:
    value: object = 0
    for _ in range(levels):
        value = [value]
    return value


def test_nesting_is_limited() -> None:
    assert read(v1(odd=nested(190))).card["data"]["odd"] == nested(190)
    assert refusal(v1(odd=nested(100_000))) == "too_deep"


@given(st.dictionaries(st.sampled_from(FIELDS), JSON))
def test_any_values_make_a_card_or_a_refusal(data: dict[str, Any]) -> None:
    with suppress(CardRefusedError):
        read(v3(**data))


PLAIN = st.text(st.characters(min_codepoint=0x20, exclude_categories=["Cc", "Cs"]), min_size=1, max_size=6)


@given(st.dictionaries(PLAIN.filter(lambda name: name not in FIELDS), PLAIN | st.integers() | st.none()))
def test_unknown_fields_are_kept(unknown: dict[str, Any]) -> None:
    assert read(v2(**unknown)).card["data"].items() >= unknown.items()
