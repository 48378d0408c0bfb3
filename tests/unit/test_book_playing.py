"""Which entries of a card's book a turn wakes, and where they stand."""

import subprocess
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.llm_reply.prompting.book.lines import Lore
from functions.llm_reply.prompting.book.staying import MAX_KEYS
from functions.llm_reply.prompting.book.waking import MAX_BUDGET, MAX_ROUNDS, MAX_SCANNED, Scene, heard
from functions.llm_reply.prompting.prompt import Exchange, conversation
from troupe.characters.book import read_book
from troupe.characters.card import CardData
from troupe.characters.decorators import read_decorators
from troupe.characters.macros import Macros
from troupe.tokens import tokens

MACROS = Macros("Odo", "Anna")
ROOT = Path(__file__).parents[2]


def entry(*keys: str, content: str = "It.", **rest: Any) -> dict[str, Any]:
    return {"keys": list(keys), "content": content, "enabled": True, "insertion_order": 0, "extensions": {}} | rest


def extended(*keys: str, content: str = "It.", **extensions: Any) -> dict[str, Any]:
    return entry(*keys, content=content, extensions=extensions)


def lore(*entries: dict[str, Any], **book: Any) -> Lore:
    return Lore.of(read_book({"entries": list(entries), "extensions": {}} | book))


def woken(book: Lore, *messages: str, **scene: Any) -> list[str]:
    return [text for _, text in book.at(Scene(messages, **scene), MACROS).kept]


def by_logic(number: int) -> dict[str, Any]:
    """One of SillyTavern's four logics: its condition on the secondary keys b and c."""
    return {"keys": ["a"], "selective": True, "secondary_keys": ["b", "c"], "extensions": {"selectiveLogic": number}}


@pytest.mark.parametrize(
    ("keys", "message", "wakes"),
    [
        ({"keys": ["Hollow"]}, "Tell me of Hollow.", True),
        ({"keys": ["Hollow"]}, "Nothing here.", False),
        ({"keys": ["Hollow", "Marigold"]}, "Marigold?", True),
        ({"keys": []}, "Anything", False),
        ({"keys": ["", "  "]}, "Anything at all", False),
        ({"keys": [" reef "]}, "The reef!", True),
        ({"keys": ["hollow"]}, "HOLLOW", True),
        ({"keys": ["ХУТОР"]}, "на хуторе", True),
        ({"keys": ["hollow"], "case_sensitive": True}, "HOLLOW", False),
        ({"keys": ["hollow"], "extensions": {"case_sensitive": True}}, "HOLLOW", False),
        ({"keys": ["{{user}}'s boat"]}, "Whose? Anna's boat.", True),
        ({"keys": ["a"], "selective": True, "secondary_keys": ["b"]}, "a", False),
        ({"keys": ["a"], "selective": True, "secondary_keys": ["b"]}, "a b", True),
        ({"keys": ["a"], "selective": True, "secondary_keys": ["b"]}, "b", False),
        ({"keys": ["a"], "selective": False, "secondary_keys": ["b"]}, "a", True),
        ({"keys": ["a"], "selective": True, "secondary_keys": []}, "a", True),
        (by_logic(1), "a b", True),
        (by_logic(1), "a b c", False),
        (by_logic(2), "a b", False),
        (by_logic(2), "a", True),
        (by_logic(3), "a b", False),
        (by_logic(3), "a b c", True),
        ({"keys": ["arm"], "extensions": {"match_whole_words": True}}, "The army", False),
        ({"keys": ["arm"], "extensions": {"match_whole_words": True}}, "An arm.", True),
        ({"keys": ["кот"], "extensions": {"match_whole_words": True}}, "который", False),
        # A key between slashes is a pattern, with any use_regex; any other is text.
        ({"keys": [r"/hollow\s+gate/i"], "use_regex": True}, "the Hollow   GATE", True),
        ({"keys": [r"/hollow\s+gate/i"], "use_regex": False}, "the Hollow   GATE", True),
        ({"keys": ["/hollow/"]}, "Hollow", False),
        ({"keys": [r"/^\u0433ород$/m"]}, "в\nгород", True),
        ({"keys": ["Hollow.*"], "use_regex": True}, "Hollow and more", False),
        ({"keys": ["Hollow"], "use_regex": True}, "Hollow and more", True),
        ({"keys": ["/(unclosed/"]}, "(unclosed", False),
        ({"keys": ["/(?=reef)/"]}, "reef", False),
        ({"keys": ["/a/b/"]}, "/a/b/", True),
        ({"keys": ["Hollow"], "enabled": False, "constant": True}, "Hollow", False),
        ({"keys": [], "constant": True}, "Hello", True),
        ({"keys": ["Hollow"], "content": ""}, "Hollow", False),
        ({"keys": ["Hollow"], "content": "{{// nothing to read }}"}, "Hollow", False),
    ],
)  # fmt: skip
def test_keys_wake_an_entry(keys: dict[str, Any], message: str, wakes: bool) -> None:
    assert (woken(lore(entry() | keys), message) != []) is wakes


