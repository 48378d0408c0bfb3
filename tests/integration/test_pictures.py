"""A photo, sticker or image file is seen with its caption, answered, and kept as a short description alone."""

import asyncio
import io

import pytest
from PIL import Image

from functions.llm_reply.prompting import house
from local.llm.calls import Call
from local.simulator import files
from local.simulator.faults import Fault
from tests.integration.guest import Guest, Json, eventually
from troupe.conversations.jobs.queue import enqueue
from troupe.conversations.jobs.remembering import DescribeJob
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import DELIVERED, FAILED, JOINED
from troupe.telegram.texts import ENGLISH

pytestmark = pytest.mark.asyncio(loop_scope="session")

RED, GREEN, BLUE = (210, 40, 40), (50, 150, 60), (40, 90, 200)


def picture(colour: tuple[int, int, int] = RED, size: tuple[int, int] = (900, 600), kind: str = "PNG") -> bytes:
    saved = io.BytesIO()
    Image.new("RGB", size, colour).save(saved, kind)
    return saved.getvalue()


def sends_photo(guest: Guest, caption: str | None = None, colour: tuple[int, int, int] = RED) -> Json:
    return guest.user.send_file(picture(colour), "photo.png", as_photo=True, caption=caption)


def pictures_of(call: Call) -> list[str]:
    parts = [part for line in call.body["input"] if isinstance(line["content"], list) for part in line["content"]]
    return [part["image_url"] for part in parts if part["type"] == "input_image"]


def answers_asked(guest: Guest, said: str) -> list[Call]:
    return [call for call in guest.stack.model.calls if call.endpoint == "responses" and said in call.said]


async def seen(guest: Guest, message: Json) -> str:
    return await eventually(lambda: Turn.get(guest.id, message["message_id"]).seen)


async def test_a_photo_is_seen_and_its_description_stands_in_later_prompts(guest: Guest) -> None:
    await guest.chooses("mario")

    message = sends_photo(guest, f"My bike, says {guest.id}")

    assert "900×600, mostly red" in await guest.hears(2)
    (call,) = answers_asked(guest, f"[photo]\nMy bike, says {guest.id}")
    (shown,) = pictures_of(call)
    assert shown.startswith("data:image/jpeg;base64,")
    assert "file/bot" not in str(call.body)
    assert await seen(guest, message) == "A picture of 900×600, mostly red."

    await guest.says(f"And now? {guest.id}")

    (later,) = answers_asked(guest, f"And now? {guest.id}")
    assert f"[photo: A picture of 900×600, mostly red.]\nMy bike, says {guest.id}" in str(later.body["input"]).replace(
        "\\n", "\n"
    )
    assert "data:image" not in str(later.body)


async def test_a_gif_is_seen_by_its_first_frame(guest: Guest) -> None:
    await guest.chooses("mario")

    message = guest.user.send_file(picture(BLUE, kind="GIF"), "wave.gif", content_type="image/gif")

    assert "mostly blue" in await guest.hears(2)
    answers = [call for call in guest.stack.model.calls if call.endpoint == "responses" and call.body["stream"]]
    (call,) = [call for call in answers if call.said == "[animation]"]
    assert pictures_of(call)
    assert await seen(guest, message)


async def test_the_pictures_of_an_album_are_seen_together_and_answered_once(guest: Guest) -> None:
    await guest.chooses("mario")

    parts = guest.user.send_album([f"Two of {guest.id}", None], photos=[picture(GREEN), picture(BLUE)])

    assert "mostly green" in await guest.hears(2)
    await guest.turn(parts[0], JOINED)
    await guest.turn(parts[1], DELIVERED)
    (call,) = [
        call for call in guest.stack.model.calls if f"Two of {guest.id}" in str(call.body) and call.body["stream"]
    ]
    assert len(pictures_of(call)) == 2
    assert "mostly blue" in await seen(guest, parts[1])
    assert len(guest.received()) == 2


async def test_a_sticker_is_seen_and_kept_by_its_emoji(guest: Guest) -> None:
    await guest.chooses("mario")

    message = guest.user.send_sticker()

    assert "mostly yellow" in await guest.hears(2)
    (call,) = answers_asked(guest, "[sticker 👋]")[-1:]
    assert pictures_of(call)[0].startswith("data:image/webp;base64,")
    assert (await guest.turn(message, DELIVERED)).seen is None


async def test_another_answer_is_to_the_picture_too(guest: Guest) -> None:
    await guest.chooses("mario")
    message = sends_photo(guest, f"Again {guest.id}")
    await guest.hears(2)
    await seen(guest, message)

    guest.user.press(guest.received()[-1]["message_id"], ENGLISH.another)

    await eventually(lambda: len(answers_asked(guest, f"Again {guest.id}")) == 2 or None)
    assert all(pictures_of(call) for call in answers_asked(guest, f"Again {guest.id}"))


