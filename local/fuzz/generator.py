"""Requests that nobody should send: real ones with parts replaced, left out or repeated, and plain noise.

All texts that are made here contain CANARY: no log line may.
"""

import base64
import json
import random
import time
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from local.emulator import ROOT
from local.simulator.init_data import signed_init_data
from local.simulator.state import Person

Event = dict[str, Any]

CANARY = "fuzz-canary-7f3a"
# Half of a surrogate pair, controls, right-to-left, a template, SQL, a path, markup, and something long.
TEXTS = (
    "", " ", "\x00", "\ud83d", "\udc00\ud800", "\u202e", "{{7*7}}", "'; --", "../../etc/passwd", "<script>x</script>",
    "🎭", "mario", "/start x", "/memory x", "/again", "/heard x", "again:1", "retry:x", "0", "-1", "1e9",
)  # fmt: skip
OTHERS: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**31, 2**53, 2**63, -(2**63), 10**400, 1.5, float("nan"), float("inf"), [], {}, [[]],
    [None], {"id": None}, {"": ""},
)  # fmt: skip
UPDATES = [
    json.loads(json.loads(path.read_bytes())["body"])
    for path in sorted((ROOT / "events").glob("webhook_*.json"))
    if json.loads(path.read_bytes()).get("body")
]
PATHS = (
    "characters", "me", "character", "select", "form", "save", "share", "export", "delete", "portrait", "write",
    "written", "nothing",
)  # fmt: skip
BODIES: tuple[Event, ...] = (
    {"character_id": "mario"},
    {"character_id": "own_0123456789abcdefghijkl", "name": "x", "portrait": "data:image/jpeg;base64,AAAA"},
    {"name": "x", "tagline": "x", "description": "x", "greeting": "x", "book": [{"keys": ["x"], "content": "x"}]},
    {"field": "greeting", "form": {"name": "x"}, "job": "x", "language": "en", "start_param": "mario"},
)


class Generator:
    """The same seed makes the same requests."""

    def __init__(self, seed: int, secret: str, token: str) -> None:
        self._random = random.Random(seed)  # noqa: S311 - must be repeatable
        self._secret, self._token = secret, token
        self._template = json.loads((ROOT / "events" / "webhook_text.json").read_bytes())
        self._kinds: tuple[Callable[[], Event], ...] = (self._update, self._update, self._raw, self._api, self._api)

    def webhook_or_api(self) -> Event:
        return self._random.choice(self._kinds)()

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    def _update(self) -> Event:
        update = self._mutated(deepcopy(self._random.choice(UPDATES)))
        return self._request("/telegram/webhook", json.dumps(update), {"x-telegram-bot-api-secret-token": self._secret})

    def _raw(self) -> Event:
        noise = self._random.randbytes(self._random.randrange(200))
        body = self._random.choice(
            [noise.decode("latin-1"), base64.b64encode(noise).decode(), "[" * 9000, '{"a":' * 9000, CANARY, ""]
        )
        header = self._random.choice(["x-telegram-bot-api-secret-token", "authorization", "content-type"])
        made = self._request("/telegram/webhook", body, {header: self._random.choice([self._secret, *TEXTS])})
        made["isBase64Encoded"] = self._chance(0.3)
        if self._chance(0.2):
            made.pop(self._random.choice(["body", "headers"]))
        return made

    def _api(self) -> Event:
        body = self._mutated(deepcopy(self._random.choice(BODIES)))
        if isinstance(body, dict) and self._chance(0.9):
            body["init_data"] = self._init_data()
        path = self._random.choice(PATHS)
        made = self._request(f"/api/{path}", json.dumps(body), {})
        made["requestContext"]["http"]["method"] = "GET" if path == "characters" else "POST"
        if self._chance(0.3):
            value = self._random.choice(TEXTS)
            made |= {"rawQueryString": f"lang={value}", "queryStringParameters": {"lang": value}}
        return made

    def _init_data(self) -> str:
        person = Person(self._random.randrange(1, 2**52), f"Anna {CANARY}", language_code="ru")
        signed = signed_init_data(person, self._token, None, time.time())
        if self._chance(0.5):
            at = self._random.randrange(len(signed))
            signed = signed[:at] + self._random.choice(["", "&", "%", "\ud83d", "x=1&"]) + signed[at + 1 :]
        return signed

    def _request(self, path: str, body: str, headers: dict[str, str]) -> Event:
        made: Event = deepcopy(self._template)
        made["headers"] |= headers
        made |= {"rawPath": path, "body": body}
        made["requestContext"]["http"]["path"] = path
        return made

    def _mutated(self, value: Any) -> Any:
        for _ in range(self._random.randrange(4)):
            value = self._mutated_once(value)
        return value

    def _mutated_once(self, value: Any) -> Any:
        """Replaces, leaves out or repeats one part somewhere inside."""
        if isinstance(value, dict) and value and self._chance(0.85):
            name = self._random.choice(list(value))
            if self._chance(0.15):
                del value[name]
            else:
                value[name] = self._mutated_once(value[name])
            return value
        if isinstance(value, list) and value and self._chance(0.85):
            at = self._random.randrange(len(value))
            value[at] = self._mutated_once(value[at])
            return value if self._chance(0.9) else value * 50
        return self._junk()

    def _junk(self) -> Any:
        if self._chance(0.5):
            return deepcopy(self._random.choice(OTHERS))
        return self._random.choice([f"{text}{CANARY}" for text in TEXTS] + [CANARY * 400])
