"""The settings of `make run`: which servers to use. A server that no setting names is a local one."""

import hashlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from troupe import retention
from troupe.admission import Policy
from troupe.pseudonym import KEY_PATTERN
from troupe.settings import Environment
from troupe.spending.limits import Limits

# The token of the simulated bot. No real bot has it.
SIMULATED_TOKEN = "1000000001:simulated-telegram"  # noqa: S105 - opens nothing
# The template has defaults for these.
DEFAULTED = (
    "OPENAI_PRICES", "FALLBACK_MODEL", "FALLBACK_BASE_URL",
    "HISTORY_TOKENS", "CARDS_FROM", "RECALL_TOKENS", "MESSAGES_PER_MINUTE", "MESSAGES_PER_DAY",
    "EMBEDDINGS_MODEL", "EMBEDDINGS_BASE_URL", "EMBEDDINGS_PRICE", "SPEECH_VOICES",
    "DOLLARS_PER_PERSON_DAY", "DOLLARS_PER_DAY", "DOLLARS_PER_MONTH", "AGE_STATEMENT", "AI_REMINDER_HOURS",
    "NEWCOMER_HOURS", "RETENTION_DAYS",
)  # fmt: skip
# The person whose chat opens first in the simulator.
FIRST_PERSON = "1001"
AMPLITUDE = "https://api2.amplitude.com/2/httpapi"
HTTPS = r"https://[^\s/]+(/\S*)?"


class Telegram(Enum):
    """The source of updates: the simulator, Telegram by long polling, or another server that posts them."""

    SIMULATED = "the simulator"
    POLLED = "Telegram, by long polling"
    NAMED = "the server that TELEGRAM_API_URL names"


@dataclass(frozen=True)
class LocalSettings:
    """`functions` holds the functions' environment variables, without the names of tables and queues."""

    port: int
    telegram: Telegram
    offline_model: bool
    own_amplitude: bool
    emulator_url: str | None
    functions: Mapping[str, str]


def read(values: Mapping[str, str] = os.environ) -> LocalSettings:
    """:raises SettingsError: names every wrong setting"""
    given = Environment(values)
    port = given.number("PORT", default=8000, least=1, most=65535)
    here = f"http://127.0.0.1:{port}"
    telegram, functions = _telegram(given, values, here)
    offline_model = not (values.get("OPENAI_API_KEY") or values.get("OPENAI_BASE_URL"))
    own_amplitude = not (values.get("AMPLITUDE_API_KEY") or values.get("AMPLITUDE_SERVER_URL"))
    functions |= _models(given, f"{here}/openai/v1" if offline_model else "https://api.openai.com/v1", offline_model)
    functions |= _amplitude(given, f"{here}/amplitude/2/httpapi" if own_amplitude else None)
    functions["PSEUDONYM_KEY"] = given.text(
        "PSEUDONYM_KEY", default=pseudonym_key(functions["TELEGRAM_BOT_TOKEN"]), pattern=KEY_PATTERN
    )
    functions |= _admission(given, values, telegram)
    if values.get("FALLBACK_BASE_URL"):
        functions["FALLBACK_API_KEY"] = given.text("FALLBACK_API_KEY", default="offline")
    _check_reply_limits(given)
    functions |= {name: values[name] for name in DEFAULTED if values.get(name)}
    emulator_url = given.url("AWS_ENDPOINT_URL") if values.get("AWS_ENDPOINT_URL") else None
    given.check()
    return LocalSettings(port, telegram, offline_model, own_amplitude, emulator_url, functions)


def _models(given: Environment, server: str, offline: bool) -> dict[str, str]:
    """:param server: the default address of the models' server
    :param offline: the offline model is that server; it has a model of each kind, and moderates as OpenAI does
    """
    server = given.url("OPENAI_BASE_URL", default=server)
    moderation = given.text("MODERATION", default="openai" if offline else "auto", pattern="auto|openai|decisions|off")
    return {
        "OPENAI_API_KEY": given.text("OPENAI_API_KEY", default="offline"),
        "OPENAI_BASE_URL": server,
        "OPENAI_MODEL": given.text("OPENAI_MODEL", default="gpt-6-luna"),
        "TRANSCRIPTION_MODEL": given.text("TRANSCRIPTION_MODEL", default="gpt-transcribe" if offline else "auto"),
        "TRANSCRIPTION_BASE_URL": given.url("TRANSCRIPTION_BASE_URL", default=server),
        "MAX_SOUND_S": str(given.number("MAX_SOUND_S", default=600, least=1, most=3600)),
        "SPEECH_MODEL": given.text("SPEECH_MODEL", default="gpt-4o-mini-tts" if offline else "auto"),
        "SPEECH_BASE_URL": given.url("SPEECH_BASE_URL", default=server),
        "PICTURES_SEEN": given.text("PICTURES_SEEN", default="on", pattern="on|off"),
        "IMAGE_MODEL": given.text("IMAGE_MODEL", default="gpt-image-2.6-flare" if offline else "auto"),
        "IMAGE_BASE_URL": given.url("IMAGE_BASE_URL", default=server),
        "IMAGE_QUALITY": given.text("IMAGE_QUALITY", default="low", pattern="low|medium|high|auto"),
        "IMAGE_PRICE": str(given.dollars("IMAGE_PRICE", default=0)),
        "MODERATION": moderation,
    }


