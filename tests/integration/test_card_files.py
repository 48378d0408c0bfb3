"""People bring characters: a file sent to the bot becomes one that they talk to, share, take away and delete."""

import io
import itertools
import json
import re
from typing import Any

import pytest
from PIL import Image

from functions.card_files.reading.card_file import read_card_file
from functions.llm_reply.prompting import cards
from local.simulator import Fault, files
from tests.integration.guest import Guest, eventually
from tests.unit.brought_cards import v2, v3
from tests.unit.card_files import archive, as_json, png
from troupe.characters import owned
from troupe.characters.character import Character
from troupe.characters.owners_list import MAX_FILES_PER_HOUR, OwnersList
from troupe.conversations.jobs.characters import ReadCardJob
from troupe.conversations.jobs.queue import to_json
from troupe.telegram.card_texts import ENGLISH_CARDS, RUSSIAN_CARDS
from troupe.telegram.texts import ENGLISH

pytestmark = pytest.mark.asyncio(loop_scope="session")

SAID = ENGLISH_CARDS


def file_of(guest: Guest, message: dict[str, Any]) -> bytes:
    found = files.contents(guest.stack.simulator.server.state, message["document"]["file_id"])
    assert found
    return found


def only_character(guest: Guest) -> str:
    (listed,) = owned.listed_of(guest.id)
    return listed.character_id


async def test_a_card_becomes_a_character_that_greets_and_answers(guest: Guest) -> None:
    shown = await guest.brings(png(("ccv3", v3())))
    assert shown["photo"]
    assert shown["caption"].startswith("Vera Stroud\n\nGo slowly.\n\n“*looks up from a spring* You're early, Anna.")
    assert SAID.notes["other_apps"].format(names="a/tool") in shown["caption"]
    edit = next(
        each for each in itertools.chain(*shown["reply_markup"]["inline_keyboard"]) if each["text"] == SAID.edit
    )
    assert edit["web_app"]["url"].endswith(f"?screen=form&id={only_character(guest)}")

    greeting = await guest.presses(shown, SAID.talk)
    assert greeting["text"].endswith("You're early, Anna. Or I'm late.")
    guest.stack.model.script(text="Since May.", matching="How long has the tower clock stopped")
    assert await guest.says("How long has the tower clock stopped?") == "Since May."


def canaries(*fields: str) -> dict[str, str]:
    return {field: f"canary-{field}" for field in fields}


async def test_a_prompt_holds_the_playing_fields_of_a_card_and_no_others(guest: Guest) -> None:
    playing = canaries("description", "personality", "scenario", "mes_example", "system_prompt", "first_mes")
    playing |= canaries("post_history_instructions")
    silent = canaries("creator_notes", "creator", "character_version")
    entries = [
        {"keys": ["hello"], "content": "canary-woken", "name": "canary-name", "comment": "canary-comment"},
        {"keys": ["hello"], "content": "canary-disabled", "enabled": False},
        {"keys": ["nothing"], "content": "canary-asleep"},
    ]
    book = {"name": "canary-book", "description": "canary-about", "entries": entries}
    lists = {"tags": ["canary-tag"], "alternate_greetings": ["canary-alternate"]}
    card = v2(**playing, **silent, **lists, extensions={"x": "canary-extension"}, character_book=book)
    await guest.presses(await guest.brings(as_json(card)), SAID.talk)
    await guest.says("hello")
    prompt = json.dumps(guest.stack.model.calls[-1].body)
    assert set(re.findall(r"canary-\w+", prompt)) == {*playing.values(), "canary-woken"}


