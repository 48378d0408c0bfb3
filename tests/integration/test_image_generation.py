"""Image generation on servers that are not OpenAI's, each over a real socket."""

import base64
import io
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from openai import AsyncOpenAI
from PIL import Image

from functions.llm_reply.llm.errors import ModelError
from functions.llm_reply.llm.image_generation import SQUARE, Drawing, ImageGeneration
from functions.llm_reply.prompting.prompt import Prompt
from tests.integration.guest import Guest
from troupe.clock import now_ms
from troupe.observability import measuring
from troupe.spending.days import PersonDay, account_of, day_of
from troupe.spending.ledger import Spender
from troupe.spending.limits import Limits

pytestmark = pytest.mark.asyncio(loop_scope="session")

PROMPT = Prompt("A lighthouse.", (), cache_key="picture", person="somebody")


def png() -> bytes:
    saved = io.BytesIO()
    Image.new("RGB", (64, 64), "navy").save(saved, "PNG")
    return saved.getvalue()


class Server:
    """Answers each request with the next of `answers`: a status, and a body."""

    def __init__(self, *answers: tuple[int, Any]) -> None:
        self.asked: list[dict[str, Any]] = []
        self._answers = [*answers]

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(await request.json())
        status, body = self._answers.pop(0)
        return web.json_response(body, status=status)


def drawn() -> tuple[int, Any]:
    return 200, {"created": 1, "data": [{"b64_json": base64.b64encode(png()).decode()}]}


@pytest_asyncio.fixture(loop_scope="session")
async def clients() -> AsyncIterator[list[AsyncOpenAI]]:
    made: list[AsyncOpenAI] = []
    yield made
    for client in made:
        await client.close()


async def draw(server: Server, clients: list[AsyncOpenAI], guest: Guest) -> Drawing:
    app = web.Application()
    app.router.add_post("/v1/images/generations", server.answer)
    async with TestServer(app) as running:
        client = AsyncOpenAI(api_key="any", base_url=str(running.make_url("/v1")), max_retries=0)
        clients.append(client)
        with measuring():
            images = ImageGeneration(client, "stable-diffusion", "low", 0.02)
            return await images.draw(PROMPT, SQUARE, 10, Spender(guest.id, Limits()))


def spent(guest: Guest) -> int:
    row = PersonDay.find(account_of(guest.id), day_of(now_ms()))
    return int(row.nanodollars) if row else 0


async def test_another_server_is_asked_for_the_file_itself_and_costs_what_the_operator_says(
    guest: Guest, clients: list[AsyncOpenAI]
) -> None:
    server = Server(drawn())

    drawing = await draw(server, clients, guest)

    assert drawing.data == png()
    assert server.asked == [
        {"prompt": "A lighthouse.", "model": "stable-diffusion", "size": SQUARE, "n": 1, "response_format": "b64_json"}
    ]
    assert spent(guest) == 20_000_000


async def test_a_parameter_that_the_server_refuses_is_left_out(guest: Guest, clients: list[AsyncOpenAI]) -> None:
    refusal = {"error": {"message": "Unknown parameter: 'size'", "param": "size", "code": "unknown_parameter"}}
    server = Server((400, refusal), drawn())

    await draw(server, clients, guest)

    assert "size" not in server.asked[1]


@pytest.mark.parametrize(
    "body", [{"data": [{"url": "https://example.com/1.png"}]}, {"data": []}, {"data": [{"b64_json": "?"}]}, []]
)
async def test_an_answer_without_a_file_is_paid_for_once(guest: Guest, clients: list[AsyncOpenAI], body: Any) -> None:
    with pytest.raises(ModelError) as caught:
        await draw(Server((200, body)), clients, guest)

    assert (caught.value.failure.name, caught.value.failure.retry) == ("model_empty", False)
    assert spent(guest) == 20_000_000


async def test_a_server_with_too_much_to_do_is_asked_again_later(guest: Guest, clients: list[AsyncOpenAI]) -> None:
    refusal = {"error": {"message": "Rate limit reached", "code": "rate_limit_exceeded"}}

    with pytest.raises(ModelError) as caught:
        await draw(Server((429, refusal)), clients, guest)

    assert (caught.value.failure.name, caught.value.failure.retry) == ("model_rate_limit", True)
    assert spent(guest) == 0


async def test_a_refusal_in_the_servers_own_words_costs_nothing(guest: Guest, clients: list[AsyncOpenAI]) -> None:
    refusal = {"error": {"message": "Your request was rejected as a result of our safety system."}}

    with pytest.raises(ModelError) as caught:
        await draw(Server((400, refusal)), clients, guest)

    assert caught.value.failure.name == "picture_refused"
    assert spent(guest) == 0
