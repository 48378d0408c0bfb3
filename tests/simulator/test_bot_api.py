"""The simulator accepts and refuses the same calls as Telegram."""

import aiohttp
import pytest
import telegram
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from local.simulator import Fault, Refused, Simulator
from local.simulator.files import MAX_FETCHED_BYTES
from tests.unit.card_files import png


def keyboard(**button: str) -> dict[str, object]:
    return {"inline_keyboard": [[{"text": "Go"} | button]]}


async def test_a_sent_message_is_in_the_chat_and_both_sides_share_one_count_of_ids(
    simulator: Simulator, bot: telegram.Bot
) -> None:
    simulator.user(7, "Anna").send_text("/start")
    sent = await bot.send_message(7, "Hello")
    assert sent.message_id == 2
    assert [message.get("text") for message in simulator.messages(7)] == ["/start", "Hello"]
    assert (await bot.get_me()).id == 123456


@pytest.mark.parametrize("length", [1, 4096])
async def test_up_to_4096_characters_are_taken_however_many_utf16_units_they_are(
    simulator: Simulator, bot: telegram.Bot, length: int
) -> None:
    simulator.user(7)
    assert len((await bot.send_message(7, "😀" * length)).text or "") == length


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({}, "message text is empty"),
        ({"text": "  "}, "message text is empty"),
        ({"text": "a" * 4097}, "message is too long"),
        ({"text": "a", "colour": "red"}, "unknown parameter colour"),
        ({"text": "a", "chat_id": 8}, "chat not found"),
        ({"text": "a", "disable_notification": "perhaps"}, "can't parse disable_notification"),
        ({"text": "a", "entities": "[{"}, "can't parse entities JSON object"),
        ({"text": "a", "entities": [{"type": "bold", "offset": 0, "length": 2}]}, "ends after the end of the text"),
        ({"text": "😀", "entities": [{"type": "bold", "offset": 1, "length": 1}]}, "middle of a UTF-16 symbol"),
        ({"text": "a", "entities": [{"type": "loud", "offset": 0, "length": 1}]}, "unsupported entity type"),
        ({"text": "a", "reply_parameters": {"message_id": 99}}, "message to be replied not found"),
        ({"text": "a", "reply_markup": keyboard()}, "Text buttons are unallowed"),
        ({"text": "a", "reply_markup": keyboard(callback_data="д" * 33)}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "reply_markup": keyboard(callback_data="д" * 32)}, None),
        ({"text": "a", "reply_markup": keyboard(url="http://example.com")}, "Wrong HTTP URL"),
        ({"text": "a", "reply_markup": keyboard(url="http://localhost:8000/x")}, None),
        ({"text": "a", "reply_markup": keyboard(callback_data="x", colour="red")}, "unknown parameter colour"),
        (
            {"text": "a", "reply_markup": {"inline_keyboard": [[{"text": "G", "web_app": {"url": "http://a.b"}}]]}},
            "Only HTTPS links are allowed",
        ),
    ],
)
async def test_a_message_that_telegram_refuses_is_refused_with_its_reason(
    simulator: Simulator, params: dict[str, object], reason: str | None
) -> None:
    simulator.user(7)
    if reason is None:
        await simulator.call("sendMessage", **{"chat_id": 7} | params)
        return
    with pytest.raises(Refused) as refused:
        await simulator.call("sendMessage", **{"chat_id": 7} | params)
    assert refused.value.code == 400
    assert reason in refused.value.description
    assert simulator.messages(7) == []
    assert simulator.calls[-1].description == refused.value.description


async def test_a_wrong_token_is_401_an_unknown_method_404_and_an_unsimulated_one_501(
    simulator: Simulator, url: str
) -> None:
    simulator.user(7)
    async with aiohttp.ClientSession() as session:
        for path, status in (
            ("bot123456:OTHER/getMe", 401),
            ("/bot123456:TEST-token/getMe", 404),
            ("bot123456:TEST-token/getMee", 404),
            ("bot123456:TEST-token/logOut", 501),
            ("bot123456:TEST-token/sendMessage?chat_id=7&text=a&parse_mode=HTML", 501),
        ):
            async with session.post(f"{url}/{path}") as response:
                assert response.status == status
                assert (await response.json())["error_code"] == status


