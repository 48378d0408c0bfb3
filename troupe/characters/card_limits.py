"""The limits of a card that a person brings or makes. Each has a text of its own for the person."""

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from troupe.characters.card_refusal import CardRefusedError
from troupe.tokens import tokens

MAX_DEPTH = 200
MAX_NAME = 200
MAX_PICTURE_STYLE = 300
MAX_GREETINGS = 50
MAX_GREETING = 20_000
MAX_BOOK_ENTRIES = 2_000
MAX_BOOK_KEYS = 20_000
MAX_BOOK_BYTES = 2_000_000
# Tokens in every prompt of the card's instructions, and of its book's entries that are always on.
MAX_PROMPT_TOKENS = 8_000
# Python writes no number of more than 4,300 digits.
MAX_DIGITS_BITS = 4_096
# A name that fills as much as a usual one costs nothing beyond its macro.
MACRO_LENGTH = len("{{char}}")

_NAME_MACRO = re.compile(r"\{\{(?:char|user)\}\}|<(?:bot|char|user)>", re.IGNORECASE | re.ASCII)


def check_values(value: object) -> None:
    """:raises CardRefusedError: too deep, or a number that JSON can't carry"""
    level = [value]
    for _ in range(MAX_DEPTH):
        if any(_is_absurd(each) for each in level):
            raise CardRefusedError("not_json")
        level = [inner for each in level for inner in _inside(each)]
        if not level:
            return
    raise CardRefusedError("too_deep", MAX_DEPTH)


def check_limits(data: Mapping[str, Any]) -> bool:
    """True if the card fits into a prompt only without its example dialogues.

    :raises CardRefusedError: beyond one of the limits
    """
    if max(len(data["name"]), len(data.get("nickname", ""))) > MAX_NAME:
        raise CardRefusedError("long_name", MAX_NAME)
    greetings = [data["first_mes"], *data["alternate_greetings"]]
    if len(greetings) > MAX_GREETINGS:
        raise CardRefusedError("many_greetings", MAX_GREETINGS)
    if any(len(greeting) > MAX_GREETING for greeting in greetings):
        raise CardRefusedError("long_greeting", MAX_GREETING)
    _check_book(data.get("character_book", {}))
    without = prompt_tokens(data, with_examples=False)
    if without > MAX_PROMPT_TOKENS:
        raise CardRefusedError("long_prompt", MAX_PROMPT_TOKENS)
    return prompt_tokens(data) > MAX_PROMPT_TOKENS


def prompt_tokens(data: Mapping[str, Any], *, with_examples: bool = True) -> int:
    """Tokens of the card in every prompt with its macros filled, estimated high."""
    names = ["system_prompt", "description", "personality", "scenario", "post_history_instructions"]
    written = [data[name] for name in names] + ([data["mes_example"]] if with_examples else [])
    entries = data.get("character_book", {}).get("entries", [])
    written += [entry["content"] for entry in entries if entry["enabled"] and entry.get("constant")]
    called = len((data.get("nickname") or data["name"]).encode())
    longer = sum(len(_NAME_MACRO.findall(each)) for each in written) * max(called - MACRO_LENGTH, 0)
    return sum(map(tokens, written)) + longer // 4


def _check_book(book: Mapping[str, Any]) -> None:
    entries = book.get("entries", [])
    if len(entries) > MAX_BOOK_ENTRIES:
        raise CardRefusedError("many_entries", MAX_BOOK_ENTRIES)
    if sum(len(entry["keys"]) + len(entry.get("secondary_keys", [])) for entry in entries) > MAX_BOOK_KEYS:
        raise CardRefusedError("many_keys", MAX_BOOK_KEYS)
    if len(json.dumps(book, ensure_ascii=False).encode()) > MAX_BOOK_BYTES:
        raise CardRefusedError("large_book", MAX_BOOK_BYTES // 1_000_000)


def _inside(value: object) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _is_absurd(value: object) -> bool:
    if isinstance(value, float):
        return not math.isfinite(value)
    return isinstance(value, int) and value.bit_length() > MAX_DIGITS_BITS
