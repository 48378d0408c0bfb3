"""Characters as files for other programs: a PNG with a V3 card and its V2 copy, and JSON."""

import base64
import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from PIL import Image

from functions.card_files.reading.card_file import read_card_file
from functions.card_files.reading.png_chunks import chunks
from functions.card_files.writing.card_files import as_json, as_png
from tests.unit.brought_cards import book, v1, v2, v3
from tests.unit.card_files import as_json as file_of
from tests.unit.card_files import picture, png
from tests.unit.test_book import BOOKS
from troupe.characters.brought_card import read_brought

WARNING = "A copy."


def texts_in(made: bytes) -> list[tuple[str, dict[str, Any]]]:
    found = [bytes(chunk.data).partition(b"\0") for chunk in chunks(made) if chunk.kind == b"tEXt"]
    return [(keyword.decode(), json.loads(base64.b64decode(text))) for keyword, _, text in found]


@pytest.mark.parametrize("portrait", [None, picture("JPEG", (64, 96)), picture("WEBP"), png()])
@pytest.mark.parametrize("brought", [v1(), v2(), v3(), v3() | {"spec": "chara_card_v4", "spec_version": "4.0"}])
def test_an_exported_card_is_the_one_that_was_brought(brought: dict[str, Any], portrait: bytes | None) -> None:
    card = read_brought(brought).card
    for made in (as_json(card), as_png(card, portrait, WARNING)):
        again = read_card_file(made).brought
        assert (again.card, again.mended) == (card, ())


@settings(max_examples=30)
@given(BOOKS)
def test_a_book_in_any_shape_is_exported_as_it_was_read(written: dict[str, Any]) -> None:
    card = read_brought(v3(character_book=written)).card
    assert read_card_file(as_png(card, None, WARNING)).brought.card == card


def test_a_picture_carries_the_v2_copy_and_the_v3_card_once_each() -> None:
    (chara, v2_copy), (ccv3, card) = texts_in(as_png(v3(), png(("ccv3", v3()), ("chara", v2())), WARNING))
    assert (chara, ccv3, card) == ("chara", "ccv3", v3())
    assert (v2_copy["spec"], v2_copy["spec_version"]) == ("chara_card_v2", "2.0")


def test_the_v2_copy_has_no_v3_fields_and_says_what_it_is() -> None:
    decorated = [{"keys": ["x"], "content": "@@depth 2\n@@@role user\nIt rains.\n@@not one", "use_regex": True}]
    card = read_brought(v3(character_book=book(entries=decorated))).card
    copy = dict(texts_in(as_png(card, None, WARNING)))["chara"]["data"]
    assert copy["creator_notes"] == f"{WARNING}\n\nGo slowly.\n\nAsk about the tower clock."
    (entry,) = copy["character_book"]["entries"]
    assert (entry["content"], "use_regex" in entry) == ("It rains.\n@@not one", False)
    assert not copy.keys() & {"nickname", "group_only_greetings", "source", "creation_date", "assets"}
    assert copy["odd"] == v3()["data"]["odd"]


def test_an_exported_picture_holds_nothing_of_the_portraits_file_but_its_pixels() -> None:
    secret = png(("Comment", b"secret"), size=(20, 30))
    made = as_png(v3(), secret, WARNING)
    assert b"secret" not in made
    assert Image.open(io.BytesIO(made)).size == (20, 30)


def test_json_is_written_for_people_too() -> None:
    russian = v3(name="Вера")
    assert "Вера" in as_json(russian).decode()
    assert json.loads(as_json(russian)) == json.loads(file_of(russian))