@pytest.mark.parametrize("kind", ["query", "form", "json"])
async def test_parameters_can_come_as_query_form_or_json(simulator: Simulator, url: str, kind: str) -> None:
    simulator.user(7)
    fields = {"chat_id": "7", "text": "hi", "reply_markup": '{"inline_keyboard": [[{"text":"a","callback_data":"b"}]]}'}
    async with aiohttp.ClientSession() as session:
        request = session.post(
            f"{url}/bot123456:TEST-token/sendmessage",
            params=fields if kind == "query" else None,
            data=fields if kind == "form" else None,
            json=fields if kind == "json" else None,
        )
        async with request as response:
            assert (await response.json())["ok"]
    assert simulator.messages(7)[0]["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "b"
    assert simulator.calls[0].method == "sendMessage"
    assert simulator.calls[0].params["chat_id"] == 7


async def test_an_uploaded_photo_is_kept_with_its_caption(simulator: Simulator, bot: telegram.Bot, url: str) -> None:
    simulator.user(7)
    sent = await bot.send_photo(7, png(), caption="A portrait")
    assert sent.caption == "A portrait"
    async with aiohttp.ClientSession() as session, session.get(f"{url}/chat/files/{sent.photo[0].file_id}") as response:
        assert (await response.read()).startswith(b"\xff\xd8\xff")


async def test_a_blocked_bot_may_not_write_until_the_person_writes_again(
    simulator: Simulator, bot: telegram.Bot
) -> None:
    user = simulator.user(7)
    user.block()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(7, "Still there?")
    user.send_text("I am back")
    await bot.send_message(7, "Welcome back")


async def test_a_bot_may_not_write_first(simulator: Simulator, bot: telegram.Bot) -> None:
    simulator.user(7, started=False)
    with pytest.raises(Forbidden, match="can't initiate conversation"):
        await bot.send_message(7, "Hello?")


async def test_an_edit_must_change_one_of_the_bots_own_messages(simulator: Simulator, bot: telegram.Bot) -> None:
    simulator.user(7).send_text("mine")
    sent = await bot.send_message(7, "One")
    await bot.edit_message_text("Two", 7, sent.message_id)
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_text("Two", 7, sent.message_id)
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("Two", 7, 1)
    assert simulator.messages(7)[1]["text"] == "Two"
    await bot.delete_message(7, sent.message_id)
    assert len(simulator.messages(7)) == 1


async def test_drafts_are_for_private_chats_and_have_a_number(simulator: Simulator, bot: telegram.Bot) -> None:
    simulator.user(7)
    simulator.group(-100, "Friends")
    await bot.send_message_draft(7, 1, "Once upon")
    assert await bot.send_message_draft(7, 1, "")
    for chat_id, draft_id in ((7, 0), (-100, 1)):
        with pytest.raises(BadRequest):
            await bot.send_message_draft(chat_id, draft_id, "Once")


@pytest.mark.filterwarnings("ignore:Deprecated since version v22.2")  # python-telegram-bot warns of its own class
async def test_drafts_and_typing_share_twenty_calls_in_five_seconds(simulator: Simulator, bot: telegram.Bot) -> None:
    simulator.user(7)
    simulator.user(8)
    for number in range(20):
        await (bot.send_chat_action(7, "typing") if number % 2 else bot.send_message_draft(7, 1, "o" * (number + 1)))
    with pytest.raises(RetryAfter, match=r"Retry in (0:00:0)?[1-5]\b"):
        await bot.send_message_draft(7, 1, "more")
    await bot.send_message_draft(8, 1, "another chat")


async def test_limits_can_be_switched_off() -> None:
    simulator = Simulator("1:x", flood_limits=False)
    simulator.user(7)
    for _ in range(50):
        await simulator.call("sendChatAction", chat_id=7, action="typing")


@pytest.mark.filterwarnings("ignore:Deprecated since version v22.2")  # python-telegram-bot warns of its own class
async def test_a_fault_hits_only_the_calls_that_it_matches(simulator: Simulator, bot: telegram.Bot) -> None:
    simulator.user(7)
    simulator.user(8)
    simulator.faults.add(Fault("sendMessage", chat_id=7, times=2, error_code=429, retry_after=3))
    await bot.send_message(8, "untouched")
    for _ in range(2):
        with pytest.raises(RetryAfter):
            await bot.send_message(7, "refused")
    await bot.send_message(7, "through")
    assert [message["text"] for message in simulator.messages(7)] == ["through"]


@pytest.mark.parametrize(
    ("fault", "error", "shown"),
    [
        (Fault(error_code=500), NetworkError, 0),
        (Fault(error_code=403), Forbidden, 0),
        (Fault(error_code=401), InvalidToken, 0),
        (Fault(error_code=400, description="Bad Request: can't parse entities: x"), BadRequest, 0),
        (Fault(disconnect=True), NetworkError, 0),
        (Fault(disconnect=True, when="after"), NetworkError, 1),
        (Fault(error_code=502, when="after"), NetworkError, 1),
        (Fault(malformed=True), TelegramError, 0),
        (Fault(malformed=True, when="after"), TelegramError, 1),
    ],
)
async def test_a_fault_strikes_before_or_after_the_message_shows(
    simulator: Simulator, bot: telegram.Bot, fault: Fault, error: type[TelegramError], shown: int
) -> None:
    simulator.user(7)
    simulator.faults.add(fault)
    with pytest.raises(error):
        await bot.send_message(7, "Hello")
    assert len(simulator.messages(7)) == shown


async def test_a_call_that_hangs_is_answered_late(simulator: Simulator, bot: telegram.Bot) -> None:
    simulator.user(7)
    simulator.faults.add(Fault("sendMessage", hang=0.3))
    with pytest.raises(telegram.error.TimedOut):
        await bot.send_message(7, "Hello", read_timeout=0.05)
    await simulator.wait_for(lambda: simulator.messages(7))


async def test_commands_menu_and_descriptions_are_kept_by_language_and_chat(
    simulator: Simulator, bot: telegram.Bot
) -> None:
    simulator.user(7)
    await bot.set_my_commands([("start", "Begin")])
    await bot.set_my_commands([("start", "Начать")], language_code="ru")
    assert (await bot.get_my_commands(language_code="ru"))[0].description == "Начать"
    await bot.set_my_description("What I do", language_code="en")
    assert (await bot.get_my_description("en")).description == "What I do"
    button = telegram.MenuButtonWebApp("Cast", telegram.WebAppInfo("https://example.com/"))
    await bot.set_chat_menu_button(7, button)
    assert isinstance(await bot.get_chat_menu_button(7), telegram.MenuButtonWebApp)
    with pytest.raises(BadRequest, match="Bot_command_invalid"):
        await bot.set_my_commands([("Start!", "Begin")])


async def test_a_file_is_fetched_byte_for_byte_and_a_photo_as_a_new_jpeg(
    simulator: Simulator, bot: telegram.Bot
) -> None:
    user, card = simulator.user(7), png(("chara", b"{}"))
    document = user.send_file(card, "card.png")["document"]
    (photo,) = user.send_file(card, "card.png", as_photo=True)["photo"]
    fetched = await bot.get_file(document["file_id"])
    assert (fetched.file_unique_id, fetched.file_size) == (document["file_unique_id"], len(card))
    assert bytes(await fetched.download_as_bytearray()) == card
    assert (await (await bot.get_file(photo["file_id"])).download_as_bytearray()).startswith(b"\xff\xd8\xff")


async def test_a_file_that_is_unknown_or_too_big_is_not_handed_out(simulator: Simulator, bot: telegram.Bot) -> None:
    large = simulator.user(7).send_file(bytes(MAX_FETCHED_BYTES + 1), "large")["document"]
    for file_id, reason in (("unknown", "Wrong file_id"), (large["file_id"], "File is too big")):
        with pytest.raises(BadRequest, match=reason):
            await bot.get_file(file_id)