@pytest.mark.parametrize(
    ("content", "message", "scene", "expected"),
    [
        ("@@activate_only_after 3\nLate.", "Hollow", {"replies": 2}, []),
        ("@@activate_only_after 3\nLate.", "Hollow", {"replies": 3}, ["Late."]),
        ("@@activate_only_every 2\nOdd out.", "Hollow", {"replies": 3}, []),
        ("@@activate_only_every 2\nOdd out.", "Hollow", {"replies": 4}, ["Odd out."]),
        ("@@is_greeting 1\nSecond.", "Hollow", {"greeting": 0}, []),
        ("@@is_greeting 1\nSecond.", "Hollow", {"greeting": 1}, ["Second."]),
        ("@@exclude_keys beacon,reef\nDry.", "Hollow reef", {}, []),
        ("@@exclude_keys beacon,reef\nDry.", "Hollow", {}, ["Dry."]),
        ("@@additional_keys beacon, reef\nWet.", "Hollow", {}, []),
        ("@@additional_keys beacon, reef\nWet.", "Hollow reef", {}, ["Wet."]),
        ("@@dont_activate\nNever.", "Hollow", {}, []),
        ("@@dont_activate\n@@activate\nAlways.", "nothing", {}, ["Always."]),
        ("@@activate\n@@is_greeting 7\nAlways.", "nothing", {}, ["Always."]),
        ("@@we_invented_this 5\nText stays.", "Hollow", {}, ["Text stays."]),
        ("@@depth many\nText stays.", "Hollow", {}, ["Text stays."]),
        ("@@scan_depth 0\nBlind.", "Hollow", {}, []),
        ("@@depth 2\r\n@@role user\r\n\r\nIt rains.\r\nStill.", "Hollow", {}, ["It rains.\nStill."]),
        ("It says:\n@@depth 2", "Hollow", {}, ["It says:\n@@depth 2"]),
    ],
)
def test_decorators_decide_and_are_cut_off(
    content: str, message: str, scene: dict[str, Any], expected: list[str]
) -> None:
    assert woken(lore(entry("Hollow", content=content)), message, **scene) == expected


@pytest.mark.parametrize(
    ("content", "followed"),
    [
        ("@@depth 3\n@@@depth 1\nText", {"depth": "3"}),
        ("@@invented 9\n@@@depth 1\nText", {"depth": "1"}),
        ("@@a 1\n@@@b 1\n@@@c 1\n@@@d 1\n@@@e 1\n@@@depth 6\n@@@depth 7\nText", {"depth": "6"}),
        ("@@@depth 1\nText", {}),
        ("@@depth 1\n@@depth 2\nText", {"depth": "1"}),
        ("@@ROLE assistant\n@@role nobody\nText", {"role": "assistant"}),
        ("\n@@activate\n\n@@position after_desc\n\n\nText", {"activate": "", "position": "after_desc"}),
    ],
)
def test_a_fallback_counts_where_those_above_it_are_unknown(content: str, followed: dict[str, str]) -> None:
    says, text = read_decorators(content)
    assert (says.values, text) == (followed, "Text")


def test_the_book_says_how_many_of_the_newest_messages_are_looked_at_and_an_entry_may_say_otherwise() -> None:
    messages = ("Hollow", "x", "y")

    assert woken(lore(entry("Hollow"), scan_depth=3), *messages) == ["It."]
    assert woken(lore(entry("Hollow"), scan_depth=2), *messages) == []
    assert woken(lore(extended("Hollow", scan_depth=3), scan_depth=2), *messages) == ["It."]
    assert woken(lore(entry("Hollow", content="@@scan_depth 3\nIt."), scan_depth=0), *messages) == ["It."]
    assert woken(lore(entry("Hollow")), "Hollow", *"abc") == ["It."]
    assert woken(lore(entry("Hollow")), "Hollow", *"abcd") == []


