"""/privacy, /export and /delete: a person's data is told, sent and erased."""

import asyncio
import json
import math
from datetime import timedelta
from html import unescape

import pytest

from functions.card_files.reading.chat_log import read_chat_log
from functions.llm_reply.privacy import part
from functions.llm_reply.privacy.data_categories import DATA_CATEGORIES
from functions.llm_reply.privacy.data_category import DataSubject, Row
from local.aws import Aws
from tests.integration.guest import PATIENCE_S, Guest, Json, eventually
from tests.integration.stored_turns import hand_over, job_record
from tests.unit.tavern_chat import chat, line
from troupe import invitations, user_admin
from troupe.brought_chats import shelf
from troupe.characters import owned
from troupe.clock import ahead_by, now_ms
from troupe.conversations.conversation import Conversation, conversation_id
from troupe.conversations.jobs.answering import AnswerJob, GreetJob
from troupe.conversations.jobs.privacy import ERASURE_GROUPS, EraseJob, ExportJob, ForgetEventsJob
from troupe.conversations.jobs.queue import enqueue
from troupe.conversations.jobs.remembering import MemoryJob
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import DELIVERED, UNADDRESSED
from troupe.erasure import Erasure
from troupe.memories import facts
from troupe.memories.facts import Fact
from troupe.pseudonym import pseudonym
from troupe.spending.days import account_of
from troupe.telegram.privacy_texts import privacy_texts
from troupe.users import User

pytestmark = pytest.mark.asyncio(loop_scope="session")

CARD = {"spec": "chara_card_v3", "spec_version": "3.0", "data": {"name": "Bess", "first_mes": "Hello, I am Bess."}}
PNG = b"\x89PNG\r\n\x1a\n of Bess"
HTML = "<script>alert(1)</script>"


def data_of(guest: Guest) -> dict[str, list[Row]]:
    return {each.name: [row for _, row in each.rows(DataSubject(guest.id, guest.id), "")] for each in DATA_CATEGORIES}


def categories_with_rows(guest: Guest) -> set[str]:
    return {name for name, rows in data_of(guest).items() if rows}


def everything(aws: Aws) -> str:
    """All rows of all tables."""
    tables = aws.dynamodb.list_tables()["TableNames"]
    return "\n".join(str(page["Items"]) for name in tables for page in _pages(aws, name))


def _pages(aws: Aws, table: str) -> list[Json]:
    return [dict(page) for page in aws.dynamodb.get_paginator("scan").paginate(TableName=table)]


async def has_a_past(guest: Guest) -> None:
    guest.stack.model.script(text="A goose, how fine!", matching="My goose")
    guest.stack.model.script(text="Honk honk!", matching="My goose")
    await guest.chooses("mario")
    await guest.says(f"/memory My sister keeps {guest.id} wombats")
    message = guest.write(f"My goose is called Honk{guest.id} {HTML}")
    await guest.turn(message, DELIVERED)
    guest.user.press(guest.received()[-1]["message_id"], "Another")
    await eventually(
        lambda: ((turn := Turn.find(guest.id, message["message_id"])) and len(turn.alternatives) == 2) or None
    )
    await guest.turn(message, DELIVERED)
    await asyncio.to_thread(owned.create, guest.id, CARD, picture=PNG, source="a test", checked=True)
    await asyncio.to_thread(_learns_and_is_invited, guest)


def _learns_and_is_invited(guest: Guest) -> None:
    conversation = conversation_id(guest.id, None, "mario")
    fact = Fact("person", f"The goose is called Honk{guest.id}", now_ms(), (1,), conversation)
    facts.change(conversation, lambda known: known.learn(fact))
    waiting = chat(line("Anna", f"My wombats are {guest.id}", is_user=True), line("Mario", "How many?"))
    shelf.leave(guest.id, "c0ffee" * 2, *read_chat_log(waiting, now_ms()))
    invitations.redeem(invitations.make(1, uses=1, lifetime=timedelta(days=1)), guest.id)


async def presses_erase(guest: Guest, button: str = "Erase everything") -> None:
    await guest.says("/delete")
    guest.user.press(guest.received()[-1]["message_id"], button)


async def receipt(guest: Guest) -> str:
    await guest.stack.simulator.wait_for(lambda: "receipt" in guest.texts()[-1], timeout=PATIENCE_S)
    await eventually(lambda: True if User.find(guest.id) is None else None)
    return guest.texts()[-1]


