"""The delivery of updates follows Telegram's server."""

import asyncio
import time

import pytest
import telegram
from aiohttp import web
from telegram.error import Conflict

from local.simulator import Simulator
from local.simulator.delivery import backoff, expires_at
from local.simulator.refusal import Json
from local.simulator.state import Pending
from tests.simulator.conftest import Endpoint


async def hook(simulator: Simulator, endpoint: Endpoint, **choices: object) -> None:
    await simulator.call("setWebhook", url=endpoint.url, **choices)


async def test_an_update_comes_with_the_secret_and_as_telegram_writes_it(
    simulator: Simulator, bot: telegram.Bot, endpoint: Endpoint
) -> None:
    await hook(simulator, endpoint, secret_token="s3cret")
    simulator.user(7, "Анна", username="anna", language_code="ru").send_text("/start mario see https://a.b/c.")
    await simulator.wait_for(lambda: endpoint.updates and not simulator.server.state.pending)
    assert endpoint.secrets == ["s3cret"]
    update = telegram.Update.de_json(endpoint.updates[0], bot)
    assert update.message
    assert [each.type for each in update.message.entities] == ["bot_command", "url"]
    assert list(update.message.parse_entities().values()) == ["/start", "https://a.b/c"]
    assert abs(endpoint.updates[0]["message"]["date"] - time.time()) < 5


async def test_one_chat_waits_for_its_turn_while_another_goes_on(simulator: Simulator, endpoint: Endpoint) -> None:
    release = asyncio.Event()

    async def slow_for_seven(update: Json) -> web.Response:
        if update["message"]["chat"]["id"] == 7:
            await release.wait()
        return web.Response()

    endpoint.answer = slow_for_seven
    await hook(simulator, endpoint)
    slow, quick = simulator.user(7), simulator.user(8)
    for text in ("one", "two", "three"):
        slow.send_text(text)
    quick.send_text("other")
    await simulator.wait_for(lambda: len(simulator.server.state.pending) == 3)
    assert sorted(endpoint.texts()) == ["one", "other"]
    release.set()
    await simulator.wait_for(lambda: not simulator.server.state.pending)
    assert [text for text in endpoint.texts() if text != "other"] == ["one", "two", "three"]


@pytest.mark.parametrize("status", [500, 403, 302, 404])
async def test_a_failure_is_tried_again_until_any_2xx(simulator: Simulator, endpoint: Endpoint, status: int) -> None:
    statuses = [status, status, status, 204]

    async def answer(_update: Json) -> web.Response:
        return web.Response(status=statuses.pop(0), headers={"Location": endpoint.url})

    endpoint.answer = answer
    await hook(simulator, endpoint)
    simulator.user(7).send_text("hello")
    await simulator.wait_for(lambda: not simulator.server.state.pending)
    assert len(endpoint.updates) == 4
    info = await simulator.call("getWebhookInfo")
    assert info["last_error_message"].startswith(f"Wrong response from the webhook: {status}")


def test_retries_come_at_once_then_double_up_to_two_minutes() -> None:
    assert [backoff(attempt) for attempt in range(5)] == [0, 2, 4, 8, 16]
    assert all(60 <= backoff(attempt) <= 120 for attempt in range(7, 40))


async def test_retry_after_of_the_bot_is_honoured(simulator: Simulator, endpoint: Endpoint) -> None:
    times: list[float] = []

    async def answer(_update: Json) -> web.Response:
        times.append(time.monotonic())
        return web.Response(status=503 if len(times) == 1 else 200, headers={"Retry-After": "30"})

    endpoint.answer = answer
    await hook(simulator, endpoint)
    simulator.user(7).send_text("hello")
    await simulator.wait_for(lambda: not simulator.server.state.pending)
    assert times[1] - times[0] >= 0.29


def test_a_message_is_kept_for_a_day_and_a_callback_for_150_seconds() -> None:
    now = 1_800_000_000
    message = {"chat": {"id": 7}, "date": now}
    assert expires_at(Pending({"message": message}, now)) == now + 86_400
    assert expires_at(Pending({"edited_message": message | {"edit_date": now + 50}}, now)) == now + 86_450
    assert expires_at(Pending({"callback_query": {"from": {"id": 7}, "message": message}}, now + 9)) == now + 159


async def test_an_expired_update_does_not_block_its_chat(simulator: Simulator, endpoint: Endpoint) -> None:
    simulator.user(7).send_text("old")
    simulator.server.state.pending[0].update["message"]["date"] -= 86_401
    simulator.user(7).send_text("new")
    await hook(simulator, endpoint)
    await simulator.wait_for(lambda: not simulator.server.state.pending)
    assert endpoint.texts() == ["new"]


async def test_the_method_in_the_webhooks_answer_is_executed_and_its_result_dropped(
    simulator: Simulator, endpoint: Endpoint
) -> None:
    calls = [
        {"method": "sendChatAction", "chat_id": 7, "action": "typing"},
        {"method": "sendMessage", "chat_id": 7, "text": ""},
        {"method": "deleteWebhook"},
        {"method": "getMe"},
    ]

    async def answer(_update: Json) -> web.Response:
        return web.json_response(calls.pop(0))

    endpoint.answer = answer
    await hook(simulator, endpoint)
    user = simulator.user(7)
    for _ in range(4):
        user.send_text("hello")
    await simulator.wait_for(lambda: not simulator.server.state.pending)
    done = [(call.method, call.error_code) for call in simulator.calls if call.by_webhook]
    assert done == [("sendChatAction", None), ("sendMessage", 400)]
    assert simulator.server.state.webhook.url == endpoint.url


