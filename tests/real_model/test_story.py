"""A whole story with llama.cpp's own server and a model of 135 million parameters. Its words are not judged."""

import pytest

from tests.real_model.conftest import Start
from tests.real_model.person import Person
from tests.real_model.proxy import Proxy
from tests.story.running import running
from troupe.telegram.texts import ENGLISH

RESPONSES, COMPLETIONS = "/v1/responses", "/v1/chat/completions"


# A small model on one thread, on a machine that does other things too.
@pytest.mark.timeout(900)
@pytest.mark.parametrize("endpoint", [RESPONSES, COMPLETIONS])
async def test_greeting_answer_memory_burst_and_going_on(
    product: Start, proxy: Proxy, anna: Person, endpoint: str
) -> None:
    if endpoint == COMPLETIONS:
        proxy.hidden.add(RESPONSES)
    with product(proxy) as run:
        await anna.arrives(run.url)
        greeting = await anna.chooses("mario")
        await anna.says("Hello! I keep bees.")
        # The answer to the first is given up for the next, before it has a word: all three are answered together.
        proxy.passes.clear()
        for line in ("One hive.", "Two hives.", "What do I keep?"):
            await anna.writes(line)
        await anna.waits_until(lambda _: "What do I keep?" in str(proxy.asked_at(endpoint)[-1]))
        proxy.passes.set()
        # After the notice, the greeting and the first answer.
        await anna.hears(4)
        await anna.presses(ENGLISH.go_on)
        said = [message["text"] for message in await anna.received()]

    told = {ENGLISH.apology, ENGLISH.refused}
    assert all(text.strip() and text not in told for text in said)
    # Nor is the server asked to moderate, which it can't. The model's own path is the daily look for a shutdown date.
    assert {path for path, _ in proxy.asked} - {"/v1/models/SmolLM2"} == {endpoint}
    last = str(proxy.asked_at(endpoint)[-1])
    assert all(text in last for text in ("I keep bees.", "One hive.", "Two hives."))
    assert greeting[:20] in last.replace("*", "")


async def test_a_server_on_this_machine_is_found_and_used_when_asked_for(llama_url: str) -> None:
    with running(MODEL="auto", OLLAMA_HOST=llama_url) as run:
        assert f"SmolLM2-135M-Instruct.Q4_1.gguf at {llama_url}/v1" in run.said


async def test_a_server_on_this_machine_is_offered(llama_url: str) -> None:
    with running(OLLAMA_HOST=llama_url) as run:
        assert "llama.cpp runs here with" in run.said
        assert "MODEL=auto" in run.said
