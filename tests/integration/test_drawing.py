"""A person asks for a picture: it is described, drawn, sent, paid for once, remembered and taken back."""

import io
from typing import Any

import pytest
from PIL import Image

from local.llm.calls import Call as ModelCall
from local.simulator.faults import Fault
from tests.integration.guest import PATIENCE_S, Guest, Json, eventually
from troupe import user_admin
from troupe.clock import now_ms
from troupe.conversations.jobs.queue import enqueue
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import DELIVERED, FAILED, HELD, RECEIVED
from troupe.spending.days import PersonDay, account_of, day_of
from troupe.telegram.texts import ENGLISH, RUSSIAN

pytestmark = pytest.mark.asyncio(loop_scope="session")


def drawn(guest: Guest, about: str) -> list[ModelCall]:
    """The requests for pictures whose description has this in it."""
    return [call for call in guest.stack.model.calls if call.endpoint == "images" and about in call.said]


def drawing(guest: Guest, about: str, **behaviour: Any) -> None:
    """Scripts the next picture whose description has this in it."""
    guest.stack.model.script(endpoint="images", matching=about, **behaviour)


async def asks(guest: Guest, command: str) -> tuple[Json, Json]:
    """The command's message, and the message that it leads to."""
    count = len(guest.received())
    message = guest.write(command)
    return message, await guest.sees(count + 1)


async def newest_delivered(guest: Guest) -> None:
    """A picture is in the chat for a moment before its turn is marked, and its buttons do nothing until then."""
    await eventually(lambda: True if [*Turn.query(guest.id)][-1].status == DELIVERED else None)


def buttons(message: Json) -> list[str]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


def picture_of(guest: Guest, message: Json) -> Image.Image:
    kept = guest.stack.simulator.server.state.files[message["photo"][-1]["file_id"]]
    opened = Image.open(io.BytesIO(bytes.fromhex(kept["hex"])))
    opened.load()
    return opened


async def test_the_scene_is_drawn_from_the_last_messages_in_the_characters_style(guest: Guest) -> None:
    await guest.chooses("mario")
    said = f"I put the ladder of {guest.id} against the moon"
    await guest.says(said)

    message, photo = await asks(guest, "/picture")

    assert photo["caption"] == ENGLISH.drawn_by_ai
    assert picture_of(guest, photo).size == (1024, 1024)
    assert buttons(photo) == [ENGLISH.another, ENGLISH.go_on, ENGLISH.take_back]
    (call,) = drawn(guest, said)
    assert "No nudity" in call.said
    assert "<chat>" in call.said
    assert call.body["safety_identifier"] not in (str(guest.id), "")
    turn = await guest.turn(message, DELIVERED)
    assert (turn.drawing["of"], turn.answer) == ("scene", "[a picture: this moment]")
    signs = [each.params["action"] for each in guest.stack.simulator.calls if each.method == "sendChatAction"
             and each.chat_id == guest.id]  # fmt: skip
    assert "upload_photo" in signs


async def test_a_picture_is_booked_with_what_the_server_counted(guest: Guest) -> None:
    await guest.chooses("mario")

    message, _ = await asks(guest, f"/picture the harbour of {guest.id}")

    turn = await guest.turn(message, DELIVERED)
    row = PersonDay.find(account_of(guest.id), day_of(now_ms()))
    assert row is not None
    assert row.nanodollars == turn.usage["input"] * 5_000 + turn.usage["output"] * 30_000
    assert turn.usage["output"] == 272


async def test_a_portrait_is_upright_and_knows_nothing_of_the_conversation(guest: Guest) -> None:
    await guest.chooses("mario")
    await guest.says(f"The secret is {guest.id}")

    _, photo = await asks(guest, "/picture portrait")

    width, height = picture_of(guest, photo).size
    assert height > width
    assert not drawn(guest, str(guest.id))


async def test_the_button_draws_the_answer_and_the_character_knows_later(guest: Guest) -> None:
    await guest.chooses("mario")
    await guest.says(f"A storm over {guest.id}!")
    answer = guest.received()[-1]

    photo = await guest.presses(answer, ENGLISH.picture)
    await guest.says("Did you like it?")

    assert "photo" in photo
    await guest.stack.simulator.wait_for(
        lambda: (
            [each["message_id"] for each in guest.received() if buttons(each)] == [guest.received()[-1]["message_id"]]
        ),
        timeout=PATIENCE_S,
    )
    asked = next(call for call in reversed(guest.stack.model.calls) if call.said == "Did you like it?")
    told = {
        "type": "message",
        "role": "user",
        "content": "[the character sent the person a picture: this moment, as it looks]",
    }
    assert told in asked.body["input"]


