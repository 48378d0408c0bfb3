"""Model servers on this machine: `MODEL=auto` is the first that is found, `MODEL=<name>` the one that has that model.

Addresses: https://docs.ollama.com/faq (OLLAMA_HOST names another), https://lmstudio.ai/docs/developer,
https://github.com/ggml-org/llama.cpp/tree/master/tools/server
"""

import http.client
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from troupe.settings import SettingsError

OLLAMA, LM_STUDIO, LLAMA_CPP = "Ollama", "LM Studio", "llama.cpp"
USUAL_PORTS = {11434: OLLAMA, 1234: LM_STUDIO, 8080: LLAMA_CPP}
# The owner that each server gives for its models.
OWNERS = {"library": OLLAMA, "organization_owner": LM_STUDIO, "llamacpp": LLAMA_CPP}
PATIENCE_S = 0.5
MAX_LIST_BYTES = 1_000_000
ADVICE = "a real character in a minute: get https://ollama.com, `ollama pull llama3.2`, `MODEL=auto make run`"


@dataclass(frozen=True)
class ModelServer:
    name: str
    address: str
    models: tuple[str, ...]

    @property
    def url(self) -> str:
        return f"http://{self.address}/v1"


def running_servers(values: Mapping[str, str]) -> list[ModelServer]:
    """The servers that answer at once: the one that OLLAMA_HOST names, then in the order of USUAL_PORTS."""
    named = values.get("OLLAMA_HOST", "").removeprefix("http://").rstrip("/")
    usual = {f"127.0.0.1:{port}": name for port, name in USUAL_PORTS.items()}
    addresses = {named: OLLAMA, **usual} if ":" in named else usual
    found = (_server(address, name) for address, name in addresses.items())
    return [server for server in found if server and server.models]


def with_local_model(values: Mapping[str, str]) -> Mapping[str, str]:
    """The settings, with the model server that MODEL asks for.

    :raises SettingsError: MODEL names no known server, or OPENAI_BASE_URL names one too
    """
    wanted = values.get("MODEL")
    if not wanted:
        return values
    if values.get("OPENAI_BASE_URL"):
        raise SettingsError(
            "MODEL looks for a server on this machine, and OPENAI_BASE_URL names one: set one of the two"
        )
    servers = running_servers(values)
    if not servers:
        raise SettingsError(f"MODEL={wanted}: no model server runs on this machine. For {ADVICE}")
    for server in servers:
        model = server.models[0] if wanted == "auto" else _named(wanted, server.models)
        if model:
            return {**values, "OPENAI_BASE_URL": server.url, "OPENAI_MODEL": model, "OPENAI_API_KEY": "local"}
    raise SettingsError(f"MODEL={wanted}: no such model here. There are: {', '.join(_all_models(servers))}")


def hint(values: Mapping[str, str]) -> str:
    """A hint for a run with the offline model: a model server that could play the characters instead."""
    servers = running_servers(values)
    if not servers:
        return ADVICE
    return f"{servers[0].name} runs here with {servers[0].models[0]}: `MODEL=auto make run` uses it"


def _server(address: str, usual: str) -> ModelServer | None:
    listed = _models(address)
    models = tuple(entry["id"] for entry in listed if "embed" not in entry["id"].lower())
    owner = next((str(entry.get("owned_by")) for entry in listed), "")
    return ModelServer(OWNERS.get(owner, usual), address, models) if listed else None


def _models(address: str) -> list[dict[str, Any]]:
    """Empty where nothing listens, or something that is no model server."""
    connection = http.client.HTTPConnection(address, timeout=PATIENCE_S)
    try:
        connection.request("GET", "/v1/models")
        told = json.loads(connection.getresponse().read(MAX_LIST_BYTES))
    except (OSError, http.client.HTTPException, ValueError):
        return []
    finally:
        connection.close()
    entries = told.get("data") if isinstance(told, dict) else None
    listed = entries if isinstance(entries, list) else []
    return [entry for entry in listed if isinstance(entry, dict) and isinstance(entry.get("id"), str)]


def _named(wanted: str, models: Iterable[str]) -> str | None:
    """The model itself, or one that is the same but for its tag: llama3.2 for llama3.2:latest."""
    exact = [model for model in models if model == wanted]
    return next(iter([*exact, *(model for model in models if model.split(":")[0] == wanted)]), None)


def _all_models(servers: Iterable[ModelServer]) -> list[str]:
    return [model for server in servers for model in server.models]
