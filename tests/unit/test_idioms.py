"""Idioms stand for what they mean: on the side of the message and of the line that it looks for."""

from datetime import date

import pytest

from troupe.recall.idioms import idioms_in
from troupe.recall.index import Said, postings
from troupe.recall.query import query_of
from troupe.recall.ranking import rank

TODAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("When was I fired?", "They showed me the door on a Friday."),
        ("Who is my wife?", "My better half is called Nadia."),
        ("Was I ill?", "I was a bit under the weather that week."),
        ("Когда меня уволили?", "В мае мне указали на дверь."),
        ("Я тогда заболела?", "В январе я слегла с температурой."),
    ],
)
def test_a_line_with_an_idiom_is_found_by_what_it_means(asked: str, said: str) -> None:
    small_talk = [Said("The tram was late again.", "Is that so?", TODAY)] * 6
    found = postings([*small_talk, Said(said, "Go on.", TODAY), *small_talk])
    assert rank(query_of(asked, TODAY), found, 2 * 13).numbers[0] == 2 * 6


def test_a_long_message_that_asks_nothing_is_looked_up_by_few_words() -> None:
    told = "Yesterday the postman brought an enormous parcel of Portuguese dictionaries and biscuits."
    assert len(query_of(told, TODAY).own) == 3
    assert len(query_of(f"{told} Who sent it?", TODAY).own) > 4


def test_words_of_an_idiom_in_another_order_or_far_apart_mean_nothing() -> None:
    assert idioms_in("He got the sack.")
    assert not idioms_in("The sack was heavy when he got it home.")
    assert not idioms_in("Show me the way to the old oak door.")
