"""Telegram's and the model's servers, called with the operator's keys."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from deploy.stack import Stack
from deploy.terminal import StoppedError

Found = TypeVar("Found")


@dataclass(frozen=True)
class Servers:
    telegram: str
    openai: str

    @classmethod
    def of(cls, stack: Stack | None) -> "Servers":
        """Named by the environment, else by the stack, else the providers' own."""
        known = stack.parameters if stack else {}
        return cls(
            _first(os.environ.get("TELEGRAM_API_URL"), known.get("TelegramApiUrl"), "https://api.telegram.org"),
            _first(os.environ.get("OPENAI_BASE_URL"), known.get("OpenAiBaseUrl"), "https://api.openai.com/v1"),
        )

    def ask_telegram(self, token: str, ask: Callable[[Bot], Awaitable[Found]]) -> Found:
        """:raises StoppedError: Telegram refuses, or can't be reached"""

        async def asked() -> Found:
            async with Bot(token, base_url=f"{self.telegram}/bot") as bot:
                return await ask(bot)

        try:
            return asyncio.run(asked())
        except InvalidToken:
            raise StoppedError("Telegram does not know this bot token: @BotFather shows the right one.") from None
        except TelegramError as error:
            # The library's messages contain the address, and the address contains the token.
            said = error.message.replace(token, "<token>")
            raise StoppedError(f"Telegram ({self.telegram}) would not do it: {said}") from None

    def username(self, token: str) -> str:
        """:raises StoppedError: Telegram does not know the token, or can't be reached"""

        async def name(bot: Bot) -> str:
            return bot.username

        return self.ask_telegram(token, name)

    def models(self, key: str) -> dict[str, date | None]:
        """Models that the key may use, each with the day of its shutdown if that is known.

        :raises StoppedError: the provider refuses, or can't be reached
        """
        import openai  # noqa: PLC0415 - takes a second, and most commands never ask the model's provider

        client = openai.OpenAI(api_key=key, base_url=self.openai, max_retries=1, timeout=20)
        try:
            return {model.id: _day((model.model_extra or {}).get("shutdown_date")) for model in client.models.list()}
        except openai.AuthenticationError:
            raise StoppedError(f"The model's provider ({self.openai}) does not know this API key.") from None
        except openai.APIStatusError as error:
            raise StoppedError(f"The model's provider ({self.openai}) answers {error.status_code}.") from None
        except openai.OpenAIError:
            raise StoppedError(f"The model's provider ({self.openai}) can't be reached.") from None


def _first(*values: str | None) -> str:
    return next(value for value in values if value).rstrip("/")


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