def test_entries_stand_before_and_after_the_character_in_their_order_and_once_each() -> None:
    book = lore(
        entry("a", content="third", insertion_order=30),
        entry("a", "b", content="first", insertion_order=10),
        entry("a", content="second", insertion_order=20),
        entry("b", content="front", insertion_order=99, position="before_char"),
        entry("b", content="@@position before_desc\nfore", insertion_order=9),
        extended("b", content="st", position=0),
    )
    passages = book.at(Scene(["a b a", "b"]), MACROS)

    texts = "st\n\nfore\n\nfront\n\nfirst\n\nsecond\n\nthird"
    assert [(at.depth, at.line.text) for at in passages.at_depth()] == [
        (1, f"From the card's book, on what is being spoken of:\n<book>\n{texts}\n</book>")
    ]


def played(book: Lore, *texts: str) -> list[list[str]]:
    """The lines of the prompt for each of the texts, every earlier one answered with "Yes."."""
    prompts = []
    for number in range(1, len(texts) + 1):
        past, message = [Exchange(text, "Yes.") for text in texts[: number - 1]], Exchange(texts[number - 1], "")
        spoken, turns = heard("", [*past, message])
        passages = book.at(Scene(spoken, turns=turns), MACROS)
        before, deep = passages.woken(), passages.at_depth()
        lines = conversation(
            CardData(name="Odo"),
            MACROS,
            remembered="",
            greeting="",
            past=past,
            message=message,
            before_message=before,
            at_depth=deep,
        )
        prompts.append([" ".join(line.text.split("<book>\n")[-1].removesuffix("\n</book>").split()) for line in lines])
    return prompts


def test_an_entry_stays_before_the_message_that_woke_it_first() -> None:
    book = lore(entry("reef", content="Sharp."), entry("inn", content="Warm."), scan_depth=1)

    assert played(book, "reef", "inn", "", "reef")[-1] == [
        "Sharp.",
        "reef",
        "Yes.",
        "Warm.",
        "inn",
        *["Yes."] * 2,
        "reef",
    ]


@given(st.lists(st.sampled_from(["reef", "inn", "reef inn", "sea", ""]), max_size=8), st.booleans())
def test_a_prompt_with_a_book_grows_at_its_end(texts: list[str], recursive: bool) -> None:
    book = lore(
        entry("reef", content="Sharp sea."), entry("inn", content="Warm."), entry("sea"), recursive_scanning=recursive
    )
    prompts = played(book, *texts)

    for (before, now), text in zip(pairwise(prompts), texts, strict=False):
        assert now[: len(before)] == before if text else now[: len(before) - 1] == before[:-1]


@pytest.mark.parametrize(
    "by_turn",
    [
        extended("reef", probability=99.9999),
        entry("reef", content="@@activate_only_after 0\nIt."),
        entry("reef", content="@@exclude_keys inn\nIt."),
        entry("reef", content="@@keep_activate_after_match\nIt."),
        entry("reef", content="It{{random:.}}"),
        entry("reef", content="It{{roll:1}}"),
        entry("reef", selective=True, secondary_keys=["inn"]) | {"extensions": {"selectiveLogic": 2}},
    ],
)
def test_an_entry_in_which_the_turn_has_a_say_does_not_stay(by_turn: dict[str, Any]) -> None:
    first, second = played(lore(by_turn, scan_depth=1), "reef", "sea")

    assert first[0].startswith("It")
    assert second == ["reef", "Yes.", "sea"]


def test_over_the_budget_all_entries_leave_that_the_newest_messages_did_not_wake() -> None:
    long = [entry(f"key{n}", content=pad(f"Entry {n}", 100), insertion_order=n) for n in range(4)]
    prompts = played(lore(*long, token_budget=350, scan_depth=1), "key0", "key1", "key2", "key3")
    shown = [[n for n in range(4) if any(line.startswith(f"Entry {n}") for line in prompt)] for prompt in prompts]

    assert shown == [[0], [0, 1], [0, 1, 2], [3]]


