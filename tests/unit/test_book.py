"""A card's book as editors write it, read into the standard's names and types."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troupe.characters.book import Book, Entry, Position, normalised, read_book

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
NAMES = (
    "keys key content extensions enabled disable insertion_order order use_regex position constant selective "
    "secondary_keys keysecondary case_sensitive priority name comment"
).split()
ENTRIES = st.dictionaries(st.sampled_from(NAMES), JSON)
BOOKS = st.fixed_dictionaries(
    {"entries": st.lists(ENTRIES | JSON, max_size=3) | st.dictionaries(st.text(max_size=2), ENTRIES, max_size=3)},
    optional=dict.fromkeys(("scan_depth", "token_budget", "recursive_scanning", "extensions", "name", "x"), JSON),
)


def test_a_standard_book_is_read_as_it_stands() -> None:
    entry = {
        "keys": ["Gull Rock"], "secondary_keys": ["storm"], "content": "It drowned a ship.", "extensions": {"a": 1},
        "enabled": True, "insertion_order": 3, "use_regex": True, "constant": True, "selective": True,
        "case_sensitive": True, "priority": 7, "position": "before_char",
    }  # fmt: skip
    book = {"scan_depth": 2, "token_budget": 90, "recursive_scanning": True, "extensions": {"b": 2}, "entries": [entry]}
    place: Position = "before_char"
    read = Entry(
        ("Gull Rock",), "It drowned a ship.", ("storm",), True, 3, place, True, True, True, 7, {"a": 1}
    )  # fmt: skip
    assert read_book(book) == Book((read,), 2, 90, True, {"b": 2})


def test_world_info_gets_the_standard_names_and_keeps_its_placement() -> None:
    world = {
        "entries": {
            "0": {"uid": 0, "key": ["bell"], "keysecondary": "storm", "order": "100", "disable": True, "position": 4,
                  "depth": 2, "role": 0, "caseSensitive": None},
        }
    }  # fmt: skip
    (entry,) = normalised(world)["entries"]
    assert entry.items() >= {
        "keys": ["bell"], "secondary_keys": ["storm"], "insertion_order": 100, "enabled": False, "uid": 0,
        "position": "after_char", "extensions": {"position": 4, "depth": 2, "role": 0},
    }.items()  # fmt: skip
    assert not entry.keys() & {"key", "keysecondary", "order", "disable"}


@pytest.mark.parametrize(
    ("position", "read"),
    [("before_char", "before_char"), ("", "before_char"), (0, "before_char"), (1, "after_char"), (4, "after_char"),
     ("in_chat", "after_char"), (None, "after_char"), (False, "after_char"), ([], "after_char")],
)  # fmt: skip
def test_a_place_is_before_or_after_the_character(position: object, read: str) -> None:
    assert read_book({"entries": [{"keys": ["a"], "position": position}]}).entries[0].position == read


def test_texts_stand_for_numbers_and_flags() -> None:
    book = read_book({"scan_depth": "4", "token_budget": "x", "recursive_scanning": "true", "entries": []})
    assert book == Book(scan_depth=4, recursive_scanning=True)


@pytest.mark.parametrize("nothing", [None, [], "", 0, {}, "a book"])
def test_a_value_that_is_no_object_is_no_book(nothing: object) -> None:
    assert normalised(nothing) == {}
    assert read_book(nothing) == Book()


@given(BOOKS)
def test_a_normalised_book_stays_as_it_is(book: dict[str, Any]) -> None:
    once = normalised(book)
    assert normalised(once) == once
    assert read_book(once) == read_book(book)


@given(st.dictionaries(st.sampled_from(["x", "our/tool", "sticky"]), JSON))
def test_unknown_fields_of_book_and_entry_are_kept(unknown: dict[str, Any]) -> None:
    book = normalised({**unknown, "entries": [unknown]})
    assert book.items() >= unknown.items()
    assert book["entries"][0].items() >= unknown.items()
