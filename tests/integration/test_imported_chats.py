"""A chat from SillyTavern becomes the conversation with its character: shown, imported, remembered, erased."""

import itertools

import pytest

from tests.integration.guest import Guest, Json, eventually
from tests.unit.brought_cards import v3
from tests.unit.card_files import as_json
from tests.unit.tavern_chat import chat, line, long_chat
from troupe.brought_chats import place, shelf
from troupe.brought_chats.place import ImportedChat
from troupe.characters import owned
from troupe.characters.owners_list import OwnersList
from troupe.conversations.conversation import Conversation
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import DELIVERED
from troupe.memories import index_store
from troupe.telegram.card_texts import ENGLISH_CARDS
from troupe.telegram.texts import ENGLISH
from troupe.users import User

pytestmark = pytest.mark.asyncio(loop_scope="session")

SAID = ENGLISH_CARDS
LATE = [
    line("Vera Stroud", "*winds a spring* You're early.", "March 2, 2025 6:04pm"),
    line("Anna", "The tower clock stopped, didn't it?", "March 2, 2025 6:05pm", is_user=True),
    line(
        "Vera Stroud", "In May, and nobody noticed but me.", "March 2, 2025 6:06pm", swipes=["No.", "Yes."], swipe_id=1
    ),
    line("Anna", "I noticed.", "March 2, 2025 6:07pm", is_user=True),
]


async def has_vera(guest: Guest) -> str:
    await guest.brings(as_json(v3()), "vera.json")
    (listed,) = owned.listed_of(guest.id)
    return listed.character_id


def buttons(message: Json) -> list[str]:
    return [each["text"] for each in itertools.chain(*message["reply_markup"]["inline_keyboard"])]


def imported(guest: Guest) -> Conversation | None:
    return next((row for row in Conversation.query(guest.id) if row.imported and row.greeted_at), None)


async def asked(guest: Guest, words: str) -> list[Json]:
    """Writes the message and returns the prompt of its answer. Prompts of summaries are left out."""
    guest.write(words)

    def lines() -> list[Json] | None:
        calls = [call for call in reversed(guest.stack.model.calls) if call.endpoint == "responses"]
        prompts = (call.body["input"] for call in calls)
        return next((each for each in prompts if any(line["content"] == words for line in each)), None)

    return await eventually(lines)


async def on_memory_page(guest: Guest, path: str, **body: object) -> tuple[int, Json]:
    return await guest.api(f"memory/{path}", init_data=guest.user.init_data(), character_id="albert", **body)


async def test_a_chat_becomes_the_conversation_with_the_character_of_its_name(guest: Guest) -> None:
    vera = await has_vera(guest)
    shown = await guest.brings(chat(*LATE), "Vera Stroud - 2025-03-02.jsonl")
    assert shown["text"].startswith(
        "A SillyTavern chat with Vera Stroud: 4 messages (2025-03-02).\n\n"
        "“*winds a spring* You're early.”\n…\n“I noticed.”"
    )
    assert SAID.chat_notes["swipes"].format(many=1) in shown["text"]
    done = await guest.presses(shown, SAID.chat_import)
    assert done["text"] == SAID.chat_imported.format(name="Vera Stroud")
    assert [each.get("text") for each in guest.heard()][-2:] == [ENGLISH.ai_notice, done["text"]]

    lines = await asked(guest, "And who else noticed?")
    spoken = [(each["role"], each["content"]) for each in lines if each["role"] != "developer"]
    assert spoken == [
        ("assistant", "*winds a spring* You're early."),
        ("user", "The tower clock stopped, didn't it?"),
        ("assistant", "In May, and nobody noticed but me."),
        ("user", "I noticed."),
        ("user", "And who else noticed?"),
    ]
    assert "months have passed since they last wrote" in str(lines)
    row = imported(guest)
    assert row
    assert str(row.conversation_id).split(":")[2] == vera
    assert OwnersList.of(guest.id).chats == []


