"""Cards from elsewhere, as they are played: what of a book, a decorator and the author's words reaches the model."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pytest

from functions.llm_reply.privacy.data_categories import DATA_CATEGORIES
from functions.llm_reply.privacy.data_category import DataSubject
from tests.integration.guest import PATIENCE_S, Guest, Json
from troupe.characters import owned
from troupe.conversations.conversation import Conversation
from troupe.telegram.texts import ENGLISH

pytestmark = pytest.mark.asyncio(loop_scope="session")

ODO: dict[str, Any] = {
    "name": "Odo Lampwright",
    "nickname": "Odo",
    "description": "{{char}} keeps the last lighthouse.",
    "first_mes": "Wet through, {{user}}?",
    "post_history_instructions": "Never say 'lonely'. {{original}}",
    "extensions": {"depth_prompt": {"prompt": "The clock is slow.", "depth": 2, "role": "system"}},
}
BOOK = [
    {"keys": ["Gull Rock"], "content": "Gull Rock drowned the Marigold.", "insertion_order": 2},
    {"keys": ["/bell|horn/i"], "content": "@@depth 1\n@@role assistant\n*a bell rings*"},
    {"keys": [], "content": "The coast is the Hollow Shore.", "constant": True},
    {"keys": ["lamp"], "content": "@@activate_only_after 3\nThe lamp is old."},
    {"keys": ["goat"], "content": "@@dont_activate_after_match\nThe goat comes once."},
]


async def chooses(guest: Guest, **data: Any) -> str:
    """Of a character of their own with this card; the greeting."""
    card = {"spec": "chara_card_v3", "spec_version": "3.0", "data": ODO | data}
    return await guest.chooses(owned.create(guest.id, card, source="test", checked=True))


def buttons(message: Json) -> list[str]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


def asked(guest: Guest) -> list[tuple[str, str]]:
    body = guest.stack.model.calls[-1].body
    return [("instructions", body["instructions"])] + [(line["role"], line["content"]) for line in body["input"]]


def _marked(words: str) -> str:
    """The data in a developer's line."""
    return words.partition(">\n")[2].rpartition("\n<")[0].partition("\n</")[0]


async def test_a_brought_card_is_played_with_its_book_its_depth_prompt_and_its_last_words(guest: Guest) -> None:
    greeting = await chooses(guest, character_book={"entries": BOOK})
    guest.stack.model.script(text="Sit.", matching="Good evening, Odo.")
    first = await guest.says("Good evening, Odo.")
    await guest.says("Did you hear the bell at Gull Rock?")

    (_, instructions), *lines = asked(guest)
    assert "Odo keeps the last lighthouse.\n\nThe coast is the Hollow Shore.\n</card>" in instructions
    assert [(role, _marked(words) if role == "developer" else words) for role, words in lines] == [
        ("assistant", greeting),
        ("user", "Good evening, Odo."),
        ("developer", "The clock is slow."),
        ("assistant", first),
        ("developer", "Gull Rock drowned the Marigold."),
        ("assistant", "*a bell rings*"),
        ("user", "Did you hear the bell at Gull Rock?"),
        ("developer", "Never say 'lonely'."),
    ]


async def test_an_entry_knows_how_often_the_character_has_spoken_and_whether_it_was_woken_before(guest: Guest) -> None:
    await chooses(guest, character_book={"entries": BOOK})
    seen = []
    for words in ("A lamp and a goat!", "A lamp and a goat again!", "Both once more: lamp, goat."):
        await guest.says(words)
        seen.append([said in str(asked(guest)) for said in ("The lamp is old.", "The goat comes once.")])

    assert seen == [[False, True], [False, False], [True, False]]
    (row,) = Conversation.query(guest.id)
    assert len(row.woken) == 1


def _of(words: Sequence[str], texts: Callable[[], Sequence[str]]) -> list[str]:
    return [word for word in words if word in "".join(texts())]


def long(word: str, parts: int) -> str:
    return "\n\n".join([f"{word} begins. " + f"{word}. " * 350 for _ in range(parts)]) + f" {word} ends."


async def test_every_greeting_is_reached_by_swiping_also_those_in_several_parts(guest: Guest) -> None:
    ends = ["Wind ends.", "Rain ends.", "A short one.", "Snow ends.", "The last."]
    greetings = [long("Rain", 3), "A short one.", long("Snow", 2), "The last."]
    snow = {"keys": [], "constant": True, "content": "@@is_greeting 3\nIt snows."}
    book = {"entries": [snow]}
    await chooses(guest, first_mes=long("Wind", 2), alternate_greetings=greetings, extensions={}, character_book=book)
    await guest.hears(2)
    for place, end in [(2, "Rain ends."), (3, "A short one."), (4, "Snow ends.")]:
        swipe = next(message for message in guest.received() if f"{place - 1}/5" in buttons(message))
        guest.user.press(swipe["message_id"], "▶")
        shown = partial(_of, ends, guest.texts)
        await guest.stack.simulator.wait_for(lambda: shown() == [end], timeout=PATIENCE_S)  # noqa: B023 - awaited here
    await guest.says("Cold!")

    _, (role, greeting), *rest = asked(guest)
    assert (role, greeting.endswith("Snow ends."), rest[-2]) == ("assistant", True, ("user", "Cold!"))
    assert "It snows." in str(rest)


