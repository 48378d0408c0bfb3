"""The stack's secrets in SSM Parameter Store."""

from dataclasses import dataclass

from deploy.account import client
from deploy.terminal import StoppedError
from troupe.pseudonym import KEY_PATTERN


@dataclass(frozen=True)
class Secret:
    """`parameter` is the last part of its name in SSM, `variable` the environment variable that may give it.

    Without an `optional` one, some feature is off.
    """

    parameter: str
    variable: str
    title: str
    pattern: str
    optional: bool = False

    def name(self, stack: str) -> str:
        return f"/troupe/{stack}/{self.parameter}"


TOKEN = Secret(
    "telegram-bot-token", "TELEGRAM_BOT_TOKEN", "Telegram bot token, from @BotFather", r"[0-9]+:[A-Za-z0-9_-]+"
)
MODEL_KEY = Secret("openai-api-key", "OPENAI_API_KEY", "OpenAI API key, from platform.openai.com", r"\S+")
EVENTS_KEY = Secret(
    "amplitude-api-key", "AMPLITUDE_API_KEY", "Amplitude API key, from the project's settings", r"[A-Za-z0-9_-]+"
)
EVENTS_SECRET = Secret(
    "amplitude-secret-key",
    "AMPLITUDE_SECRET_KEY",
    "Amplitude secret key, for deleting people's events there",
    r"[A-Za-z0-9_-]+",
    optional=True,
)
# The characters that Telegram allows: https://core.telegram.org/bots/api#setwebhook
WEBHOOK = Secret("webhook-secret", "WEBHOOK_SECRET", "Webhook secret, made here", r"[A-Za-z0-9_-]{1,256}")
PSEUDONYMS = Secret("pseudonym-key", "PSEUDONYM_KEY", "Key of the pseudonyms, made here", KEY_PATTERN)
# `make secrets` does not ask for it: only a fallback model on a server of its own needs it.
FALLBACK_KEY = Secret("fallback-api-key", "FALLBACK_API_KEY", "API key of the fallback model's server", r"\S+")
ASKED = (TOKEN, MODEL_KEY, EVENTS_KEY, EVENTS_SECRET)
MADE = (WEBHOOK, PSEUDONYMS)
ALL = (*ASKED, *MADE)
OPTIONAL = (FALLBACK_KEY,)


def stored(stack: str) -> dict[Secret, str]:
    """The secrets that SSM has."""
    answer = client("ssm").get_parameters(Names=[each.name(stack) for each in (*ALL, *OPTIONAL)], WithDecryption=True)
    values = {each["Name"]: each["Value"] for each in answer["Parameters"]}
    return {each: values[each.name(stack)] for each in (*ALL, *OPTIONAL) if each.name(stack) in values}


def required(stack: str, *wanted: Secret) -> tuple[str, ...]:
    """:raises StoppedError: secrets are missing; the message names all of them"""
    there = stored(stack)
    if missing := [each.title for each in wanted if each not in there]:
        raise StoppedError(f"Missing: {'; '.join(missing)}. `make secrets` asks for it.")
    return tuple(there[each] for each in wanted)
