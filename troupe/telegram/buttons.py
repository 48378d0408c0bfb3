"""The buttons under the bot's messages, and what they send back."""

from dataclasses import dataclass
from typing import Any, Self

from troupe.telegram.texts import texts

# retry: an answer that failed. again, more, back, take: another answer, go on, take back, swipe to another answer.
# hello, undo: another greeting, undo a restart. forget: something remembered. lang: the language to speak.
ACTIONS = {"retry", "again", "more", "back", "take", "hello", "undo", "forget", "lang"}


@dataclass(frozen=True)
class Button:
    """An action and its arguments. Telegram carries 64 bytes of it, and anybody may send what they like."""

    action: str
    arguments: tuple[str, ...]

    @property
    def data(self) -> str:
        return ":".join((self.action, *self.arguments))

    @classmethod
    def parse(cls, data: str) -> Self | None:
        """None for a button that is not ours, or was ours in an earlier version."""
        action, *arguments = data.split(":")
        return cls(action, tuple(arguments)) if action in ACTIONS and arguments else None

    def number(self, position: int) -> int | None:
        """That argument, if it is there and a sensible number."""
        value = self.arguments[position] if position < len(self.arguments) else ""
        return int(value) if value.isascii() and value.isdigit() and len(value) <= len(str(1 << 53)) else None


def picker_button(webapp_url: str, language: str | None) -> dict[str, Any]:
    """An InlineKeyboardMarkup, as JSON. Inline, because only that kind hands the Mini App signed init data."""
    button = {"text": texts(language).choose, "web_app": {"url": webapp_url}}
    return {"inline_keyboard": [[button]]}


def language_buttons(language: str | None) -> dict[str, Any]:
    """An InlineKeyboardMarkup, as JSON: each language by its own name, and Telegram's."""
    choices = {"en": "English", "ru": "Русский", "auto": texts(language).as_telegram}
    return {"inline_keyboard": [[{"text": name, "callback_data": f"lang:{code}"} for code, name in choices.items()]]}
