"""Malformed requests from the internet get a clear answer, do no harm and lose nothing."""

import base64
import json
import time
from typing import Any
from urllib.parse import parse_qsl, urlencode

import aiohttp
import pytest
from init_data_py import sign

from local.simulator.init_data import signed_init_data
from local.stack import Stack
from tests.integration.guest import Guest
from troupe.conversations.turn import Turn
from troupe.users import User

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def post(stack: Stack, http: aiohttp.ClientSession, body: bytes | str, **headers: str) -> int:
    async with http.post(f"{stack.url}/telegram/webhook", data=body, headers=headers) as response:
        return response.status


def secret(stack: Stack) -> dict[str, str]:
    return {"X-Telegram-Bot-Api-Secret-Token": stack.secret}


def update(guest: Guest, **message: Any) -> str:
    sender, chat = guest.user.person.as_user(), guest.user.person.as_chat()
    base = {"message_id": 77, "date": 1_800_000_000, "from": sender, "chat": chat, "text": "/start"}
    return json.dumps({"update_id": 5_000_000, "message": base | message})


@pytest.mark.parametrize("header", [{}, {"X-Telegram-Bot-Api-Secret-Token": "guess"}])
async def test_without_the_secret_nothing_comes_in(
    guest: Guest, stack: Stack, http: aiohttp.ClientSession, header: dict[str, str]
) -> None:
    assert await post(stack, http, update(guest), **header) == 403
    assert User.find(guest.id) is None


@pytest.mark.parametrize(
    "body",
    [b"", b"no json", b"[]", b"null", b"{}", b'{"update_id": true}', b'{"update_id": 1, "message": 5}', b"\xff\xfe\x00",
     b'{"update_id": 1, "message": {"chat": {"type": "private"}}}', b'{"update_id": 1e400}', b"[" * 100_000],
)  # fmt: skip
async def test_a_body_that_is_no_update_is_taken_and_dropped(
    stack: Stack, http: aiohttp.ClientSession, body: bytes
) -> None:
    assert await post(stack, http, body, **secret(stack)) == 200


async def test_an_oversized_body_is_no_server_error(stack: Stack, http: aiohttp.ClientSession) -> None:
    assert await post(stack, http, '{"x": "' + "y" * 900_000 + '"}', **secret(stack)) == 200


async def test_a_body_in_base64_is_an_update_like_any_other(guest: Guest, stack: Stack) -> None:
    webhook = next(function for function in stack.functions if function.function.logical_id == "WebhookFunction")
    body = base64.b64encode(update(guest).encode()).decode()
    event = {"headers": {"x-telegram-bot-api-secret-token": stack.secret}, "body": body, "isBase64Encoded": True}

    answer = await webhook.invoke(event)

    assert json.loads(answer["body"])["method"] == "sendMessage"
    assert User.get(guest.id).registered_at


async def test_half_of_a_surrogate_pair_and_a_nul_do_not_stop_a_message(
    guest: Guest, stack: Stack, http: aiohttp.ClientSession
) -> None:
    text = update(guest, text="broken \udce9 and \u0000 end")
    assert await post(stack, http, text, **secret(stack)) == 200
    stored = Turn.find(guest.id, 77)
    assert stored is not None
    assert stored.text.startswith("broken ")


def resigned(guest: Guest, **changes: str) -> str:
    """Real init data with some fields changed and the signature left as it was."""
    return urlencode(dict(parse_qsl(guest.user.init_data())) | changes)


async def refused(guest: Guest, init_data: str) -> bool:
    status, answer = await guest.api("select", init_data=init_data, character_id="mario")
    assert "message" in answer
    assert User.find(guest.id) is None
    return status == 401 and answer["error"] == "init_data"


async def test_init_data_that_telegram_did_not_sign_for_us_now_is_refused(guest: Guest) -> None:
    user, now = guest.user, time.time()
    person = user.person
    assert await refused(guest, resigned(guest, user=json.dumps({"id": 1, "first_name": "Eve"})))
    assert await refused(guest, user.init_data(auth_date=now - 2 * 86_400))
    assert await refused(guest, user.init_data(auth_date=now + 3600))
    assert await refused(guest, signed_init_data(person, "222:of-another-bot", None, None))
    assert await refused(guest, user.init_data() + "&user=%7B%22id%22%3A1%7D")
    assert await refused(guest, user.init_data().split("&hash=")[0])
    assert await refused(guest, "x" * 9000)


async def test_a_change_of_any_byte_of_init_data_is_refused(guest: Guest) -> None:
    good = guest.user.init_data()
    for position in range(0, len(good), 7):
        other = "A" if good[position] != "A" else "B"
        forged = good[:position] + other + good[position + 1 :]
        if parse_qsl(forged, keep_blank_values=True) != parse_qsl(good, keep_blank_values=True):
            assert await refused(guest, forged), position


@pytest.mark.parametrize("name", ["Ann \ud83d", "\udc00", "\ud83d\ud83d", " ", "\u3164"])
async def test_a_name_that_can_not_be_written_down_or_seen_does_not_stop_a_choice(guest: Guest, name: str) -> None:
    user = json.dumps({"id": guest.id, "first_name": name, "last_name": name, "language_code": "en"})
    signed = sign({"query_id": "q", "user": user}, guest.stack.simulator.server.token, auth_date=int(time.time()))

    assert await guest.api("select", init_data=signed, character_id="mario") == (200, {})
    assert "Mario" in await guest.hears(1)


async def test_an_unknown_character_is_404_and_changes_nothing(guest: Guest) -> None:
    for character_id in ("nobody", "../users", "x" * 3000, "\udce9"):
        status, answer = await guest.api("select", init_data=guest.user.init_data(), character_id=character_id)
        assert (status, answer["error"]) == (404, "unknown_character")
    assert User.find(guest.id) is None


@pytest.mark.parametrize(
    "body", ["", "[]", "no", '{"init_data": 5}', '{"init_data": "x"}', '{"character_id": "mario"}']
)
async def test_a_malformed_choice_is_422_and_says_what_is_missing(
    stack: Stack, http: aiohttp.ClientSession, body: str
) -> None:
    async with http.post(f"{stack.url}/api/select", data=body) as response:
        answer = await response.json()
    assert (response.status, answer["error"]) == (422, "malformed")
    assert answer["message"]
