"""Character cards: the fields that are kept, and the errors of broken cards."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publishing.card_file import MAX_CARD_BYTES, CardError, Problem, read_card
from troupe.characters.card import Card, Extensions

MARIO = {"name": "Mario", "first_mes": "It's-a me!"}
KNOWN_KEYS = set(Card.model_fields) | set(Card.model_fields["data"].annotation.model_fields)  # type: ignore[union-attr]

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)
unknown_keys = st.dictionaries(st.text().filter(lambda key: key not in KNOWN_KEYS), json_values, max_size=4)


def card(data: Mapping[str, Any] = MARIO, **rest: Any) -> dict[str, Any]:
    return {"spec": "chara_card_v3", "spec_version": "3.0", "data": dict(data)} | rest


def card_bytes(content: Any) -> bytes:
    return json.dumps(content).encode()


def problems_of(folder: Path, content: bytes | dict[str, Any], name: str = "mario.json") -> list[tuple[str, str]]:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else card_bytes(content))
    with pytest.raises(CardError) as refused:
        read_card(path, Card)
    assert {problem.file for problem in refused.value.problems} == {str(path)}
    return [(problem.field, problem.reason) for problem in refused.value.problems]


@given(unknown_keys, unknown_keys, unknown_keys.filter(lambda keys: "troupe" not in keys))
def test_a_card_goes_out_as_it_came_in_with_all_it_holds_beyond_the_standard(
    beside: dict[str, Any], within: dict[str, Any], extensions: dict[str, Any]
) -> None:
    came = card({**MARIO, **within, "extensions": extensions}, **beside)

    went = Card.parse(card_bytes(came)).to_json()

    assert json.loads(went) == came


def test_a_card_of_the_second_version_is_read_and_stays_one() -> None:
    came = card({**MARIO, "character_book": {"entries": []}}, spec="chara_card_v2", spec_version="2.0")

    read = Card.parse(card_bytes(came))

    assert read.data.first_mes == "It's-a me!"
    assert json.loads(read.to_json()) == came


@pytest.mark.parametrize(("spec", "version"), [("chara_card_v4", "3.0"), ("chara_card_v3", "3.1")])
def test_a_card_of_a_newer_standard_is_taken_with_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, spec: str, version: str
) -> None:
    path = tmp_path / "mario.json"
    path.write_bytes(card_bytes(card(spec=spec, spec_version=version, invented_later=[1])))

    assert json.loads(read_card(path, Card).to_json())["invented_later"] == [1]

    assert [record.getMessage() for record in caplog.records] == [
        f"{path}: {spec} {version} is newer than 3.0; what is new in it is kept and not used"
    ]


def test_a_card_of_a_known_standard_is_read_without_a_word(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "mario.json"
    path.write_bytes(card_bytes(card()))

    read_card(path, Card)

    assert caplog.records == []


def test_an_editor_that_puts_a_byte_order_mark_does_no_harm() -> None:
    assert Card.parse(b"\xef\xbb\xbf" + card_bytes(card())).data.name == "Mario"


def test_a_card_error_names_file_field_and_reason() -> None:
    error = CardError(Problem("characters/mario.json", "data.first_mes", "must not be empty"))

    assert str(error) == "characters/mario.json: data.first_mes: must not be empty"


def test_all_that_is_wrong_with_a_card_is_named_at_once(tmp_path: Path) -> None:
    broken = card({"name": None, "first_mes": " \n", "tags": {"funny": 1}, "creation_date": "today"}, spec="tavern")

    found = problems_of(tmp_path, broken, name="Super Mario.json")

    assert found == [
        ("file name", "must be 1 to 64 of a-z, 0-9, _ and -, it is the character's id"),
        ("spec", "String should match pattern '^chara_card_v([2-9]|[1-9][0-9]{1,3})$'"),
        ("data.name", "must not be empty"),
        ("data.tags", "Input should be a valid list"),
        ("data.creation_date", "Input should be a valid integer"),
    ]


@pytest.mark.parametrize("name", ["Mario", "марио", "mario.v2", "a" * 65, "super mario"])
def test_a_file_name_that_no_deep_link_can_carry_is_refused(tmp_path: Path, name: str) -> None:
    assert [field for field, _ in problems_of(tmp_path, card(), name=f"{name}.json")] == ["file name"]


EMPTY = Extensions().model_dump()
FIELDS = sorted(KNOWN_KEYS - {"spec", "spec_version", "data"})


@pytest.mark.parametrize("field", FIELDS)
def test_no_field_of_the_standard_may_be_a_truth_value(tmp_path: Path, field: str) -> None:
    assert [where for where, _ in problems_of(tmp_path, card({**MARIO, field: True}))] == [f"data.{field}"]


@pytest.mark.parametrize("field", [field for field in FIELDS if field != "name"])
def test_null_means_that_an_editor_left_the_field_empty(field: str) -> None:
    assert Card.parse(card_bytes(card({**MARIO, field: None}))).data.model_dump()[field] in ("", [], {}, 0, EMPTY)


@pytest.mark.parametrize(
    ("field", "written", "read"),
    [
        ("character_version", 1.5, "1.5"),
        ("nickname", 7, "7"),
        ("source", "https://example.com/", ["https://example.com/"]),
        ("tags", "funny", ["funny"]),
        ("alternate_greetings", "Hey!", ["Hey!"]),
        ("creation_date", 1700000000.25, 1700000000),
    ],
)
def test_types_that_editors_confuse_are_understood(field: str, written: object, read: object) -> None:
    assert Card.parse(card_bytes(card({**MARIO, field: written}))).data.model_dump()[field] == read


def test_a_card_without_a_name_is_refused(tmp_path: Path) -> None:
    data = {key: text for key, text in MARIO.items() if key != "name"}

    assert problems_of(tmp_path, card(data)) == [("data.name", "Field required")]
    assert problems_of(tmp_path, card({**MARIO, "name": None})) == [("data.name", "must not be empty")]


@pytest.mark.parametrize("first_mes", [None, "", " \n"])
def test_a_card_may_have_no_greeting(first_mes: str | None) -> None:
    assert not Card.parse(card_bytes(card({**MARIO, "first_mes": first_mes}))).locale("en").greeting.strip()


def test_a_greeting_may_be_as_long_as_several_messages_and_no_longer(tmp_path: Path) -> None:
    longest = "ж" * 20_000

    assert Card.parse(card_bytes(card({**MARIO, "first_mes": longest}))).data.first_mes == longest

    too_long = card({**MARIO, "first_mes": longest + "!", "alternate_greetings": ["Hi", longest + "!"]})
    assert problems_of(tmp_path, too_long) == [
        ("data.first_mes", "String should have at most 20000 characters"),
        ("data.alternate_greetings.1", "String should have at most 20000 characters"),
    ]


@pytest.mark.parametrize(("field", "most"), [("name", 64), ("tagline", 70), ("greeting", 4096), ("tags", 40)])
def test_a_text_of_the_picker_or_a_greeting_is_refused_beyond_its_longest(
    tmp_path: Path, field: str, most: int
) -> None:
    locale = {"name": "Mario", "tagline": "Jumps", "greeting": "Hi", "welcome_back": ["Again!"], "tags": ["fun"]}

    def with_length(length: int) -> dict[str, Any]:
        text = "ж" * length
        shown = locale | {field: [text] if field == "tags" else text}
        return card({**MARIO, "extensions": {"troupe": {"locales": {"en": shown}}}})

    assert Card.parse(card_bytes(with_length(most)))
    ((where, reason),) = problems_of(tmp_path, with_length(most + 1))
    assert where.startswith(f"data.extensions.troupe.locales.en.{field}")
    assert reason == f"String should have at most {most} characters"


def test_a_name_may_have_200_characters_and_no_more(tmp_path: Path) -> None:
    assert Card.parse(card_bytes(card({**MARIO, "name": "M" * 200}))).data.name == "M" * 200

    assert problems_of(tmp_path, card({**MARIO, "name": "M" * 201})) == [
        ("data.name", "String should have at most 200 characters")
    ]


def test_a_card_too_large_for_the_table_is_refused(tmp_path: Path) -> None:
    large = card({**MARIO, "description": "a" * MAX_CARD_BYTES})

    assert problems_of(tmp_path, large) == [("", f"is larger than {MAX_CARD_BYTES} bytes")]


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe", b"[" * 5000, b'{"spec": NaN}', rb'{"spec": "\ud800"}'])
def test_a_card_that_is_no_json_is_refused(tmp_path: Path, raw: bytes) -> None:
    ((field, reason),) = problems_of(tmp_path, raw)

    assert field == ""
    assert reason.startswith("is not JSON: ")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(CardError, match=r"nobody\.json: cannot be read: No such file"):
        read_card(tmp_path / "nobody.json", Card)


def test_a_refusal_does_not_quote_the_card(tmp_path: Path) -> None:
    found = problems_of(tmp_path, card({**MARIO, "first_mes": {"secret": "canary"}, "tags": ["ok", 5]}))

    assert found
    assert "canary" not in str(found)


def test_a_card_is_called_by_its_nickname_where_it_has_one() -> None:
    plain, nicknamed = card(), card({**MARIO, "nickname": "Jumpman"})

    assert Card.parse(card_bytes(plain)).data.char_name == "Mario"
    assert Card.parse(card_bytes(nicknamed)).data.char_name == "Jumpman"


def test_a_card_without_a_language_is_shown_in_the_one_it_has() -> None:
    russian = {"name": "Марио", "tagline": "Прыгает", "greeting": "Это я!", "welcome_back": ["Снова ты!"]}
    with_russian = card({**MARIO, "extensions": {"troupe": {"locales": {"ru": russian}}}})

    read = Card.parse(card_bytes(with_russian))

    assert read.locale("ru").greeting == "Это я!"
    assert (read.locale("en").greeting, read.locale("en").name) == ("It's-a me!", "Mario")
    assert read.locale("en").welcome_back == []
