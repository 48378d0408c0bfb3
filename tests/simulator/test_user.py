"""Each action of a person makes the updates that Telegram would send, in shapes that two libraries can read."""

import pytest
import telegram
from telegram.error import BadRequest

from local.simulator import Refused, Simulator
from local.simulator.api_models import built, types
from local.simulator.references import from_channel, from_hidden_user
from local.simulator.refusal import Json
from tests.simulator.conftest import TOKEN, Endpoint

HOURS = 3600


def updates(simulator: Simulator) -> list[Json]:
    """The pending updates. aiogram and python-telegram-bot must be able to read each of them."""
    pending = [each.update for each in simulator.server.state.pending]
    for update in pending:
        built(types.Update).model_validate(update)
        assert telegram.Update.de_json(update, telegram.Bot(TOKEN))
    return pending


def last(simulator: Simulator) -> Json:
    update = updates(simulator)[-1]
    kind = next(name for name in update if name != "update_id")
    return {"kind": kind, **update[kind]}


def test_a_live_location_arrives_again_as_an_edited_message_at_each_move(simulator: Simulator) -> None:
    user = simulator.user(7)
    shared = user.share_live_location(48.0, 2.0, live_period=900)
    user.move_live_location(shared["message_id"], 48.1, 2.1)
    user.move_live_location(shared["message_id"], 48.2, 2.2)
    user.stop_live_location(shared["message_id"])
    kinds = [next(name for name in update if name != "update_id") for update in updates(simulator)]
    assert kinds == ["message", "edited_message", "edited_message", "edited_message"]
    moved = updates(simulator)[2]["edited_message"]
    assert moved["location"] == {"latitude": 48.2, "longitude": 2.2, "live_period": 900}
    assert moved["edit_date"] >= moved["date"]
    assert last(simulator)["location"] == {"latitude": 48.2, "longitude": 2.2}


async def test_a_draft_that_is_stopped_grows_no_more_and_tells_the_bot(simulator: Simulator) -> None:
    user = simulator.user(7)
    stop = {"can_stop": True, "keep_on_stop": True}
    await simulator.call("sendMessageDraft", chat_id=7, draft_id=5, text="Once", **stop)
    user.stop_generation()
    await simulator.call("sendMessageDraft", chat_id=7, draft_id=5, text="Once upon", **stop)
    shown, _ = simulator.server.drafts[7]
    assert (shown["text"], shown["can_stop"]) == ("Once", False)
    told = built(types.Update).model_validate(updates(simulator)[-1]).stopped_message_generation
    assert told
    assert (told.chat.id, told.draft_id) == (7, 5)


def test_a_draft_without_the_button_cannot_be_stopped(simulator: Simulator) -> None:
    with pytest.raises(KeyError, match="No draft"):
        simulator.user(7).stop_generation()


def test_an_edit_of_nothing_is_an_edited_message_with_the_same_fields(simulator: Simulator) -> None:
    user = simulator.user(7)
    sent = user.send_text("Hello")
    user.edit_nothing(sent["message_id"])
    message, edited = updates(simulator)
    assert edited["edited_message"] == message["message"]


def test_a_caption_can_be_edited(simulator: Simulator) -> None:
    user = simulator.user(7)
    user.edit(user.send_photo("Look")["message_id"], "Look /here")
    assert (last(simulator)["kind"], last(simulator)["caption"]) == ("edited_message", "Look /here")
    assert last(simulator)["caption_entities"][0]["type"] == "bot_command"
    with pytest.raises(KeyError, match="text or caption"):
        user.edit(user.send_sticker()["message_id"], "No")


def test_an_album_is_a_message_per_part_with_one_media_group_id(simulator: Simulator) -> None:
    user = simulator.user(7)
    user.send_album(["Our cats", None, None])
    parts = [update["message"] for update in updates(simulator)]
    assert [part.get("caption") for part in parts] == ["Our cats", None, None]
    assert len({part["media_group_id"] for part in parts}) == 1
    assert len({part["message_id"] for part in parts}) == 3
    assert user.send_album([None, None])[0]["media_group_id"] != parts[0]["media_group_id"]
    for count in (1, 11):
        with pytest.raises(ValueError, match="2 to 10"):
            user.send_album([None] * count)


def test_photo_voice_and_document_carry_a_caption(simulator: Simulator) -> None:
    user = simulator.user(7)
    for kind, send in (("photo", user.send_photo), ("voice", user.send_voice), ("document", user.send_document)):
        send(f"Look at this {kind}")
        assert (kind in last(simulator), last(simulator)["caption"]) == (True, f"Look at this {kind}")


def test_a_reply_holds_the_original_without_the_originals_own_reply(simulator: Simulator) -> None:
    user = simulator.user(7)
    first = user.send_text("One")
    second = user.send_text("Two", reply_to=first["message_id"])
    user.send_text("Three", reply_to=second["message_id"])
    original = last(simulator)["reply_to_message"]
    assert original["text"] == "Two"
    assert "reply_to_message" not in original