async def test_privacy_says_what_the_settings_say(guest: Guest, visitor: Guest) -> None:
    said = await guest.says("/privacy")
    assert "A message is deleted 365 days after" in said
    assert "127.0.0.1" in said
    assert "deleted after 30 days" in said
    assert "/export" in said
    assert "Сообщение удаляется через 365 дн." in await visitor.says("/privacy")


async def test_an_export_has_everything_to_read_and_as_json(guest: Guest) -> None:
    await has_a_past(guest)
    before = len(guest.received())
    guest.write("/export")
    await guest.hears(before + 3)

    (page, read), (file, data) = sorted(guest.files().items())
    assert page.removesuffix(".html") == file.removesuffix(".json")
    shown = unescape(read.decode())
    for words in (
        "My goose is called",
        "A goose, how fine!",
        "Honk honk!",
        "wombats",
        "Karenina",
        "Bess",
        "How many?",
    ):
        assert words in shown
    assert HTML not in read.decode()
    told = json.loads(data)
    assert told["is_last"]
    assert told["turns"][0]["alternatives"] == ["A goose, how fine!", "Honk honk!"]
    assert told["conversations"][0]["facts"] == [f"My sister keeps {guest.id} wombats"]
    assert told["characters"][0]["card"]["data"]["first_mes"] == "Hello, I am Bess."
    assert told["characters"][0]["portrait"].startswith("data:image/png;base64,")
    assert told["profile"][0]["first_name"] == "Anna"


