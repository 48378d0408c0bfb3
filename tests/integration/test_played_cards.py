"""Cards from elsewhere, as they are played: what of a book, a decorator and the author's words reaches the model."""

from typing import Any

import pytest

from tests.integration.guest import Guest
from troupe.characters import owned
from troupe.conversations.conversation import Conversation

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


def asked(guest: Guest) -> list[tuple[str, str]]:
    body = guest.stack.model.calls[-1].body
    return [("instructions", body["instructions"])] + [(line["role"], line["content"]) for line in body["input"]]


def _marked(words: str) -> str:
    """What stands as data in a developer's line."""
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
        ("assistant", "*a bell rings*"),
        ("developer", "Gull Rock drowned the Marigold."),
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