def test_a_large_book_is_played_at_the_newest_message_alone() -> None:
    many = [entry(f"key{n}", f"other{n}", content=f"Entry {n}.") for n in range(MAX_KEYS)]

    assert played(lore(*many, scan_depth=1), "key7", "sea")[1] == ["key7", "Yes.", "sea"]


def test_constant_entries_stand_in_the_instructions_unless_the_turn_has_a_say() -> None:
    passages = lore(
        entry(content="always", constant=True),
        entry(content="front", constant=True, position="before_char"),
        entry(content="@@activate_only_after 0\nlate", constant=True),
        extended(content="by chance", position=4, probability=100) | {"constant": True},
    ).at(Scene(["Hello"]), MACROS)

    assert (passages.steady("before"), passages.steady("after")) == (["front"], ["always"])
    assert "late" in passages.woken()[0]
    assert [(at.depth, at.line.role) for at in passages.at_depth()] == [(4, "developer")]


@pytest.mark.parametrize(
    ("given", "depth", "role"),
    [
        (entry("a", content="@@depth 3\nIt."), 3, "developer"),
        (entry("a", content="@@depth 0\n@@role assistant\nIt."), 0, "assistant"),
        (entry("a", content="@@depth -2\nIt."), 0, "developer"),
        (entry("a", content="@@reverse_depth 1\nIt."), 2, "developer"),
        (extended("a", position=4), 4, "developer"),
        (extended("a", position=4, depth=2, role=1), 2, "user"),
        (extended("a", position=4, depth=2, role=2), 2, "assistant"),
        (extended("a", position=4, depth=2, role=9), 2, "developer"),
    ],
)
def test_an_entry_may_stand_within_the_conversation(given: dict[str, Any], depth: int, role: str) -> None:
    (at,) = lore(given).at(Scene(["x", "y", "a"]), MACROS).at_depth()

    assert (at.depth, at.line.role) == (depth, role)
    assert at.line.text.endswith("It." if role != "developer" else "<book>\nIt.\n</book>")


CHAIN = [entry(f"key{n}", content=f"Then key{n + 1}.", insertion_order=n) for n in range(40)]


def test_contents_wake_other_entries_if_the_book_says_so_and_as_often_as_it_says() -> None:
    assert woken(lore(*CHAIN), "key0!") == ["Then key1."]
    assert woken(lore(*CHAIN, recursive_scanning=False), "key0!") == ["Then key1."]
    assert len(woken(lore(*CHAIN, recursive_scanning=True), "key0!")) == MAX_ROUNDS + 1


def test_entries_that_wake_each_other_end() -> None:
    circle = [entry("a", content="see b"), entry("b", content="see a"), entry("c", content="c")]

    assert woken(lore(*circle, recursive_scanning=True), "a") == ["see b", "see a"]


def test_hidden_keys_wake_others_and_comments_do_not() -> None:
    def wakes(content: str) -> bool:
        return len(woken(lore(entry("a", content=content), entry("reef"), recursive_scanning=True), "a")) > 1

    assert wakes("It. {{hidden_key:reef}}")
    assert not wakes("It. {{// reef}}")
    assert not wakes("It. {{comment: reef}}")


@pytest.mark.parametrize(
    ("first", "second", "message", "count"),
    [
        ({"prevent_recursion": True}, {}, "a", 1),
        ({}, {"exclude_recursion": True}, "a", 1),
        ({}, {"delay_until_recursion": True}, "a", 2),
        ({"exclude_recursion": True}, {"delay_until_recursion": True}, "a b", 2),
    ],
)
def test_sillytaverns_rules_of_recursion_are_followed(
    first: dict[str, Any], second: dict[str, Any], message: str, count: int
) -> None:
    book = lore(extended("a", content="b", **first), extended("b", content="c", **second), recursive_scanning=True)

    assert len(woken(book, message)) == count


def test_an_entry_that_waits_for_another_is_not_woken_by_a_message() -> None:
    assert woken(lore(extended("a", delay_until_recursion=True), recursive_scanning=True), "a") == []


def pad(text: str, size: int = 150) -> str:
    return text + " pad" * size


def test_over_the_budget_the_lowest_priority_goes_first() -> None:
    book = lore(
        entry("a", content="keep", insertion_order=1, priority=10),
        entry("a", content=pad("drop"), insertion_order=2, priority=1),
        entry("a", content="keep too", insertion_order=3, priority=5),
        token_budget=160,
    )
    assert woken(book, "a") == ["keep", "keep too"]