async def test_a_card_without_a_portrait_is_shown_in_words_and_in_the_persons_language(visitor: Guest) -> None:
    shown = await visitor.brings(as_json(v3()), "x")
    assert shown["text"].startswith("Vera Stroud\n\nНе спешите.\n\n")
    assert RUSSIAN_CARDS.notes["group_greetings"].format(many=1) in shown["text"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (png(), SAID.refusals["picture_without_card"]),
        (as_json([1]), SAID.refusals["not_a_card"]),
        (as_json({"entries": {}}), SAID.refusals["lorebook"]),
        (archive({"card.json": v3(alternate_greetings=["Hi"] * 60)}), SAID.refusals["many_greetings"].format(most=50)),
        (b"%PDF-1.7", ENGLISH.words_only),
    ],
)
async def test_a_file_without_a_character_gets_one_sentence_and_leaves_nothing(
    guest: Guest, data: bytes, said: str
) -> None:
    assert (await guest.brings(data))["text"] == said
    assert owned.listed_of(guest.id) == []


async def test_a_file_that_telegram_will_not_hand_out_is_refused_unread(guest: Guest) -> None:
    message = guest.unsent("") | {"document": {"file_id": "f", "file_unique_id": "u", "file_size": 21 * 2**20}}
    del message["text"]
    answer = await guest.delivers(message, guest.id)
    assert answer
    assert answer["text"] == SAID.refusals["large_file"].format(most=20)


async def test_keys_of_a_book_that_can_not_be_used_are_named(guest: Guest) -> None:
    book = {"entries": [{"keys": ["/(?<=old )lamp/", "lamp"], "content": "It is slow."}]}
    shown = await guest.brings(as_json(v2(character_book=book)))
    assert SAID.notes["unusable_keys"].format(names="/(?<=old )lamp/") in shown["text"]


