"""Recall finds earlier lines in both languages: by stems, kinds of things, times, and the lines around."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troupe.recall.choosing import MAX_LINE, Line, chosen, shortened, to_read
from troupe.recall.dates import terms_asked_for, terms_of_day
from troupe.recall.elapsed import DAY, HOUR, elapsed
from troupe.recall.index import CHARACTER, PERSON, Said, index_terms, merged, postings
from troupe.recall.query import query_of
from troupe.recall.ranking import rank
from troupe.recall.stems import stem
from troupe.recall.words import terms

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    "forms",
    [
        "bee bees", "run running ran", "adopt adopted adopting", "story stories", "paint painting painted paintings",
        "buy bought buying",
        "mum mother mom", "research researching researched",
        "сестра сестре сестрой сестры сестру", "люблю любил любишь любила", "переехал переехала переехать",
        "аллергия аллергии аллергию",
        "собака собаку пес щенок", "ребёнок дети ребенка", "работа работе работал работаю",
    ],
)  # fmt: skip
def test_the_forms_of_a_word_have_one_stem(forms: str) -> None:
    assert len({stem for form in forms.split() for stem in terms(form)}) == 1


@given(st.text(min_size=1, max_size=40))
def test_any_text_has_terms(text: str) -> None:
    assert all(index_terms(text, TODAY))
    for word in text.lower().split():
        assert isinstance(stem(word), str)


@pytest.mark.parametrize(
    ("words", "said_on", "found"),
    [
        ("What did I do in May?", date(2026, 5, 3), True),
        ("What did I do in May?", date(2026, 6, 3), False),
        ("I may come tomorrow", date(2026, 5, 3), False),
        ("Where was I last summer?", date(2026, 7, 14), True),
        ("Where was I last summer?", date(2025, 7, 14), False),
        ("What happened on 3 July 2025?", date(2025, 7, 3), True),
        ("What did I say yesterday?", date(2026, 11, 24), True),
        ("что я говорил вчера?", date(2026, 11, 24), True),
        ("где я был прошлым летом?", date(2026, 8, 1), True),
        ("что было в марте?", date(2026, 3, 9), True),
        ("что было на прошлой неделе?", date(2026, 11, 17), True),
        ("мне тридцать лет", date(2026, 7, 1), False),
    ],
)
def test_a_time_in_the_words_finds_the_lines_of_that_time(words: str, said_on: date, found: bool) -> None:
    assert bool(terms_asked_for(words, TODAY) & set(terms_of_day(said_on))) is found


CHAT = [
    Said("Hi!", "Good evening. What brings you here?", date(2026, 3, 1)),
    Said("My daughter Vera plays the cello.", "How lovely. Since when?", date(2026, 3, 1)),
    Said("Since she was six.", "Then she must be good at it.", date(2026, 3, 1)),
    *[Said(f"The weather is number {number}.", "So it is.", date(2026, 4, 1)) for number in range(40)],
    Said("Моя сестра переехала в Казань.", "Далеко!", date(2026, 5, 1)),
    Said("I moved to Lisbon.", "Again?", date(2026, 6, 1)),
]


def best(message: str, many: int = 3, **given: str) -> list[int]:
    query = query_of(message, TODAY, before=given.get("before", ""), names=("Vera's mother",))
    return list(rank(query, postings(CHAT), 2 * len(CHAT)).numbers[:many])


def test_the_line_itself_and_the_lines_around_it_come_first() -> None:
    assert best("Do you remember what my daughter plays?")[0] == 2 * 1 + PERSON
    # "Since she was six" has no word of the question.
    assert 2 * 2 + PERSON in best("When did my daughter begin the cello?")


def test_other_forms_other_words_of_a_kind_and_another_language_are_found() -> None:
    assert best("в каком городе живёт сестра?")[0] // 2 == 43
    assert best("Which instrument is it?")[0] // 2 == 1
    assert best("Tell me about my family")[0] // 2 in (1, 43)


def test_a_short_message_is_understood_from_what_went_before() -> None:
    assert best("And since when?", before="We spoke of the cello.")[0] // 2 in (1, 2)


def test_the_newer_of_two_similar_lines_comes_first() -> None:
    conversation = [Said("I live in Rome.", "", TODAY), *CHAT[3:20], Said("I live in Oslo.", "", TODAY)]
    ranking = rank(query_of("Where do I live?", TODAY), postings(conversation), 2 * len(conversation))
    assert ranking.numbers[0] == 2 * (len(conversation) - 1)


def test_the_confidence_tells_known_subjects_from_unknown_ones() -> None:
    spoken, never = (
        rank(query_of(message, TODAY), postings(CHAT), 2 * len(CHAT)).confidence
        for message in ("What does my daughter play?", "How is the accordion of my dentist?")
    )
    assert spoken > 0.5
    assert never < 0.2


def test_of_many_lines_that_hold_the_same_words_some_go_before_a_line_that_holds_others() -> None:
    said = [*["Work was long."] * 30, "My trade is shoeing horses."]
    index = postings([Said(text, "", TODAY) for text in said])
    query = query_of("What is my work, my trade?", TODAY)

    numbers = list(rank(query, index, 2 * len(said)).numbers)

    assert numbers.index(60) < 30
    assert set(numbers) >= {2 * place for place in range(30)}


def test_regret_is_no_fear() -> None:
    for regret in ("It is late, I'm afraid.", "I am afraid not!"):
        assert "afraid" not in terms(regret)
    assert "afraid" in terms("I'm afraid of moths.")


def test_the_more_items_of_the_index_are_read_the_fewer_turns() -> None:
    asking, telling = query_of("Where do I live?", TODAY), query_of("I live here.", TODAY)
    lines = range(0, 400, 2)

    assert [len(to_read(lines, 1500, asking, items)) for items in (4, 20, 40)] == [40, 24, 20]
    assert len(to_read(lines, 375, telling, 4)) == 12
    assert list(to_read(lines, 66, asking, 4)) == [0, 1, 2]


def test_an_index_of_parts_is_the_index_of_the_whole() -> None:
    assert merged([postings(CHAT[:7]), postings(CHAT[7:], first=7)]) == postings(CHAT)


def line(number: int, text: str) -> Line:
    return Line(number, number // 2, text, int(datetime(2026, 3, 1, tzinfo=UTC).timestamp() * 1000))


def test_the_budget_is_kept_and_the_lines_stand_in_the_order_in_which_they_were_said() -> None:
    lines = {number: line(number, f"This is line number {number}") for number in range(20)}
    query = query_of("line?", TODAY)
    kept = chosen(query, [9, 3, 12, 1], lines, budget=30, cost=lambda _: 10)
    assert [each.number for each in kept] == [3, 9, 12]


def test_a_repeated_line_is_shown_once() -> None:
    lines = {1: line(1, "Love you!"), 5: line(5, "love you!")}
    kept = chosen(query_of("love?", TODAY), [5, 1], lines, budget=100, cost=lambda _: 10)
    assert [each.number for each in kept] == [5]


@given(st.text(max_size=2000))
def test_a_long_line_is_shortened_to_its_bound(text: str) -> None:
    assert len(shortened(text, query_of("anything", TODAY))) <= MAX_LINE + 8


def test_a_long_line_is_shown_by_the_sentences_that_bear_on_the_query() -> None:
    text = "The rain went on. " * 20 + "My goose is called Honk. " + "Then it was night. " * 20
    short = shortened(text, query_of("What is my goose called?", TODAY))
    assert "My goose is called Honk." in short
    assert short.startswith(("The rain", "…"))


def test_time_passed_is_told_in_the_largest_unit_of_which_there_are_two() -> None:
    assert [elapsed(ms) for ms in (0, 5 * HOUR, 3 * DAY, 20 * DAY, 100 * DAY, 800 * DAY)] == [
        "a moment", "5 hours", "3 days", "2 weeks", "3 months", "2 years",
    ]  # fmt: skip


def test_the_speaker_that_the_words_ask_about_counts_more() -> None:
    conversation = [Said("I promise you a song.", "", TODAY), *CHAT[3:9], Said("", "I promise you a song.", TODAY)]
    asked = {
        who: rank(query_of(message, TODAY), postings(conversation), 2 * len(conversation)).numbers[0] % 2
        for who, message in ((PERSON, "What did I promise?"), (CHARACTER, "What did you promise?"))
    }
    assert asked == {PERSON: PERSON, CHARACTER: CHARACTER}