async def test_allowed_updates_hold_until_they_are_set_again(simulator: Simulator, endpoint: Endpoint) -> None:
    await hook(simulator, endpoint, allowed_updates=["message"])
    await hook(simulator, endpoint)
    user = simulator.user(7)
    user.edit(user.send_text("first")["message_id"], "second")
    user.block()
    await simulator.wait_for(lambda: not simulator.server.state.pending)
    assert [list(update)[1] for update in endpoint.updates] == ["message"]
    await hook(simulator, endpoint, allowed_updates=[])
    user.unblock()
    await simulator.wait_for(lambda: len(endpoint.updates) == 2)
    assert endpoint.updates[1]["my_chat_member"]["new_chat_member"]["status"] == "member"


async def test_a_waiting_update_keeps_the_state_at_its_event(simulator: Simulator, endpoint: Endpoint) -> None:
    user = simulator.user(7)
    user.edit(user.send_text("first")["message_id"], "second")
    await hook(simulator, endpoint)
    await simulator.wait_for(lambda: len(endpoint.updates) == 2)
    assert endpoint.updates[0]["message"]["text"] == "first"
    assert endpoint.updates[1]["edited_message"]["text"] == "second"


async def test_a_pressed_button_and_its_answer(simulator: Simulator, bot: telegram.Bot, endpoint: Endpoint) -> None:
    await hook(simulator, endpoint)
    user = simulator.user(7)
    markup = telegram.InlineKeyboardMarkup([[telegram.InlineKeyboardButton("Retry", callback_data="retry:1")]])
    sent = await bot.send_message(7, "Sorry", reply_markup=markup)
    query_id = user.press(sent.message_id, "Retry")
    await simulator.wait_for(lambda: endpoint.updates)
    query = telegram.Update.de_json(endpoint.updates[0], bot).callback_query
    assert query
    assert (query.id, query.data) == (query_id, "retry:1")
    await query.answer("On it")
    with pytest.raises(telegram.error.BadRequest, match="Query is too old"):
        await query.answer("again")


async def test_every_kind_of_message_is_one_the_library_can_read(
    simulator: Simulator, bot: telegram.Bot, endpoint: Endpoint
) -> None:
    await hook(simulator, endpoint)
    user = simulator.user(7)
    group = simulator.group(-1001, "Friends")
    user.send_sticker()
    user.send_voice()
    user.send_photo("Look")
    user.send_document()
    user.send_text("Hi all", chat_id=group)
    await simulator.wait_for(lambda: not simulator.server.state.pending)
    messages = [telegram.Update.de_json(update, bot).message for update in endpoint.updates]
    in_private = [each for each in messages if each and each.chat.type == "private"]
    assert [bool(each) for each in (in_private[0].sticker, in_private[1].voice, in_private[3].document)] == [True] * 3
    assert (len(in_private[2].photo), in_private[2].caption) == (3, "Look")
    assert [each.text for each in messages if each and each.chat.type == "supergroup"] == ["Hi all"]


async def test_an_injected_update_is_delivered_once_more(simulator: Simulator, endpoint: Endpoint) -> None:
    await hook(simulator, endpoint)
    simulator.user(7).send_text("hello")
    await simulator.wait_for(lambda: endpoint.updates)
    simulator.inject(endpoint.updates[0])
    await simulator.wait_for(lambda: len(endpoint.updates) == 2)
    assert endpoint.updates[0] == endpoint.updates[1]


async def test_an_update_waits_for_an_unreachable_bot(simulator: Simulator, endpoint: Endpoint) -> None:
    await simulator.call("setWebhook", url="http://127.0.0.1:1/nobody")
    simulator.user(7).send_text("hello")
    await simulator.wait_for(lambda: simulator.server.state.webhook.last_error_date)
    await hook(simulator, endpoint)
    await simulator.wait_for(lambda: endpoint.updates)
    assert endpoint.texts() == ["hello"]


async def test_without_a_webhook_updates_are_polled_and_confirmed_by_offset(
    simulator: Simulator, bot: telegram.Bot, endpoint: Endpoint
) -> None:
    user = simulator.user(7)
    user.send_text("one")
    first = await bot.get_updates()
    assert [update.message.text for update in first if update.message] == ["one"]
    assert [update.update_id for update in await bot.get_updates(offset=first[0].update_id)] == [first[0].update_id]
    waiting = asyncio.create_task(bot.get_updates(offset=first[0].update_id + 1, timeout=5))
    await simulator.wait_for(lambda: not simulator.server.state.pending)
    user.send_text("two")
    assert [update.message.text for update in await waiting if update.message] == ["two"]
    await hook(simulator, endpoint)
    with pytest.raises(Conflict):
        await bot.get_updates()