def test_where_no_entry_has_a_priority_the_constant_and_the_later_ones_stay() -> None:
    book = lore(
        entry("a", content=pad("first"), insertion_order=1),
        entry("a", content=pad("last"), insertion_order=9),
        entry("a", content=pad("always"), insertion_order=0, constant=True),
        entry("a", content=pad("@@ignore_on_max_context\nno matter"), insertion_order=99),
        token_budget=350,
    )
    assert [text.split()[0] for text in woken(book, "a")] == ["always", "last"]


def test_an_entry_larger_than_any_budget_costs_no_other_its_place() -> None:
    assert woken(lore(entry("a", content=pad("huge", 9000), priority=9), entry("a")), "a") == ["It."]
    assert woken(lore(entry("a"), token_budget=0), "a") == []


def test_no_book_takes_more_than_its_largest_share_of_a_prompt() -> None:
    many = [entry("a", content=pad(str(n))) for n in range(200)]

    for asked in (None, 10**9):
        assert 0 < sum(map(tokens, woken(lore(*many, token_budget=asked), "a"))) <= MAX_BUDGET


def test_luck_is_the_same_when_a_turn_is_tried_again_and_differs_between_turns() -> None:
    book = lore(extended("a", probability=50))
    lucky = [bool(woken(book, "a", seed=str(turn))) for turn in range(200)]

    assert lucky == [bool(woken(book, "a", seed=str(turn))) for turn in range(200)]
    assert 60 < sum(lucky) < 140
    assert not any(woken(lore(extended("a", probability=0)), "a", seed=str(turn)) for turn in range(50))
    assert all(
        woken(lore(extended("a", probability=0, useProbability=False)), "a", seed=str(turn)) for turn in range(9)
    )


def test_an_entry_may_stay_or_be_gone_after_it_was_woken_once() -> None:
    book = lore(
        entry("a", content="@@keep_activate_after_match\nstays"),
        entry("a", content="@@dont_activate_after_match\nonce"),
    )
    first = book.at(Scene(["a"]), MACROS)
    names = first.to_remember()

    assert len(names) == 2
    assert woken(book, "a") == ["stays", "once"]
    assert woken(book, "nothing", woken=names) == ["stays"]
    assert woken(book, "a", woken=names) == ["stays"]


def test_what_the_person_writes_is_no_macro_and_no_decorator() -> None:
    assert woken(lore(entry("Hollow")), "{{char}} @@activate <START> {{hidden_key:Hollow") == ["It."]
    assert woken(lore(entry("Odo")), "{{char}} @@activate") == []


def test_macros_in_contents_are_filled() -> None:
    assert woken(lore(entry("a", content="{{char}} knows {{user}}. {{roll:1}}")), "a") == ["Odo knows Anna. 1"]


def test_a_huge_book_of_entries_that_all_wake_each_other_is_done_in_bounded_work() -> None:
    """2,000 entries with 20,000 keys and 2 MB of contents. Were the work not bounded, this test would not end."""
    keys = [f"key{n}" for n in range(10)]
    many = [entry(*keys, f"own{n}", content=f"own{n + 1} own{n + 2} " + "la " * 300) for n in range(2000)]

    assert woken(lore(*many, recursive_scanning=True), "own0")
    assert MAX_SCANNED < 10**5


@given(st.lists(st.sampled_from([r"(a+)+$", r"(a|a)*b", r"a{1000}{1000}", "(?<=x)y", r"\1", "[", "(?i", "*"])))
def test_no_pattern_takes_long_or_fails(patterns: Sequence[str]) -> None:
    woken(lore(entry(*(f"/{pattern}/" for pattern in patterns))), "a" * 4096 + "!")


def test_the_pattern_library_is_loaded_by_the_first_pattern_and_prints_nothing_of_a_card() -> None:
    program = """
import sys
import functions.llm_reply.prompting.book.lines
from troupe.characters.patterns import compiled
assert "re2" not in sys.modules
assert compiled("plain") is None and "re2" not in sys.modules
assert compiled("/(secret/") is None and "re2" in sys.modules
"""
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert (ran.stdout, ran.stderr) == ("", "")