@pytest.mark.parametrize(("kind", "endpoint"), [("openai", "moderations"), ("decisions", "decisions")])
async def test_moderation_sees_the_picture(
    guest: Guest, monkeypatch: pytest.MonkeyPatch, kind: str, endpoint: str
) -> None:
    monkeypatch.setattr("functions.llm_reply.clients.moderation.kind", kind)
    await guest.chooses("mario")
    guest.stack.model.script(flagged=("sexual",), endpoint=endpoint, matching="mostly green")

    message = sends_photo(guest, "Look", GREEN)

    assert await guest.hears(2) == ENGLISH.against_rules
    assert (await guest.turn(message, FAILED)).failure == "moderation_refused"


async def test_what_is_no_picture_is_told_of_and_nothing_is_asked(guest: Guest) -> None:
    await guest.chooses("mario")
    file_id = files.keep(guest.stack.simulator.server.state, b"no picture", None, "image/jpeg")
    message = guest.unsent("") | {"photo": [{"file_id": file_id, "file_unique_id": "x", "width": 9, "height": 9}]}
    del message["text"]

    await guest.delivers(message, 800_000_000 + message["message_id"])

    assert await guest.hears(2) == ENGLISH.unreadable_picture
    assert (await guest.turn(message, FAILED)).failure == "unreadable_picture"


async def test_the_words_under_a_picture_that_nobody_can_open_are_answered(guest: Guest) -> None:
    await guest.chooses("mario")
    guest.stack.model.script(text="The words will do.", matching=f"Words of {guest.id}")
    photo = [{"file_id": "gone", "file_unique_id": "x", "width": 9, "height": 9}]
    message = guest.unsent("") | {"photo": photo, "caption": f"Words of {guest.id}"}
    del message["text"]

    await guest.delivers(message, 800_000_000 + message["message_id"])

    assert await guest.hears(3) == ENGLISH.unreadable_picture
    assert guest.texts()[1] == "The words will do."


async def test_a_model_that_can_not_see_answers_the_words_and_the_person_is_told_once(
    guest: Guest, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The process remembers it, and other tests are in it too.
    monkeypatch.setattr("functions.llm_reply.clients.chosen._server.is_blind", False)
    await guest.chooses("mario")
    refusal = '{"error": {"message": "image input is not supported - hint: you may need to provide the mmproj"}}'
    guest.stack.model.script(raw=refusal, raw_type="application/json", status=500, matching=f"Blind {guest.id}")

    sends_photo(guest, f"Blind {guest.id}")

    await guest.hears(3)
    sends_photo(guest, "Another")
    await guest.hears(4)
    assert guest.texts().count(ENGLISH.blind) == 1


async def test_an_image_file_that_holds_no_card_is_shown_to_the_character(guest: Guest) -> None:
    await guest.chooses("mario")

    message = guest.user.send_file(picture(BLUE), "sky.png", content_type="image/png")

    assert "900×600, mostly blue" in await guest.hears(2)
    assert await seen(guest, message) == "A picture of 900×600, mostly blue."
    assert len(guest.received()) == 2


async def test_a_large_image_file_is_seen_by_telegrams_small_picture_of_it(guest: Guest) -> None:
    await guest.chooses("mario")
    file_id = files.keep(guest.stack.simulator.server.state, picture(GREEN, (320, 213), "JPEG"), None, "image/jpeg")
    document = {"file_id": "f", "file_unique_id": f"u{guest.id}", "mime_type": "image/tiff", "file_size": 9_000_000}
    thumbnail = {"file_id": file_id, "file_unique_id": "t", "width": 320, "height": 213}
    message = guest.unsent("") | {"document": document | {"thumbnail": thumbnail}, "caption": f"TIFF {guest.id}"}
    del message["text"]

    await guest.delivers(message, 800_000_000 + message["message_id"])

    await eventually(lambda: [text for text in guest.texts() if "320×213, mostly green" in text] or None)


async def test_new_words_under_a_photo_are_answered_with_the_photo(guest: Guest) -> None:
    await guest.chooses("mario")
    message = sends_photo(guest, "Luk")
    await guest.hears(2)

    guest.user.edit(message["message_id"], f"Look, {guest.id}")

    (call,) = await eventually(lambda: answers_asked(guest, f"Look, {guest.id}") or None)
    assert pictures_of(call)


async def test_a_photo_waits_for_telegram_and_is_described_once(guest: Guest) -> None:
    await guest.chooses("mario")
    guest.stack.simulator.faults.add(Fault(method="getFile", error_code=500))

    message = sends_photo(guest, f"Once {guest.id}")

    assert "mostly red" in await guest.hears(2)
    first = await seen(guest, message)
    asked = len(answers_asked(guest, house.HERE_THEY_ARE))
    job = DescribeJob(person_id=guest.id, chat_id=guest.id, message_id=message["message_id"])
    await asyncio.to_thread(enqueue, job, f"again {guest.id}")
    await guest.says("Next")
    assert await seen(guest, message) == first
    assert len(answers_asked(guest, house.HERE_THEY_ARE)) == asked