async def test_the_operator_says_whose_files_are_read(guest: Guest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("functions.webhook.settings.cards_from", "nobody")
    assert (await guest.brings(png(("ccv3", v3()))))["text"] == ENGLISH.words_only
    monkeypatch.setattr("functions.webhook.settings.cards_from", f"1,{guest.id}")
    assert (await guest.brings(png(("ccv3", v3()))))["caption"].startswith("Vera Stroud")


async def test_words_beside_a_file_are_answered_too(guest: Guest) -> None:
    await guest.chooses("mario")
    guest.stack.model.script(text="Let me see.", matching="Do you know her?")
    guest.user.send_file(png(("ccv3", v3())), "card.png", caption="Do you know her?")
    await guest.sees(3)
    assert {text.split("\n")[0] for text in guest.texts()[1:]} == {"Let me see.", "Vera Stroud"}


async def test_a_repeated_update_makes_no_second_character(guest: Guest) -> None:
    shown = await guest.brings(png(("ccv3", v3())))
    first = only_character(guest)
    (sent,) = [each for each in guest.stack.simulator.messages(guest.id) if not each["from"]["is_bot"]]
    # Later than SQS remembers: the update has another number for it.
    await guest.delivers(sent, guest.id)
    again = await guest.sees(2)
    assert (only_character(guest), again["caption"]) == (first, shown["caption"])


async def test_what_moderation_refuses_is_not_kept(guest: Guest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("functions.llm_reply.clients.moderation.kind", "openai")
    entry = {"keys": ["x"], "content": "A forbidden matter. [flag sexual/minors]"}
    said = await guest.brings(as_json(v2(character_book={"entries": [entry]})))
    assert said["text"] == SAID.refusals["against_rules"]
    await eventually(lambda: True if owned.listed_of(guest.id) == [] else None)


async def delivered(guest: Guest, times: int) -> bool:
    """Whether the function is done with a file that was delivered so often."""
    name = str(guest.id)
    job = ReadCardJob(
        person_id=guest.id, chat_id=guest.id, language="en", file_id=name, file_unique_id=name, correlation_id=name
    )
    record = {"messageId": "1", "body": to_json(job), "attributes": {"ApproximateReceiveCount": str(times)}}
    (function,) = (each for each in guest.stack.functions if each.function.logical_id == "CardFilesFunction")
    answer = await function.invoke({"Records": [record]})
    return not answer["batchItemFailures"]


async def test_a_file_that_kills_its_worker_three_times_ends_in_an_apology(guest: Guest) -> None:
    assert await delivered(guest, times=4)
    assert (await guest.sees(1))["text"] == SAID.refusals["lost"]


async def test_a_file_is_tried_again_when_telegram_can_not_be_reached(guest: Guest) -> None:
    guest.stack.simulator.faults.add(Fault(method="getFile", disconnect=True))
    assert not await delivered(guest, times=1)
    assert await delivered(guest, times=2)
    assert (await guest.sees(1))["text"] == SAID.refusals["unavailable"]


async def test_a_person_sends_ten_files_an_hour(guest: Guest) -> None:
    for number in range(MAX_FILES_PER_HOUR):
        assert OwnersList.note_file(guest.id, str(number))
    assert OwnersList.note_file(guest.id, "3"), "a repeat is no further file"
    assert (await guest.brings(as_json(v3())))["text"] == SAID.refusals["many_files"].format(most=MAX_FILES_PER_HOUR)


async def test_a_shared_character_is_shown_before_a_visitor_begins(guest: Guest, visitor: Guest) -> None:
    shown = await guest.brings(png(("ccv3", v3())))
    said = await guest.presses(shown, SAID.share)
    payload = said["text"].partition("?start=")[2].split()[0]

    visitor.user.send_text(f"/start {payload}")
    preview = await visitor.sees(1)
    assert preview["caption"].startswith("Vera Stroud")
    assert RUSSIAN_CARDS.played_by_ai in preview["caption"]
    greeting = await visitor.presses(preview, RUSSIAN_CARDS.talk)
    assert "Иван" in greeting["text"]

    await guest.presses(said, SAID.stop_sharing)
    cards._kept.clear()
    assert await visitor.says(f"/start {payload}") == RUSSIAN_CARDS.refusals["gone"]


async def test_another_person_can_do_nothing_with_a_character(guest: Guest, visitor: Guest) -> None:
    await guest.brings(png(("ccv3", v3())))
    theirs = only_character(guest)
    shown = await visitor.brings(as_json(v2()))
    forged = guest.stack.simulator.server.state.chats[visitor.id].message(shown["message_id"])
    assert forged
    for button in itertools.chain(*forged["reply_markup"]["inline_keyboard"]):
        if "callback_data" in button:
            button["callback_data"] = button["callback_data"].replace(only_character(visitor), theirs)
    for words in (RUSSIAN_CARDS.share, RUSSIAN_CARDS.export_picture, RUSSIAN_CARDS.delete):
        assert (await visitor.presses(shown, words))["text"] == RUSSIAN_CARDS.refusals["gone"]
    status, _ = await visitor.api("select", init_data=visitor.user.init_data(), character_id=theirs)
    assert status == 404
    assert Character.find(theirs)


async def test_a_deleted_character_is_gone_for_its_owner_too(guest: Guest) -> None:
    shown = await guest.brings(png(("ccv3", v3())))
    character_id = only_character(guest)
    assert (await guest.presses(shown, SAID.delete))["text"] == SAID.deleted.format(name="Vera Stroud")
    assert (owned.listed_of(guest.id), Character.find(character_id)) == ([], None)
    assert "reply_markup" not in guest.received()[0]


async def test_an_exported_character_is_the_one_that_was_brought(guest: Guest) -> None:
    shown = await guest.brings(png(("ccv3", v3()), size=(64, 96)))
    exported = await guest.presses(shown, SAID.export_picture)
    assert exported["document"]["file_name"] == "Vera Stroud.png"
    raw = file_of(guest, exported)
    card = read_card_file(raw).brought.card
    assert card["data"].pop("modification_date") > 1_700_000_001.5
    brought = v3()
    del brought["data"]["modification_date"]
    assert card == brought
    assert Image.open(io.BytesIO(raw)).size == (64, 96)
    written = await guest.presses(shown, SAID.export_json)
    assert json.loads(file_of(guest, written)).keys() == brought.keys()