async def test_an_export_of_any_size_comes_in_parts_that_are_whole(
    guest: Guest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(part, "MAX_PART_BYTES", 700)
    await guest.chooses("mario")
    for number in range(4):
        await guest.says(f"Sentence {number}")
    expected = len(data_of(guest)["turns"])
    guest.write("/export")
    await guest.stack.simulator.wait_for(lambda: _last_part(guest) is not None, timeout=PATIENCE_S)

    parts = [json.loads(data) for name, data in guest.files().items() if name.endswith(".json")]
    assert [each["part"] for each in parts] == list(range(1, len(parts) + 1))
    assert len(parts) > 2
    words = [turn["text"] for each in parts for turn in each.get("turns", [])]
    assert len(words) == len(set(words)) == expected
    assert [row["first_name"] for each in parts for row in each.get("profile", [])] == ["Anna"]


def _last_part(guest: Guest) -> Json | None:
    parts = [json.loads(data) for name, data in guest.files().items() if name.endswith(".json")]
    return next((each for each in parts if each["is_last"]), None)


async def test_delete_erases_everything_everywhere_and_ends_with_a_receipt(guest: Guest) -> None:
    await has_a_past(guest)
    held = await asyncio.to_thread(data_of, guest)
    assert {name: len(rows) for name, rows in held.items()} == {
        "turns": 1, "memories": 1, "conversations": 1, "chats": 1, "characters": 1, "invitations": 1, "spending": 1,
        "profile": 1,
    }  # fmt: skip
    await eventually(
        lambda: any(event["user_id"] == pseudonym(guest.id) for event in guest.stack.amplitude.events) or None
    )

    await presses_erase(guest)
    said = await receipt(guest)

    labels = privacy_texts("en").categories
    for name in held.keys() - {"spending", "memories"}:
        assert f"{labels[name]}: 1" in said
    assert f"{labels['memories']}: 2" in said
    assert "Amplitude is asked" in said
    left = await asyncio.to_thread(everything, guest.stack.aws)
    # The day's sums stay, without words.
    assert left.count(str(guest.id)) == left.count(account_of(guest.id)) == 1
    with ahead_by(timedelta(minutes=5)):
        job = ForgetEventsJob(person=pseudonym(guest.id))
        record = job_record(guest.stack, job) | {"attributes": {
            "MessageGroupId": job.group, "ApproximateReceiveCount": "1", "SentTimestamp": "0",
        }}  # fmt: skip
        assert await hand_over(guest.stack, record) == {"batchItemFailures": []}
    assert pseudonym(guest.id) in guest.stack.amplitude.deletions.asked
    assert [event for event in guest.stack.amplitude.events if event["user_id"] == pseudonym(guest.id)] == []

    assert "This is Troupe" in await guest.says("/start")
    assert "Nobody is on stage" in await guest.says("Do you remember my goose?")


async def test_amplitude_is_asked_again_until_it_takes_the_request(guest: Guest) -> None:
    job = ForgetEventsJob(person=pseudonym(guest.id))
    fresh = job_record(guest.stack, job)
    assert await hand_over(guest.stack, fresh) == {"batchItemFailures": [{"itemIdentifier": fresh["messageId"]}]}
    old = fresh | {"attributes": fresh["attributes"] | {"SentTimestamp": str(now_ms() - 600_000)}}
    guest.stack.amplitude.deletions.refusals += [429, 500]
    for _ in range(2):
        assert await hand_over(guest.stack, old) == {"batchItemFailures": [{"itemIdentifier": old["messageId"]}]}
    assert await hand_over(guest.stack, old) == {"batchItemFailures": []}
    assert guest.stack.amplitude.deletions.asked.count(pseudonym(guest.id)) == 1


async def test_nothing_is_erased_by_no_or_by_an_old_question(guest: Guest) -> None:
    await has_a_past(guest)
    held = await asyncio.to_thread(data_of, guest)
    await presses_erase(guest, "Keep everything")
    await guest.says("/delete")
    with ahead_by(timedelta(hours=1)):
        guest.user.press(guest.received()[-1]["message_id"], "Erase everything")
        await guest.says("/help")
    assert await asyncio.to_thread(data_of, guest) == held


def half_way(guest: Guest) -> EraseJob:
    """The row notes the page that a worker was erasing when it died: one turn of two is gone."""
    turns = [int(turn.message_id) for turn in Turn.query(guest.id)]
    begun = Erasure(reference="0A0B0C0D", asked_at=now_ms()).begin(guest.id)
    begun.with_page("turns", turns).save(guest.id, begun)
    Turn(guest.id, turns[0]).delete()
    return EraseJob(person_id=guest.id, chat_id=guest.id, language="en", reference="0A0B0C0D")


async def test_an_erasure_that_died_half_way_goes_on_and_counts_each_row_once(guest: Guest) -> None:
    await guest.chooses("mario")
    for words in ("One", "Two"):
        await guest.says(words)
    job = await asyncio.to_thread(half_way, guest)
    await asyncio.to_thread(enqueue, job, "half way")
    said = await receipt(guest)
    assert "Messages with their answers: 2" in said
    assert "0A0B0C0D" in said
    assert await asyncio.to_thread(categories_with_rows, guest) == {"spending"}


async def test_a_job_that_comes_again_after_the_receipt_erases_nothing_of_the_stranger(guest: Guest) -> None:
    await guest.chooses("mario")
    await guest.turn(guest.write("One"), DELIVERED)
    held = await asyncio.to_thread(data_of, guest)
    job = EraseJob(person_id=guest.id, chat_id=guest.id, language="en", reference="0A0B0C0D")
    assert await hand_over(guest.stack, job_record(guest.stack, job)) == {"batchItemFailures": []}
    assert await asyncio.to_thread(data_of, guest) == held


async def test_jobs_of_an_erased_person_find_nothing_and_say_nothing(guest: Guest) -> None:
    await guest.chooses("mario")
    message = guest.write("One")
    await guest.turn(message, DELIVERED)
    await presses_erase(guest)
    await receipt(guest)
    sent = len(guest.received())
    conversation = conversation_id(guest.id, None, "mario")
    late = (
        AnswerJob(person_id=guest.id, chat_id=guest.id, message_id=message["message_id"]),
        GreetJob(person_id=guest.id, chat_id=guest.id, character_id="mario", language="en"),
        MemoryJob(
            person_id=guest.id, chat_id=guest.id, conversation_id=conversation, character_id="mario", language="en"
        ),
        ExportJob(person_id=guest.id, chat_id=guest.id, language="en"),
    )
    for job in late:
        assert await hand_over(guest.stack, job_record(guest.stack, job)) == {"batchItemFailures": []}
    assert len(guest.received()) == sent
    assert await asyncio.to_thread(categories_with_rows, guest) == {"spending"}


async def test_an_answer_under_way_writes_nothing_after_the_erasure(guest: Guest) -> None:
    """The queue keeps the two apart. Here the erasure is handed over beside it, in each of its stages."""
    await guest.chooses("mario")
    guest.stack.model.script(text="Too late!", matching="Slowly", first_delay=1)
    message = guest.write("Slowly, please")
    calls = len(guest.stack.model.calls)
    await eventually(lambda: True if len(guest.stack.model.calls) > calls else None)
    await asyncio.to_thread(Erasure(reference="0A0B0C0D", asked_at=now_ms()).begin, guest.id)
    for stage in range(len(ERASURE_GROUPS)):
        job = EraseJob(person_id=guest.id, chat_id=guest.id, language="en", reference="0A0B0C0D", stage=stage)
        await hand_over(guest.stack, job_record(guest.stack, job))
    await receipt(guest)
    # The chat's next job runs when the answer's job is over.
    await guest.says("/start")
    assert "Nobody is on stage" in await guest.says("Hello?")
    assert await asyncio.to_thread(Turn.find, guest.id, message["message_id"]) is None
    assert await asyncio.to_thread(Conversation.find, guest.id, conversation_id(guest.id, None, "mario")) is None
    assert "Too late!" not in guest.texts()


async def test_nothing_new_is_written_for_a_person_who_is_being_erased(guest: Guest) -> None:
    await guest.chooses("mario")
    under_way = await asyncio.to_thread(Erasure(reference="0A0B0C0D", asked_at=now_ms()).begin, guest.id)
    # As if its job had died: any command queues it again.
    held = await asyncio.to_thread(data_of, guest)
    init_data = guest.user.init_data()
    status, answer = await guest.api("select", init_data=init_data, character_id="ada")
    assert (status, answer["error"]) == (409, "being_erased")
    assert await asyncio.to_thread(data_of, guest) == held
    again = await asyncio.to_thread(Erasure(reference="other", asked_at=now_ms()).begin, guest.id)
    assert again == under_way

    assert "being erased" in await guest.says("/start mario")
    assert "0A0B0C0D" in await receipt(guest)


async def test_rows_end_a_year_after_their_last_use(guest: Guest) -> None:
    await guest.chooses("mario")
    with ahead_by(timedelta(days=40)):
        message = guest.write("Here I am again")
        turn = await guest.turn(message, DELIVERED)
        ends = await eventually(lambda: _later_end(guest, now_ms() // 1000 + 364 * 86_400))
        assert all(math.isclose(end, turn.expires_at, abs_tol=86_400) for end in ends)


def _later_end(guest: Guest, least: int) -> list[float] | None:
    user, conversation = User.find(guest.id), Conversation.find(guest.id, conversation_id(guest.id, None, "mario"))
    ends = [float(row.expires_at or 0) for row in (user, conversation) if row]
    return ends if len(ends) == 2 and min(ends) > least else None


async def test_each_category_has_a_name_in_every_language() -> None:
    for language in ("en", "ru"):
        assert set(privacy_texts(language).categories) == {each.name for each in DATA_CATEGORIES}


async def test_a_limit_that_an_owner_has_lowered_outlives_an_erasure_and_nothing_else_does(guest: Guest) -> None:
    await has_a_past(guest)
    await asyncio.to_thread(user_admin.set_allowance, guest.id, messages_per_day=3, dollars_per_day=100)
    await guest.says("/delete")
    guest.user.press(guest.received()[-1]["message_id"], "Erase everything")
    await guest.stack.simulator.wait_for(lambda: "a lower daily limit" in guest.texts()[-1], timeout=PATIENCE_S)

    row = await eventually(lambda: (user := User.find(guest.id)) and (user if not user.erasure else None))
    assert {name: value for name, value in row.attribute_values.items() if value} == {
        "user_id": guest.id,
        "messages_per_day": 3,
    }
    assert await asyncio.to_thread(categories_with_rows, guest) == {"spending", "profile"}

    await guest.says("/start mario")
    row = await eventually(lambda: (user := User.find(guest.id)) and (user if user.registered_at else None))
    assert row.messages_per_day == 3


async def test_a_blocked_person_gets_their_data_and_has_it_erased_and_stays_blocked(guest: Guest) -> None:
    await has_a_past(guest)
    await asyncio.to_thread(user_admin.ban, guest.id)
    heard = len(guest.received())

    assert "What is kept about you" in await guest.says("/privacy")
    guest.write("/export")
    await guest.hears(heard + 4)
    assert len(guest.files()) == 2
    await guest.says("/delete")
    guest.user.press(guest.received()[-1]["message_id"], "Erase everything")
    await guest.stack.simulator.wait_for(lambda: "You are blocked here" in guest.texts()[-1], timeout=PATIENCE_S)

    row = await eventually(lambda: (user := User.find(guest.id)) and (user if not user.erasure else None))
    assert {name for name, value in row.attribute_values.items() if value} == {"user_id", "banned_at"}
    assert await asyncio.to_thread(categories_with_rows, guest) == {"spending", "profile"}
    silent = len(guest.received())
    await guest.turn(guest.write("May I come back?"), UNADDRESSED)
    assert len(guest.received()) == silent
