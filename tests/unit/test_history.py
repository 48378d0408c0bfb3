"""The earlier turns that a prompt repeats, and the estimate of a text's tokens."""

from typing import Any

import pytest

from functions.llm_reply.prompting.history import MAX_READ, cost, exchanges
from functions.llm_reply.prompting.prompt import Exchange
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import (
    ANSWERED,
    DELIVERED,
    DRAWING,
    FAILED,
    GIVEN_UP,
    HELD,
    JOINED,
    RECEIVED,
    UNADDRESSED,
    WITHDRAWN,
)
from troupe.tokens import tokens

HERE = "1:0:mario:0"


def turn(number: int, **fields: Any) -> Turn:
    """In all 2 * 29 tokens: 100 bytes of text and 100 of answer."""
    known: dict[str, Any] = {
        "conversation_id": HERE,
        "status": DELIVERED,
        "text": "q" * 100,
        "answer": "a" * 100,
        "reply_ids": [number],
        "received_at": number,
    }
    return Turn(1, number, **known | fields)


def read(*earlier: Turn, after: int = 0, budget: int = 1000) -> list[int]:
    return [exchange.message_id for exchange in exchanges(earlier, HERE, before=100, after=after, budget=budget)]


@pytest.mark.parametrize(("text", "count"), [("", 4), ("abc", 4), ("abcd", 5), ("a" * 400, 104), ("ж" * 400, 204)])
def test_a_token_is_four_bytes_and_each_text_costs_four_more(text: str, count: int) -> None:
    assert tokens(text) == count


def test_an_exchange_costs_its_question_and_its_answer() -> None:
    assert cost(Exchange("q" * 100, "a" * 40)) == 29 + 14


def test_history_reaches_two_budgets_back_and_no_further() -> None:
    # Each costs 58.
    newest_first = [turn(number) for number in range(9, 0, -1)]

    assert read(*newest_first, budget=58) == [8, 9]
    assert read(*newest_first, budget=87) == [7, 8, 9]
    assert read(*newest_first, budget=86) == [8, 9]
    assert read(*newest_first, budget=28) == []


def test_history_begins_behind_the_summary() -> None:
    assert read(turn(4), turn(3), turn(2), after=3) == [4]
    assert read(turn(4), turn(3), turn(2), after=1) == [2, 3, 4]


@pytest.mark.parametrize("status", [ANSWERED, DELIVERED, JOINED])
def test_an_answered_or_joined_turn_is_repeated(status: str) -> None:
    assert read(turn(2, status=status), turn(1)) == [1, 2]


@pytest.mark.parametrize("status", [RECEIVED, UNADDRESSED, WITHDRAWN, GIVEN_UP, FAILED])
def test_an_unanswered_or_withdrawn_turn_is_not_repeated(status: str) -> None:
    assert read(turn(2, status=status), turn(1)) == [1]


def test_a_turn_of_another_conversation_is_passed_over_at_no_cost() -> None:
    others = [turn(number, conversation_id="1:0:nemo:0") for number in range(8, 2, -1)]
    assert read(turn(9), *others, turn(2), budget=58) == [2, 9]


def test_an_exchange_carries_both_texts_and_the_messages_of_the_answer() -> None:
    joined = turn(1, status=JOINED, answer=None, reply_ids=[])
    assert exchanges([turn(2), joined], HERE, before=3, after=0, budget=1000) == [
        Exchange("q" * 100, "", 1, (), 1),
        Exchange("q" * 100, "a" * 100, 2, (2,), 2),
    ]


def test_a_picture_is_remembered_once_it_was_sent_and_not_as_words_of_the_character() -> None:
    wish = {"kind": DRAWING, "text": "", "drawing": {"of": "portrait", "by": "button"}}
    sent = turn(3, **wish, answer="[a picture: the character]")
    held = turn(4, **wish, answer=None, status=HELD)

    (found,) = exchanges([held, sent], HERE, before=100, after=0, budget=1000)

    assert (found.message_id, found.answer, found.reply_ids) == (3, "", (3,))
    assert found.text == "[the character sent the person a picture: a portrait of the character]"


def test_no_more_than_a_bounded_number_of_turns_is_read_for_a_prompt() -> None:
    elsewhere = (turn(number, conversation_id="1:0:ada:0") for number in range(10**9, 0, -1))

    assert exchanges(elsewhere, HERE, before=10**9, after=0, budget=1000) == []
    assert next(elsewhere).message_id == 10**9 - MAX_READ
