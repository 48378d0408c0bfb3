"""Without a script the offline model improvises in character, and says that it is offline."""

import re

import pytest
from openai import AsyncOpenAI
from openai.types.responses import ResponseInputParam

from local.llm.improvisation import Improvisation
from local.llm.prompt import Message, Prompt

CARD = """You are Mario, the plumber of the Mushroom Kingdom.
Personality: cheerful, brave.
{{user}}: How are you?
{{char}}: Mamma mia, what a day!
Mario: Let's-a go!
Mario: Вот так приключение!
"""
OWN_WORDS = ("Mamma mia, what a day!", "Let's-a go!")


async def answer(openai: AsyncOpenAI, *lines: str, greeting: str | None = None) -> str:
    """:param lines: alternate between the person and the character; the first and the last are the person's"""
    history: ResponseInputParam = [{"role": "assistant", "content": greeting}] if greeting else []
    for index, line in enumerate(lines):
        history.append({"role": "assistant" if index % 2 else "user", "content": line})
    response = await openai.responses.create(model="gpt-6-luna", instructions=CARD, input=history, store=False)
    return response.output_text


async def test_it_speaks_with_the_characters_own_words(openai: AsyncOpenAI) -> None:
    assert (await answer(openai, "I went to the castle")).startswith(OWN_WORDS)


async def test_a_gesture_of_the_character_stays_between_its_asterisks(openai: AsyncOpenAI) -> None:
    answers = [await answer(openai, f"Door {number}", greeting="*tips his red cap* Come in!") for number in range(8)]
    gestures = [each for each in answers if "*tips his red cap* " in each]
    assert gestures
    assert not [each for each in answers if "red cap" in each.replace("*tips his red cap*", "")]


async def test_it_refers_to_the_persons_words(openai: AsyncOpenAI) -> None:
    assert "I went to the castle" in await answer(openai, "Hm. I went to the castle!")


@pytest.mark.parametrize(
    ("told", "asked", "expected"),
    [
        ("Hi, my name is anna", "What's my name?", "Anna"),
        ("I'm Boris and I love old maps", "do you remember what I love? What do I love?", "love old maps"),
        ("Меня зовут Оля", "Как меня зовут?", "Оля"),
        ("Я люблю горячий чай", "Что я люблю?", "люблю горячий чай"),
    ],
)
async def test_it_remembers_earlier_messages(openai: AsyncOpenAI, told: str, asked: str, expected: str) -> None:
    assert expected in await answer(openai, told, "A fine day!", "Sure", "Yes.", asked)


async def test_it_admits_that_it_was_never_told(openai: AsyncOpenAI) -> None:
    assert re.search(r"not told me your name|kept it to yourself", await answer(openai, "What is my name?"))


async def test_it_answers_in_the_language_of_the_last_message(openai: AsyncOpenAI) -> None:
    russian = await answer(openai, "Hello", "Hi!", "А теперь по-русски")
    assert russian.startswith("Вот так приключение!")
    assert "Let's-a go!" not in russian
    assert not re.search("[а-я]", await answer(openai, "Привет", "Привет!", "And now in English"))


async def test_it_says_once_in_a_conversation_that_it_is_offline(openai: AsyncOpenAI) -> None:
    first = await answer(openai, "Hello", greeting="It's-a me!")
    assert "Offline model" in first
    assert "OPENAI_API_KEY" in first
    assert "OPENAI_API_KEY" not in await answer(openai, "Hello", first, "And now?", greeting="It's-a me!")
    assert "офлайн-модель" in await answer(openai, "Привет")


async def test_a_new_server_gives_the_same_answers_and_one_that_is_asked_again_another(openai: AsyncOpenAI) -> None:
    prompt = Prompt("You are Mario.", (Message("user", "Tell me a story"),))
    answers = [await answer(openai, "Tell me a story") for _ in range(6)]
    one, other = Improvisation(), Improvisation()

    assert [one(prompt) for _ in range(6)] == [other(prompt) for _ in range(6)]
    assert len(set(answers)) > 1


@pytest.mark.parametrize("said", ["😀", "{} {name} {0}", "*_`[x](y)`_*", "?", "   .", "a" * 4096])
async def test_it_answers_any_text(openai: AsyncOpenAI, said: str) -> None:
    assert (await answer(openai, said)).strip()


async def test_a_request_without_a_character_or_a_person_is_answered_too(openai: AsyncOpenAI) -> None:
    response = await openai.responses.create(
        model="gpt-6-luna", input=[{"role": "developer", "content": "Say something."}], store=False
    )
    assert response.output_text