async def test_a_long_chat_is_recalled_and_summed_up_and_the_conversation_before_comes_back(
    guest: Guest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("functions.llm_reply.jobs.remembering.catching_up.MAX_TOKENS", 8_000)
    await guest.chooses("albert")
    await guest.says("Remember the lighthouse?")
    shown = await guest.brings(long_chat(100, "ripples on the pond " * 14), "chat.jsonl")
    assert shown["text"].endswith(SAID.chat_whose)
    assert buttons(shown)[0] == "Albert Einstein"
    done = await guest.presses(shown, "Albert Einstein")

    def summed_up() -> Conversation | None:
        row = imported(guest)
        return row if row and row.summarised_through > -30 else None

    row = await eventually(summed_up)
    assert row.summary
    assert row.summarised_through < -1, "the newest turns stay word for word"
    bodies = [str(call.body) for call in guest.stack.model.calls]
    # The filler tells them from other tests' questions, whose memory may be written only now.
    memory = [body for body in bodies if "You keep the memory" in body and "ripples" in body]
    told = [number for number in range(100) if any(f"Question {number}?" in each for each in memory)]
    assert told == list(range(told[0], told[-1] + 1)), "no turn is left out in between"
    assert 20 < told[0] < 70, "what is older is recalled alone"
    guest.stack.model.script(text="The seventeenth.", matching="What was question 17?")
    assert "Question 17?" in str(await asked(guest, "What was question 17?"))

    _, found = await on_memory_page(guest, "search", words="question 17")
    line_17 = next(each for each in found["lines"] if each["text"].startswith("Question 17?"))
    assert (await on_memory_page(guest, "forget", turn=line_17["turn"]))[0] == 200
    assert Turn.get(guest.id, line_17["turn"]).text == ""

    query = guest.user.press(done["message_id"], SAID.chat_way_back)
    assert (await guest.toast(query))["text"] == ENGLISH.restart_undone
    prompt = str(await asked(guest, "And the harbour?"))
    assert "Remember the lighthouse?" in prompt
    assert "Question 2" not in prompt
    guest.write("/restart")
    prompt = str(await asked(guest, "Who are you?"))
    assert "Question 2" not in prompt, "a restart does not lead into the imported conversation"


async def test_the_same_file_again_is_the_same_conversation(guest: Guest) -> None:
    await has_vera(guest)
    for _ in range(2):
        shown = await guest.brings(chat(*LATE), "chat.jsonl")
        await guest.presses(shown, SAID.chat_import)
        await guest.chooses("mario")
    assert SAID.chat_known in shown["text"]
    assert [row.imported is not None for row in Conversation.query(guest.id)].count(True) == 1
    assert [int(turn.message_id) for turn in Turn.query(guest.id, Turn.message_id < 0)] == [-2, -1]

    other = await guest.brings(chat(*LATE[:3]), "other.jsonl")
    await guest.presses(other, SAID.chat_import)
    assert [int(turn.message_id) for turn in Turn.query(guest.id, Turn.message_id < 0)] == [-4, -2, -1]


async def test_an_import_whose_worker_died_goes_on_in_the_same_place(guest: Guest) -> None:
    vera = await has_vera(guest)
    shown = await guest.brings(long_chat(3), "chat.jsonl")
    ((digest, _),) = OwnersList.of(guest.id).chats
    user = User.find(guest.id)
    assert user
    dead = place.reserve(user, place.without_generation(guest.id, None, vera), ImportedChat(digest, vera, 3, 1))
    index_store.add(dead, [Turn(guest.id, -3, text="Question 0?", answer="", status=DELIVERED, received_at=1)])
    await guest.presses(shown, SAID.chat_import)
    (row,) = (row for row in Conversation.query(guest.id) if row.imported)
    assert (row.conversation_id, row.begins_after) == (dead.conversation_id, -4)
    assert [int(turn.message_id) for turn in Turn.query(guest.id, Turn.message_id < 0)] == [-3, -2, -1]


async def test_a_chat_that_is_not_wanted_leaves_nothing(guest: Guest) -> None:
    await has_vera(guest)
    shown = await guest.brings(chat(*LATE), "chat.jsonl")
    ((digest, _),) = OwnersList.of(guest.id).chats
    assert (await guest.presses(shown, SAID.chat_drop))["text"] == SAID.chat_dropped
    assert (shelf.find(guest.id, digest), shelf.piece(guest.id, digest, 0)) == (None, None)
    assert "reply_markup" not in next(each for each in guest.received() if each["message_id"] == shown["message_id"])


async def test_a_chat_without_a_message_gets_one_sentence(guest: Guest) -> None:
    assert (await guest.brings(chat("{broken"), "chat.jsonl"))["text"] == SAID.refusals["empty_chat"]


async def test_a_chat_that_moderation_refuses_leaves_nothing(guest: Guest, monkeypatch: pytest.MonkeyPatch) -> None:
    await has_vera(guest)
    monkeypatch.setattr("functions.llm_reply.clients.moderation.kind", "openai")
    bad = line("Anna", "A forbidden matter. [flag sexual/minors]", is_user=True)
    shown = await guest.brings(chat(*LATE, bad), "chat.jsonl")
    assert (await guest.presses(shown, SAID.chat_import))["text"] == SAID.refusals["chat_against_rules"]
    assert list(Turn.query(guest.id, Turn.message_id < 0)) == []
    assert imported(guest) is None
    assert OwnersList.of(guest.id).chats == []
