"""Inline keyboards that both the webhook and the reply function send, as JSON."""

from typing import Any

from troupe.telegram.callback_data import CallbackData
from troupe.telegram.texts import LANGUAGES, texts


def picker_button(webapp_url: str, language: str | None) -> dict[str, Any]:
    """Inline, because only an inline button hands the Mini App signed init data."""
    button = {"text": texts(language).choose, "web_app": {"url": webapp_url}}
    return {"inline_keyboard": [[button]]}


def language_buttons(language: str | None) -> dict[str, Any]:
    """Each language by its own name, and the one of the person's Telegram."""
    names = {code: spoken.name for code, spoken in LANGUAGES.items()} | {"auto": texts(language).as_telegram}
    row = [{"text": name, "callback_data": str(CallbackData("language", (code,)))} for code, name in names.items()]
    return {"inline_keyboard": [row]}
