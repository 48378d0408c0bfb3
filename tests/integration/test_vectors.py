"""With a model for vectors, lines in other words are found; without its server, answers go on as before."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from aiohttp import web

from functions.llm_reply.llm.embeddings import Embeddings
from local.ports import free_port
from local.stack import Stack
from tests.integration.guest import Guest, eventually
from troupe.conversations.conversation import Conversation
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import DELIVERED
from troupe.memories import index_store, vector_store
from troupe.memories.forgetting import forget_turns
from troupe.spending.days import PersonDay, account_of

pytestmark = pytest.mark.asyncio(loop_scope="session")

# Words that the server takes for the same thing share a dimension; all other words share one, too.
SAME = (("my ticker stopped", "heart attack"), ("goose",))


@dataclass
class EmbeddingServer:
    url: str
    down: bool = False
    empty: bool = False
    asked: int = 0

    async def answer(self, request: web.Request) -> web.Response:
        texts = (await request.json())["input"]
        self.asked += len(texts)
        if self.down:
            return web.json_response({"error": {"message": "overloaded"}}, status=503)
        if self.empty:
            return web.json_response({"object": "list", "model": "toy", "data": None})
        vectors = [[float(any(words in text for words in same)) for same in SAME] + [0.01] for text in texts]
        data = [{"object": "embedding", "index": place, "embedding": each} for place, each in enumerate(vectors)]
        usage = {"prompt_tokens": 1, "total_tokens": 1}
        return web.json_response({"object": "list", "model": "toy", "data": data, "usage": usage})


@pytest_asyncio.fixture(loop_scope="session")
async def embedding_server(stack: Stack) -> AsyncIterator[EmbeddingServer]:
    # The functions are imported when the stack runs.
    assert stack.functions
    from functions.llm_reply import clients  # noqa: PLC0415 - see above

    port = free_port()
    server = EmbeddingServer(f"http://127.0.0.1:{port}/v1")
    application = web.Application()
    application.router.add_post("/v1/embeddings", server.answer)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    clients.model.embeddings = Embeddings(clients.client.with_options(base_url=server.url), "toy", 0.02)
    yield server
    clients.model.embeddings = None
    await runner.cleanup()


async def indexed(guest: Guest) -> Conversation:
    await guest.talks_long()
    name = f"{guest.id}:0:albert:0"
    return await eventually(lambda: row if (row := Conversation.of(guest.id, name)).vectors else None)


def prompt(guest: Guest) -> str:
    bodies = [call.body for call in guest.stack.model.calls if call.endpoint == "responses"]
    return str([body for body in bodies if body["prompt_cache_key"] != "memory"][-1]["input"])


@pytest.mark.usefixtures("embedding_server")
async def test_a_line_in_other_words_is_found_by_its_meaning(guest: Guest) -> None:
    await guest.chooses("albert")
    for words in ("my ticker stopped", "heart attack", "heart attack"):
        guest.stack.model.script(text="I see.", matching=words)
    told = guest.write("In March my ticker stopped.")
    await guest.turn(told, DELIVERED)
    conversation = await indexed(guest)
    assert conversation.vectors["model"] == "toy"

    answered = await guest.turn(guest.write("When did I have my heart attack?"), DELIVERED)
    assert "In March my ticker stopped." in prompt(guest)
    assert "may be about something that the two never spoke of" in prompt(guest)
    assert told["message_id"] in answered.recalled["turns"]

    forget_turns(Conversation.of(guest.id, conversation.conversation_id), guest.id, [told["message_id"]])
    await guest.turn(guest.write("So when did I have my heart attack?"), DELIVERED)
    assert "ticker" not in prompt(guest)


def opened(guest: Guest) -> dict[str, int]:
    """Today's bookings that are not settled."""
    return {
        name: estimate
        for row in PersonDay.query(account_of(guest.id), consistent_read=True)
        for name, estimate in row.open.items()
    }


async def test_an_answer_comes_without_vectors_if_their_server_is_down(
    guest: Guest, embedding_server: EmbeddingServer
) -> None:
    embedding_server.down = True
    await guest.chooses("albert")
    await guest.turn(guest.write("My goose is called Honk."), DELIVERED)
    await guest.talks_long()

    await guest.turn(guest.write("What is my goose called?"), DELIVERED)

    assert embedding_server.asked
    assert "Honk" in prompt(guest)
    await eventually(lambda: not opened(guest) or None)


async def test_an_answer_comes_without_vectors_if_their_server_sends_something_else(
    guest: Guest, embedding_server: EmbeddingServer
) -> None:
    embedding_server.empty = True
    await guest.chooses("albert")

    await guest.turn(guest.write("My goose is called Honk."), DELIVERED)

    assert embedding_server.asked


async def test_vectors_stand_in_blocks_of_a_bounded_size_and_go_on_where_they_ended(guest: Guest) -> None:
    conversation = Conversation(guest.id, f"{guest.id}:0:nemo:0")
    rows = [
        Turn(guest.id, number, person_id=guest.id, update_id=1, sent_s=1, received_at=number, text=f"Word {number}")
        for number in range(1, 151)
    ]
    for row in rows:
        row.status = DELIVERED
    index_store.add(conversation, rows)
    for first, last in ((0, 64), (64, 100), (100, 150)):
        assert vector_store.places_without(conversation, "toy").start == first
        vector_store.add(conversation, "toy", first, [bytes([1, place % 100, 1]) for place in range(first, last)])

    blocks = vector_store.wanted(conversation, "toy")
    assert blocks == [0, 1, 2]
    found = dict(vector_store.vectors_of(conversation, blocks, 3))
    assert found == {place: bytes([1, place % 100, 1]) for place in range(150)}
    vector_store.erase(conversation, 99)
    assert dict(vector_store.vectors_of(conversation, blocks, 3))[99] == bytes(3)
    assert list(vector_store.places_without(conversation, "another")) == list(range(150))