async def test_the_greeting_that_was_shown_last_opens_the_prompt_and_the_export(guest: Guest) -> None:
    await chooses(guest, alternate_greetings=["Sit, {{user}}.", "You again."])
    for shown in ("Sit, Anna.", "You again."):
        guest.user.press(guest.received()[0]["message_id"], ENGLISH.another_greeting)
        await guest.stack.simulator.wait_for(lambda: guest.texts() == [shown], timeout=PATIENCE_S)  # noqa: B023 - awaited here
    greeting = guest.received()[0]
    await guest.says("Me.")
    simulator = guest.stack.simulator
    await simulator.wait_for(lambda: not buttons(guest.received()[0]), timeout=PATIENCE_S)
    # As a press that is behind the first message in the queue.
    old = {"chat_id": guest.id, "message_id": greeting["message_id"], "reply_markup": greeting["reply_markup"]}
    await simulator.call("editMessageReplyMarkup", **old)
    guest.user.press(greeting["message_id"], ENGLISH.another_greeting)
    await guest.says("Well?")
    await guest.says("And now?")

    assert guest.texts()[0] == "You again."
    assert next(words for role, words in asked(guest) if role == "assistant") == "You again."
    (conversation,) = (each for each in DATA_CATEGORIES if each.name == "conversations")
    assert [row["greeting"] for _, row in conversation.rows(DataSubject(guest.id, guest.id), "")] == ["You again."]


async def test_where_the_first_greeting_is_empty_an_alternate_greets(guest: Guest) -> None:
    assert await chooses(guest, first_mes=" ", alternate_greetings=["Sit, {{user}}."]) == "Sit, Anna."

    assert await guest.says("Thanks.")
    (row,) = Conversation.query(guest.id)
    assert (row.greeting_index, row.greeting) == (1, "Sit, Anna.")


async def test_a_character_without_a_greeting_opens_by_itself_and_is_asked_once(guest: Guest) -> None:
    guest.stack.model.script(
        text="*lifts the lamp* Who is there?", matching=lambda call: f"No door of {guest.id}" in str(call.body)
    )
    shown = await chooses(guest, first_mes="", description=f"No door of {guest.id} opens twice.")
    assert shown == "lifts the lamp Who is there?"
    opening = guest.stack.model.calls[-1]
    assert opening.body["input"][-1]["role"] == "developer"
    assert "has not written yet" in opening.body["input"][-1]["content"]

    await guest.says("It is I.")
    assert ("assistant", "*lifts the lamp* Who is there?") in asked(guest)


async def test_without_an_opening_from_the_model_the_bot_says_who_is_there(guest: Guest) -> None:
    guest.stack.model.script(
        status=400, code="content_policy_violation", matching=lambda call: f"Silence of {guest.id}" in str(call.body)
    )
    assert (
        await chooses(guest, first_mes="", description=f"Silence of {guest.id}.")
        == "Odo is here, waiting for you to begin."
    )


async def test_a_person_who_comes_back_to_a_brought_character_is_not_greeted_from_the_beginning(guest: Guest) -> None:
    greeting = await chooses(guest)
    character = owned.listed_of(guest.id)[0].character_id
    await guest.chooses("mario")

    assert await guest.chooses(character) == "You are with Odo again. Go on where you left off."
    await guest.says("Hello again!")
    assert ("assistant", greeting) in asked(guest)


async def test_a_greeting_shows_its_comments_and_prompts_do_not_hold_them(guest: Guest) -> None:
    shown = await chooses(guest, first_mes="Hello. {{comment: by the sea }}{{// no }}{{random:a,b,c,d}}{{roll:6}}")
    await guest.says("Hi!")

    assert shown.startswith("Hello. by the sea")
    assert ("assistant", shown.replace("by the sea", "")) in asked(guest)


async def test_a_character_of_the_cast_has_its_name_and_its_examples_in_the_persons_language(guest: Guest) -> None:
    await guest.says("/language ru")
    await guest.chooses("sherlock")
    await guest.says("Добрый вечер!")

    (_, instructions), *lines = asked(guest)
    assert instructions.startswith('You are "Холмс"')
    assert "Холмс: *не оборачиваясь от окна*" in instructions
    assert "Stay Холмс." in lines[-1][1]
