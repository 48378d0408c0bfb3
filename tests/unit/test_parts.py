"""A long answer goes out in messages that Telegram takes and that read well."""

import random
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.llm_reply.formatting.split import JOINER, MAX_ENTITIES, MAX_UNITS, OutgoingMessage, draft, split


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def check(part: OutgoingMessage) -> None:
    """What Telegram would say to it."""
    encoded = part.text.encode("utf-16-le")
    assert 0 < len(encoded) // 2 <= MAX_UNITS
    assert part.text == part.text.strip()
    assert len(part.entities) <= MAX_ENTITIES
    for entity in part.entities:
        end = entity.offset + entity.length
        assert 0 <= entity.offset < end <= len(encoded) // 2
        # Strict: raises if a range begins or ends in the middle of a surrogate pair.
        assert encoded[2 * entity.offset : 2 * end].decode("utf-16-le").strip()


def test_a_short_answer_is_one_message_and_an_empty_one_is_none() -> None:
    assert split(" Hello! ") == (OutgoingMessage("Hello!"),)
    assert split(" \n") == ()


@pytest.mark.parametrize(
    ("before", "pause", "behind"),
    [
        ("One. Two\nthree " * 250, "\n\n", "four five. six\nseven " * 200),
        ("One. Two three " * 250, "\n", "four five. six seven " * 200),
        ("one two " * 480 + 'he said: "Stop!"', " ", "three four " * 200),
        ("x" * 4000, " ", "y" * 4000),
    ],
)
def test_it_is_cut_at_a_paragraph_else_a_line_else_a_sentence_else_a_word(before: str, pause: str, behind: str) -> None:
    first, second, *_ = split(before.strip() + pause + behind)
    assert first.text == before.strip()
    assert behind.startswith(second.text)


def test_ten_thousand_characters_come_whole_and_in_order() -> None:
    story = "\n\n".join(f"*Scene {number}.*" + " And they went on and on." * 13 for number in range(32))
    assert len(story) > 10_000
    found = split(story)
    assert len(found) == 3
    assert "\n\n".join(part.text for part in found) == story.replace("*", "")
    assert sum(len(part.entities) for part in found) == 32


def test_no_action_is_cut_in_two_while_there_is_another_place() -> None:
    action = "*" + "He walks. " * 30 + "He stops.*"
    first, second = split("Go. " * 950 + action)
    assert first.entities == ()
    (entity,) = second.entities
    assert (entity.offset, entity.length) == (0, units(second.text))


def test_an_answer_longer_than_a_message_stays_formatted_in_each_message() -> None:
    found = split("```py\n" + "print('a line of code')\n" * 400 + "```")
    assert len(found) > 1
    for part in found:
        assert [(entity.offset, entity.length, entity.language) for entity in part.entities] == [
            (0, units(part.text), "py")
        ]


def test_more_entities_than_a_message_may_carry_go_into_the_next() -> None:
    found = split("*a* b " * 250)
    assert [len(part.entities) for part in found] == [100, 100, 50]
    assert " ".join(part.text for part in found) == ("a b " * 250).strip()


@pytest.mark.parametrize("symbol", ["😀", "👩‍👩‍👧‍👦", "🇷🇺", "👍🏽", "e\u0301", "1️⃣", "❤️"])
@pytest.mark.parametrize("shift", range(3))
def test_no_symbol_is_torn_apart_where_there_is_no_pause_at_all(symbol: str, shift: int) -> None:
    found = split("x" * shift + symbol * 3000)
    assert len(found) > 1
    for part in found:
        assert part.text.lstrip("x").replace(symbol, "") == ""


def test_a_long_row_of_accents_ends_somewhere() -> None:
    assert "".join(part.text for part in split("e" + "\u0301" * 9000)) == "e" + "\u0301" * 9000


def test_a_draft_of_a_long_text_is_its_first_part() -> None:
    text = "Word after word. " * 600
    assert draft(text) == split(text)[0]


pieces = st.sampled_from(
    ["word ", "Слово. ", "*act* ", "**b** ", "*one\n\n", "two* ", "\n\n", "\n", "> q\n", "```\ncode\n```\n", "😀",
     "👩‍👩‍👧", "🇷🇺", "x" * 500, "_a " * 40, "`c` ", "[l](https://a.b) ", "||s||", "e\u0301", "\u200b", "- ",
     "<b>", "</b>"]
)  # fmt: skip
long = st.lists(st.tuples(pieces, st.integers(1, 60)), max_size=40).map(
    lambda found: "".join(piece * count for piece, count in found)
)


@given(long)
@settings(max_examples=settings().max_examples // 2)
def test_every_part_of_a_long_answer_is_one_that_telegram_takes(source: str) -> None:
    found = split(source)
    for part in (*found, *([draft(source)] if draft(source).text else [])):
        check(part)
    for part in found:
        assert not unicodedata.category(part.text[0]).startswith("M")
        assert not part.text.startswith(JOINER)
    assert split(source) == found


def test_a_part_of_plain_text_is_not_cut_any_further() -> None:
    for part in split("A sentence. Another one!\n\nA paragraph; " * 700):
        assert split(part.text) == (part,)


def test_twenty_thousand_random_texts_raise_nothing_and_yield_messages_that_telegram_takes() -> None:
    chance = random.Random(7)  # noqa: S311 - the same texts every time
    characters = "ab \n*_~|`\\<>/[]()#-+=!.\"'&;1«—é\u200b\t\r\0"
    groups = "** *** ``` || ~~ <b> </b> </i> <i> [x](https://a.b) &lt; 👩‍👩‍👧 🇷🇺".split()
    alphabet = [*characters, *groups, "\n```py\n", "\n> ", "\n- ", "\n* ", "\n# "]
    for _ in range(20_000):
        source = "".join(chance.choices(alphabet, k=chance.randrange(60)))
        found = split(source)
        assert found or not source.strip()
        for part in found:
            check(part)


HOSTILE = [
    "*a ",
    "_a *b* ",
    "<b>",
    "`a` ",
    "*a*`b` ",
    "](http://a",
    "[",
    "``` a\n",
    "\n# a#",
    "a\n",
    "\n>*a*\n",
    "😀",
    "***a** ",
]


# With work that grew as the square of the text, each of these would take minutes.
@pytest.mark.timeout(60)
@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_text_takes_long_or_makes_many_messages(hostile: str) -> None:
    longest = hostile * (160_000 // len(hostile))
    draft(longest)
    parts = split(longest)
    assert len(parts) <= 160_000 // MAX_UNITS * 2 + 5