def test_a_quote_names_its_place_in_the_original_in_utf16_units(simulator: Simulator) -> None:
    user = simulator.user(7)
    original = user.send_text("😀 I keep bees in the attic.")
    user.send_text("Really?", reply_to=original["message_id"], quote="bees in the attic")
    assert last(simulator)["quote"] == {"text": "bees in the attic", "position": 10, "is_manual": True}
    with pytest.raises(ValueError, match="is not part of"):
        user.send_text("Really?", reply_to=original["message_id"], quote="a goat")


def test_a_reply_across_chats_has_an_external_reply_and_no_original(simulator: Simulator) -> None:
    simulator.user(7).reply_across_chats("What do you say?", from_hidden_user("Mia"), quote="Cats are liquid")
    message = last(simulator)
    assert message["external_reply"]["origin"]["sender_user_name"] == "Mia"
    assert message["quote"]["text"] == "Cats are liquid"
    assert "reply_to_message" not in message


def test_a_forward_names_its_origin(simulator: Simulator) -> None:
    user = simulator.user(7, "Anna")
    user.send_text("/start")
    user.forward("Sold out", from_channel("The Daily"))
    assert last(simulator)["forward_origin"]["chat"]["title"] == "The Daily"
    user.forward("Psst", from_hidden_user("Mia"))
    assert last(simulator)["forward_origin"]["type"] == "hidden_user"
    user.forward(user.send_photo("Look")["message_id"])
    forwarded = last(simulator)
    assert forwarded["forward_origin"]["sender_user"]["first_name"] == "Anna"
    assert (forwarded["caption"], len(forwarded["photo"])) == ("Look", 3)


async def test_nulls_stand_in_every_optional_field_and_the_update_is_delivered(
    simulator: Simulator, endpoint: Endpoint
) -> None:
    await simulator.call("setWebhook", url=endpoint.url)
    user = simulator.user(7)
    user.send_text("Hello", nulls=True)
    markup = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    sent = await simulator.call("sendMessage", chat_id=7, text="Hi", reply_markup=markup)
    user.press(sent["message_id"], "Go", nulls=True)
    await simulator.wait_for(lambda: len(endpoint.updates) == 2)
    written = next(update for update in endpoint.updates if update["message"])
    assert (written["callback_query"], written["message"]["text"]) == (None, "Hello")
    assert {written["message"][name] for name in ("entities", "photo", "reply_to_message")} == {None}
    assert written["message"]["from"]["last_name"] is None
    pressed = next(update for update in endpoint.updates if update["callback_query"])["callback_query"]
    assert (pressed["data"], pressed["inline_message_id"]) == ("go", None)


@pytest.mark.parametrize("error", ["TOPIC_CLOSED", "TOPIC_DELETED", "TOPIC_ID_INVALID", "message thread not found"])
async def test_a_topic_that_was_closed_refuses_every_send_with_its_wording(
    simulator: Simulator, bot: telegram.Bot, error: str
) -> None:
    user = simulator.user(7)
    written = user.send_text("Hello", topic=5)
    assert (written["message_thread_id"], written["is_topic_message"]) == (5, True)
    sent = await bot.send_message(7, "Hi", message_thread_id=5)
    assert (sent.message_thread_id, sent.is_topic_message) == (5, True)
    user.close_topic(5, error)  # type: ignore[arg-type]  # a literal of the parametrization
    for method, params in (
        ("sendMessage", {"text": "Hi"}),
        ("sendPhoto", {"photo": "id"}),
        ("sendDocument", {"document": "id"}),
        ("sendMessageDraft", {"text": "Hi", "draft_id": 1}),
        ("sendChatAction", {"action": "typing"}),
    ):
        with pytest.raises(Refused, match=f"^Bad Request: {error}$"):
            await simulator.call(method, chat_id=7, message_thread_id=5, **params)
    await bot.send_message(7, "Hi, outside of the topic")


async def test_a_topic_that_the_chat_never_had_is_not_found(simulator: Simulator, bot: telegram.Bot) -> None:
    simulator.user(7)
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(7, "Hi", message_thread_id=6)


async def test_messages_older_than_48_hours_can_not_be_deleted(simulator: Simulator, bot: telegram.Bot) -> None:
    user = simulator.user(7)
    old = await bot.send_message(7, "Old")
    user.age_messages(48 * HOURS + 60)
    new = await bot.send_message(7, "New")
    with pytest.raises(BadRequest, match="Message can't be deleted for everyone"):
        await bot.delete_messages(7, [new.message_id, old.message_id])
    with pytest.raises(BadRequest, match="Message can't be deleted for everyone"):
        await bot.delete_message(7, old.message_id)
    assert [message["text"] for message in simulator.messages(7)] == ["Old", "New"]
    await bot.delete_messages(7, [new.message_id, 999])
    assert [message["text"] for message in simulator.messages(7)] == ["Old"]


def test_a_long_paste_is_cut_into_messages_of_4096_characters(simulator: Simulator) -> None:
    user = simulator.user(7)
    first = user.send_text("Hello")
    pieces = user.send_long_text("😀" * 4096 + "я" * 4097, reply_to=first["message_id"])
    assert [len(piece["text"]) for piece in pieces] == [4096, 4096, 1]
    assert ["reply_to_message" in piece for piece in pieces] == [True, False, False]
    with pytest.raises(ValueError, match="4096"):
        user.send_text("a" * 4097)
    with pytest.raises(ValueError, match="needs a text"):
        user.send_long_text("  \n ")
