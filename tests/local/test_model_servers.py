"""`make run` finds model servers on this machine, and reads MODEL."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from local import model_servers
from local.model_servers import hint, running_servers, with_local_model
from local.ports import free_port
from troupe.settings import SettingsError

# As `GET /v1/models` of the three shows them.
OLLAMA = {"object": "list", "data": [
    {"id": "nomic-embed-text:latest", "object": "model", "created": 1, "owned_by": "library"},
    {"id": "llama3.2:latest", "object": "model", "created": 1, "owned_by": "library"},
]}  # fmt: skip
LM_STUDIO = {"object": "list", "data": [{"id": "qwen3-4b", "object": "model", "owned_by": "organization_owner"}]}
LLAMA_CPP = {"models": [], "object": "list", "data": [{"id": "m.gguf", "object": "model", "owned_by": "llamacpp"}]}


class Usual:
    """Servers on ports that the test has chosen for them."""

    def __init__(self) -> None:
        self._servers: list[ThreadingHTTPServer] = []

    def starts(self, body: Any) -> int:
        text = body if isinstance(body, str) else json.dumps(body)

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_arguments: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self._servers.append(server)
        return int(server.server_address[1])

    def stop(self) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Usual]:
    """A machine without a server at the usual ports, whichever servers run beside the tests."""
    monkeypatch.setattr(model_servers, "USUAL_PORTS", {free_port(): model_servers.OLLAMA})
    usual = Usual()
    yield usual
    usual.stop()


def listens(monkeypatch: pytest.MonkeyPatch, machine: Usual, *bodies: Any) -> list[int]:
    ports = [machine.starts(body) for body in bodies]
    names = (model_servers.OLLAMA, model_servers.LM_STUDIO, model_servers.LLAMA_CPP)
    monkeypatch.setattr(model_servers, "USUAL_PORTS", dict(zip(ports, names, strict=False)))
    return ports


def test_each_server_is_known_by_what_it_lists(monkeypatch: pytest.MonkeyPatch, machine: Usual) -> None:
    listens(monkeypatch, machine, LLAMA_CPP, LM_STUDIO, OLLAMA)
    assert [(server.name, server.models) for server in running_servers({})] == [
        ("llama.cpp", ("m.gguf",)),
        ("LM Studio", ("qwen3-4b",)),
        ("Ollama", ("llama3.2:latest",)),
    ]


def test_auto_is_the_first_model_that_can_talk(monkeypatch: pytest.MonkeyPatch, machine: Usual) -> None:
    port, _ = listens(monkeypatch, machine, OLLAMA, LM_STUDIO)
    chosen = with_local_model({"MODEL": "auto", "PORT": "1"})
    assert chosen["OPENAI_BASE_URL"] == f"http://127.0.0.1:{port}/v1"
    assert (chosen["OPENAI_MODEL"], chosen["PORT"]) == ("llama3.2:latest", "1")
    assert chosen["OPENAI_API_KEY"]


@pytest.mark.parametrize("name", ["qwen3-4b", "llama3.2", "llama3.2:latest"])
def test_a_model_is_found_by_its_name(monkeypatch: pytest.MonkeyPatch, machine: Usual, name: str) -> None:
    listens(monkeypatch, machine, OLLAMA, LM_STUDIO)
    assert with_local_model({"MODEL": name})["OPENAI_MODEL"].startswith(name)


def test_an_unknown_name_is_answered_with_those_there_are(monkeypatch: pytest.MonkeyPatch, machine: Usual) -> None:
    listens(monkeypatch, machine, OLLAMA, LM_STUDIO)
    with pytest.raises(SettingsError, match=r"MODEL=gemma: .* llama3.2:latest, qwen3-4b"):
        with_local_model({"MODEL": "gemma"})


@pytest.mark.parametrize(
    "body", ["<html>A web page</html>", [1], {"data": "x"}, {"data": [{"id": 5}, 7]}, {"data": []}]
)
def test_other_servers_are_passed_over(monkeypatch: pytest.MonkeyPatch, machine: Usual, body: Any) -> None:
    listens(monkeypatch, machine, body)
    assert running_servers({}) == []


def test_a_machine_without_a_model_server_gets_a_hint_in_one_line(machine: Usual) -> None:
    assert machine
    assert "ollama pull" in hint({})
    with pytest.raises(SettingsError, match="ollama pull") as caught:
        with_local_model({"MODEL": "auto"})
    assert "\n" not in str(caught.value)


def test_a_server_that_runs_is_offered(monkeypatch: pytest.MonkeyPatch, machine: Usual) -> None:
    listens(monkeypatch, machine, OLLAMA)
    assert hint({}) == "Ollama runs here with llama3.2:latest: `MODEL=auto make run` uses it"


def test_ollama_may_listen_elsewhere(machine: Usual) -> None:
    port = machine.starts(OLLAMA)
    chosen = with_local_model({"MODEL": "auto", "OLLAMA_HOST": f"http://127.0.0.1:{port}/"})
    assert chosen["OPENAI_BASE_URL"] == f"http://127.0.0.1:{port}/v1"


def test_without_model_nothing_is_looked_for_and_with_two_servers_named_neither_is_guessed() -> None:
    assert with_local_model({"PORT": "1"}) == {"PORT": "1"}
    with pytest.raises(SettingsError, match="OPENAI_BASE_URL"):
        with_local_model({"MODEL": "auto", "OPENAI_BASE_URL": "http://127.0.0.1:1/v1"})