async def test_the_button_draws_the_conversation_that_it_stands_in(guest: Guest) -> None:
    await guest.chooses("mario")
    await guest.says(f"A storm over {guest.id}!")
    answer = guest.received()[-1]
    await guest.chooses("ada")

    photo = await guest.presses(answer, ENGLISH.picture)

    assert "photo" in photo
    (call,) = drawn(guest, f"A storm over {guest.id}!")
    assert '"Mario"' in call.said


async def test_another_picture_has_the_same_wish_and_undo_takes_only_the_picture_back(guest: Guest) -> None:
    await guest.chooses("mario")
    await guest.says("Hello")
    wish = f"a teapot for {guest.id}"
    message, photo = await asks(guest, f"/picture {wish}")
    await newest_delivered(guest)

    other = await guest.presses(photo, ENGLISH.another)
    await newest_delivered(guest)
    guest.user.press(other["message_id"], ENGLISH.take_back)

    seen = guest.stack.simulator.messages
    await guest.stack.simulator.wait_for(
        lambda: other["message_id"] not in [each["message_id"] for each in seen(guest.id)], timeout=PATIENCE_S
    )
    assert len(drawn(guest, wish)) == 2
    assert {message["message_id"], photo["message_id"]} <= {each["message_id"] for each in seen(guest.id)}
    guest.write("/undo")
    await guest.stack.simulator.wait_for(
        lambda: not {message["message_id"], photo["message_id"]} & {each["message_id"] for each in seen(guest.id)},
        timeout=PATIENCE_S,
    )


async def test_what_the_server_refuses_to_draw_is_said_and_the_answer_keeps_its_buttons(guest: Guest) -> None:
    await guest.chooses("mario")
    await guest.says("Hello")
    answer = guest.received()[-1]
    drawing(guest, f"{guest.id} again", code="moderation_blocked")

    message, refusal = await asks(guest, f"/picture {guest.id} again")
    photo = await guest.presses(answer, ENGLISH.picture)

    assert (refusal["text"], buttons(refusal)) == (ENGLISH.picture_refused, [])
    await guest.turn(message, FAILED)
    assert "photo" in photo