def _amplitude(given: Environment, own_server: str | None) -> dict[str, str]:
    """:param own_server: the address of the local Amplitude; None if settings name the real one, or another server

    Without the secret key, /delete leaves the events at Amplitude, and says so.
    """
    secret_key = given.text("AMPLITUDE_SECRET_KEY", default="offline" if own_server else "", pattern=r"\S*")
    return {
        "AMPLITUDE_API_KEY": given.text("AMPLITUDE_API_KEY", default="offline"),
        "AMPLITUDE_SERVER_URL": given.url("AMPLITUDE_SERVER_URL", default=own_server or AMPLITUDE),
        "AMPLITUDE_SECRET_KEY": secret_key,
    }


def pseudonym_key(token: str) -> str:
    """The default on one machine: the same at each run, so that Amplitude meets the same people again."""
    return hashlib.sha256(f"pseudonyms of {token}".encode()).hexdigest()


def _admission(given: Environment, values: Mapping[str, str], telegram: Telegram) -> dict[str, str]:
    """With the simulator, the first person of the chat page is an owner."""
    Policy.read(given)
    owners = FIRST_PERSON if telegram is Telegram.SIMULATED else ""
    named = {name: values.get(name, "") for name in ("ADMITTED_IDS", "ADMISSION")}
    return {"OWNER_IDS": values.get("OWNER_IDS", owners), **{name: value for name, value in named.items() if value}}


def _check_reply_limits(given: Environment) -> None:
    """The limits of functions/llm_reply/settings.py, which is imported only when the emulator has started."""
    given.text("OPENAI_PRICES", default="", pattern=r"([0-9.]+(/[0-9.]+){3})?")
    given.number("HISTORY_TOKENS", default=3000, least=0, most=200_000)
    given.number("RECALL_TOKENS", default=1500, least=0, most=100_000)
    Limits.read(given)
    given.text("CARDS_FROM", default="everybody", pattern="nobody|everybody|[0-9]+(,[0-9]+)*")
    given.number("AGE_STATEMENT", default=0, least=0, most=21)
    given.number("AI_REMINDER_HOURS", default=3, least=0, most=24)
    given.number("NEWCOMER_HOURS", default=24, least=0, most=720)
    retention.check(given)
    given.number("MODEL_TIMEOUT_S", default=36, least=1, most=600)
    given.number("TELEGRAM_TIMEOUT_S", default=12, least=1, most=60)


def _telegram(given: Environment, values: Mapping[str, str], here: str) -> tuple[Telegram, dict[str, str]]:
    """With the real Telegram, WEBAPP_URL must be https. With another server, WEBHOOK_SECRET must be given."""
    named, token = values.get("TELEGRAM_API_URL"), values.get("TELEGRAM_BOT_TOKEN")
    kind = Telegram.NAMED if named else Telegram.POLLED if token else Telegram.SIMULATED
    pattern = r"[A-Za-z0-9_-]{1,256}"
    secret = None if kind is Telegram.NAMED else secrets.token_urlsafe(32)
    page = here.replace("127.0.0.1", "localhost") + "/"
    return kind, {
        "TELEGRAM_BOT_TOKEN": given.text(
            "TELEGRAM_BOT_TOKEN", default=None if named else SIMULATED_TOKEN, pattern=r"[0-9]+:[A-Za-z0-9_-]+"
        ),
        "TELEGRAM_API_URL": given.server(
            "TELEGRAM_API_URL", default=here if kind is Telegram.SIMULATED else "https://api.telegram.org"
        ),
        "WEBHOOK_SECRET": given.text("WEBHOOK_SECRET", default=secret, pattern=pattern),
        "WEBAPP_URL": (
            given.text("WEBAPP_URL", pattern=HTTPS)
            if kind is Telegram.POLLED
            else given.url("WEBAPP_URL", default=page)
        ),
    }
