"""Inline keyboards that both the webhook and the reply function send, as JSON."""

from typing import Any
from urllib.parse import urlencode

from troupe.answer_mode import MODES
from troupe.telegram.callback_data import NO, CallbackData
from troupe.telegram.texts import LANGUAGES, texts


def picker_button(webapp_url: str, language: str | None) -> dict[str, Any]:
    """Inline, because only an inline button hands the Mini App signed init data."""
    button = {"text": texts(language).choose, "web_app": {"url": webapp_url}}
    return {"inline_keyboard": [[button]]}


def page_url(webapp_url: str, screen: str, character_id: str, thread_id: int | None, *, turn: int = 0) -> str:
    """Of a screen of the Mini App about the conversation with the character, in that topic of the chat.

    :param turn: the message id of the one that the screen is about, 0 if it is about the newest one
    """
    named = {"screen": screen, "id": character_id} | ({"topic": thread_id} if thread_id else {})
    named |= {"turn": turn} if turn else {}
    return f"{webapp_url}?{urlencode(named)}"


def age_buttons(least_age: int, language: str | None) -> dict[str, Any]:
    """Under the question whether the person has reached that age."""
    said = texts(language)
    answers = {str(least_age): said.age_yes.format(age=least_age), NO: said.age_no}
    row = [{"text": text, "callback_data": str(CallbackData("age", (code,)))} for code, text in answers.items()]
    return {"inline_keyboard": [row]}


def voice_buttons(language: str | None) -> dict[str, Any]:
    """The ways to get an answer, one below the other."""
    modes = texts(language).voice_modes
    rows = [[{"text": modes[mode], "callback_data": str(CallbackData("voice", (mode,)))}] for mode in MODES]
    return {"inline_keyboard": rows}


def language_buttons(language: str | None) -> dict[str, Any]:
    """Each language by its own name, and the one of the person's Telegram."""
    names = {code: spoken.name for code, spoken in LANGUAGES.items()} | {"auto": texts(language).as_telegram}
    row = [{"text": name, "callback_data": str(CallbackData("language", (code,)))} for code, name in names.items()]
    return {"inline_keyboard": [row]}