@pytest.mark.parametrize("category", ["sexual", "sexual/minors"])
async def test_words_that_moderation_flags_are_not_drawn(
    guest: Guest, category: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("functions.llm_reply.clients.moderation.kind", "openai")
    await guest.chooses("mario")

    _, refusal = await asks(guest, f"/picture {guest.id} [flag {category}]")

    assert refusal["text"] in (ENGLISH.picture_refused, ENGLISH.against_rules)
    assert not drawn(guest, str(guest.id))


async def test_a_scene_that_may_stand_in_a_story_may_be_too_much_for_a_picture(
    guest: Guest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("functions.llm_reply.clients.moderation.kind", "openai")
    await guest.chooses("mario")
    await guest.says(f"{guest.id} [flag violence/graphic]")

    _, refusal = await asks(guest, "/picture")
    _, photo = await asks(guest, "/picture portrait")

    assert refusal["text"] == ENGLISH.picture_refused
    assert not drawn(guest, str(guest.id))
    assert "photo" in photo


async def test_a_picture_asked_for_during_an_answer_comes_after_it(guest: Guest) -> None:
    await guest.chooses("mario")
    guest.stack.model.script(text="All is well.", matching=f"How is {guest.id}?", hang=1)
    guest.write(f"How is {guest.id}?")
    guest.write("/picture")

    await guest.sees(3)

    assert guest.texts()[1:] == ["All is well.", ENGLISH.drawn_by_ai]


async def test_an_update_that_comes_again_draws_nothing_again_and_says_nothing(guest: Guest) -> None:
    await guest.chooses("mario")
    message = guest.unsent(f"/picture a key, {guest.id}")
    await guest.delivers(message, 700_000_000 + message["message_id"])
    await guest.sees(2)

    await guest.delivers(message, 700_000_000 + message["message_id"])
    await guest.says("Hello")

    assert len(guest.received()) == 3
    assert len(drawn(guest, str(guest.id))) == 1


async def test_a_server_that_draws_nothing_leads_to_plain_words(visitor: Guest) -> None:
    await visitor.chooses("mario")
    drawing(visitor, f"{visitor.id}", status=404)

    _, refusal = await asks(visitor, f"/picture кот {visitor.id}")

    assert refusal["text"] == RUSSIAN.no_pictures


async def test_where_nobody_draws_no_button_promises_it(guest: Guest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("functions.llm_reply.clients.images.model", "off")
    monkeypatch.setattr("functions.llm_reply.settings.image_model", "off")
    await guest.chooses("mario")
    await guest.says("Hello")

    _, refusal = await asks(guest, f"/picture {guest.id}")

    assert refusal["text"] == ENGLISH.no_pictures
    assert ENGLISH.picture not in buttons(guest.received()[-2])
    assert not drawn(guest, str(guest.id))


async def test_a_picture_that_telegram_takes_at_the_second_try_is_drawn_once(guest: Guest) -> None:
    await guest.chooses("mario")
    guest.stack.simulator.faults.add(Fault(method="sendPhoto", chat_id=guest.id, error_code=500))

    message, photo = await asks(guest, f"/picture a boat, {guest.id}")
    enqueue(guest.job(message), f"again:{guest.id}")
    await guest.says("Hello")

    assert "photo" in photo
    assert (await guest.turn(message, DELIVERED)).reply_ids == [photo["message_id"]]
    assert len(drawn(guest, str(guest.id))) == 1


async def test_a_picture_that_did_not_come_is_drawn_by_try_again(guest: Guest) -> None:
    await guest.chooses("mario")
    drawing(guest, str(guest.id), fault="disconnect")

    _, sorry = await asks(guest, f"/picture a bridge, {guest.id}")
    photo = await guest.presses(sorry, ENGLISH.retry)

    assert sorry["text"] == ENGLISH.picture_failed
    assert "photo" in photo


async def test_a_picture_beyond_the_days_limit_is_drawn_by_try_again(guest: Guest) -> None:
    await guest.chooses("mario")
    user_admin.set_allowance(guest.id, messages_per_day=1, dollars_per_day=None)
    await guest.says("The first and only one")
    message, notice = await asks(guest, f"/picture a gate, {guest.id}")
    await guest.turn(message, HELD)
    user_admin.set_allowance(guest.id, messages_per_day=0, dollars_per_day=None)

    photo = await guest.presses(notice, ENGLISH.retry)

    assert "photo" in photo
    assert len(drawn(guest, str(guest.id))) == 1


async def test_a_picture_is_stopped(guest: Guest) -> None:
    await guest.chooses("mario")
    drawing(guest, str(guest.id), hang=60)
    message = guest.write(f"/picture a tower, {guest.id}")
    await guest.stack.model.wait_for_call(lambda call: call.endpoint == "images" and str(guest.id) in call.said)

    guest.write("/stop")

    assert await guest.hears(2) == ENGLISH.no_drawing
    await guest.turn(message, FAILED)


async def test_a_mistyped_command_that_is_put_right_draws(guest: Guest) -> None:
    await guest.chooses("mario")
    message, unknown = await asks(guest, "/pictre")

    guest.user.edit(message["message_id"], f"/picture a well, {guest.id}")

    assert unknown["text"] == ENGLISH.unknown_command
    assert "photo" in await guest.sees(3)
    turn = Turn.find(guest.id, message["message_id"])
    assert turn is not None
    assert turn.text == f"a well, {guest.id}"


async def test_a_worker_that_died_after_the_picture_was_sent_leaves_it_to_be_drawn_again(guest: Guest) -> None:
    """The named window: the file is kept nowhere."""
    await guest.chooses("mario")
    message, photo = await asks(guest, f"/picture a mill, {guest.id}")
    turn = await guest.turn(message, DELIVERED)
    turn.update(actions=[Turn.status.set(RECEIVED), Turn.reply_ids.set([]), Turn.leased_until.set(0)])

    enqueue(guest.job(message), f"died:{guest.id}")

    again = await guest.sees(3)
    assert (await guest.turn(message, DELIVERED)).reply_ids == [again["message_id"]] != [photo["message_id"]]
    assert len(drawn(guest, str(guest.id))) == 2


async def test_a_russian_asks_for_a_portrait_of_somebody_they_chose(visitor: Guest) -> None:
    assert await visitor.says("/picture") == RUSSIAN.choose_first
    await visitor.chooses("mario")

    _, photo = await asks(visitor, "/picture портрет")

    assert photo["caption"] == RUSSIAN.drawn_by_ai
    assert photo["photo"][-1]["height"] > photo["photo"][-1]["width"]


async def test_a_picture_is_in_the_export_and_is_no_answer_that_was_made_from_something(guest: Guest) -> None:
    await guest.chooses("mario")
    await guest.says("Hello")
    await asks(guest, f"/picture a fox, {guest.id}")

    _, found = await guest.api("memory/why", init_data=guest.user.init_data(), character_id="mario")
    guest.write("/export")
    await guest.stack.simulator.wait_for(guest.files, timeout=PATIENCE_S)

    assert found["asked"] == "Hello"
    assert any(f"[a picture: a fox, {guest.id}]".encode() in data for data in guest.files().values())
