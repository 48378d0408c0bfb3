"""Everything that the simulated Telegram stores, as plain records that go to JSON and back."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from local.simulator.refusal import Json

FIRST_UPDATE_ID = 100_000_001


class SavedStateError(Exception):
    """A saved file can't be read. The simulator leaves the file as it is."""


@dataclass
class Person:
    """`started` is false until the person has written to the bot: a bot can't write first.

    `forbids_voice`: a setting of Telegram Premium.
    """

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    blocked: bool = False
    started: bool = True
    forbids_voice: bool = False

    def as_user(self) -> Json:
        fields = {
            "id": self.id,
            "is_bot": False,
            "first_name": self.first_name,
            "last_name": self.last_name,
            "username": self.username,
            "language_code": self.language_code,
        }
        return {name: value for name, value in fields.items() if value is not None}

    def as_chat(self) -> Json:
        user = self.as_user()
        return {name: user[name] for name in ("id", "first_name", "last_name", "username") if name in user} | {
            "type": "private"
        }


@dataclass
class Chat:
    """`messages` are Bot API `Message` objects; the person's and the bot's share one count of ids.

    `topics` maps a message_thread_id, as text, to the error that a call with it gets, or to "" if the topic is open.
    """

    id: int
    title: str | None = None
    last_message_id: int = 0
    messages: list[Json] = field(default_factory=list)
    topics: dict[str, str] = field(default_factory=dict)

    def message(self, message_id: object) -> Json | None:
        return next((each for each in self.messages if each["message_id"] == message_id), None)


@dataclass
class Webhook:
    url: str = ""
    secret_token: str = ""
    max_connections: int = 40
    ip_address: str = ""
    last_error_date: int = 0
    last_error_message: str = ""


@dataclass
class Pending:
    """An update that the bot has not taken yet, and the Unix time of the event."""

    update: Json
    at: float


@dataclass
class State:
    """`commands` are keyed "scope/chat/language", `menu_buttons` by chat id or "", `profile` by "what/language"."""

    people: dict[int, Person] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    webhook: Webhook = field(default_factory=Webhook)
    allowed_updates: list[str] = field(default_factory=list)
    pending: list[Pending] = field(default_factory=list)
    next_update_id: int = FIRST_UPDATE_ID
    commands: dict[str, list[Json]] = field(default_factory=dict)
    menu_buttons: dict[str, Json] = field(default_factory=dict)
    profile: dict[str, str] = field(default_factory=dict)
    files: dict[str, Json] = field(default_factory=dict)

    def save(self, path: Path) -> None:
        """Readable by its owner only: the file holds people's messages and the webhook's secret."""
        fresh = path.with_name(path.name + ".new")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(asdict(self), ensure_ascii=False), encoding="utf-8")
        fresh.replace(path)

    def load(self, path: Path) -> None:
        """:raises SavedStateError: the file is damaged; nothing was changed"""
        try:
            saved = _read(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as problem:
            raise SavedStateError(f"{path}: not a saved chat state ({problem!r})") from problem
        self.__dict__.update(saved.__dict__)


def _read(saved: Any) -> State:
    return State(
        **saved
        | {
            "people": {int(key): Person(**fields) for key, fields in saved["people"].items()},
            "chats": {int(key): Chat(**fields) for key, fields in saved["chats"].items()},
            "pending": [Pending(**fields) for fields in saved["pending"]],
            "webhook": Webhook(**saved["webhook"]),
        }
    )
