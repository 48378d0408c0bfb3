"""The inline keyboards under a character's answers and greetings, and under /memory."""

from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, WebAppInfo

from functions.llm_reply import settings
from troupe.conversations.turn import Turn
from troupe.image_model import OFF
from troupe.memories.mending import digest
from troupe.telegram.buttons import page_url
from troupe.telegram.callback_data import FORGET_SUMMARY, CallbackData
from troupe.telegram.texts import texts

# With more greetings than this, the keyboard has a button back as well.
MAX_WITHOUT_ARROWS = 3


def answer_keyboard(turn: Turn, *, spoken: bool = False) -> InlineKeyboardMarkup:
    """The keyboard under the newest answer. If the message has several answers, a row for swiping comes first.

    :param spoken: it is under a voice message
    """
    swipes = [_swipes(turn)] if len(turn.alternatives) > 1 else []
    return InlineKeyboardMarkup([*swipes, _controls(turn), _about(turn, spoken=spoken)])


def picture_keyboard(turn: Turn) -> InlineKeyboardMarkup:
    """The keyboard under the newest picture."""
    return InlineKeyboardMarkup([_controls(turn)])


def _controls(turn: Turn) -> list[InlineKeyboardButton]:
    said, message = texts(turn.language), str(int(turn.message_id))
    return [
        button(said.another, "again", message),
        button(said.go_on, "go_on", message),
        button(said.take_back, "take_back", message),
    ]


def _about(turn: Turn, *, spoken: bool) -> list[InlineKeyboardButton]:
    """The row with picture and voice. It stands below the controls, which fill a row in Russian."""
    said, message = texts(turn.language), str(int(turn.message_id))
    page = page_url(settings.webapp_url, "why", turn.character_id, turn.topic_id, turn=int(turn.message_id))
    row = [InlineKeyboardButton(said.why_button, web_app=WebAppInfo(page))]
    if spoken:
        row.insert(0, button(said.write_out, "write_out", message))
    elif settings.can_speak:
        row.insert(0, button(said.say, "say", message))
    if settings.image_model != OFF:
        row.append(button(said.picture, "picture", message))
    return row


def _swipes(turn: Turn) -> list[InlineKeyboardButton]:
    many, message = len(turn.alternatives), str(int(turn.message_id))
    shown = max((n for n, answer in enumerate(turn.alternatives) if answer == turn.answer), default=many - 1)
    return _arrows("alternative", message, shown=shown, many=many)


def greeting_keyboard(language: str, *, shown: int, many: int, generation: int) -> InlineKeyboardMarkup | None:
    """The keyboard under a greeting until the person writes; after a restart, with its undo."""
    said, rows = texts(language), []
    if many > MAX_WITHOUT_ARROWS:
        rows.append(_arrows("greeting", shown=shown, many=many))
    elif many > 1:
        rows.append([button(said.another_greeting, "greeting", str((shown + 1) % many))])
    if generation:
        rows.append([button(said.undo_restart, "restart_undo", str(generation))])
    return InlineKeyboardMarkup(rows) if rows else None


def _arrows(action: str, *arguments: str, shown: int, many: int) -> list[InlineKeyboardButton]:
    return [
        button("◀", action, *arguments, str((shown - 1) % many)),
        button(f"{shown + 1}/{many}", action, *arguments, str(shown)),
        button("▶", action, *arguments, str((shown + 1) % many)),
    ]


def memory_keyboard(language: str, facts: Sequence[str], page: str, *, has_summary: bool) -> InlineKeyboardMarkup:
    """The keyboard under /memory: a button to the page with all of it, one to forget each fact, one for the summary.

    :param page: its address
    """
    said = texts(language)
    rows = [[InlineKeyboardButton(said.memory_page, web_app=WebAppInfo(page))]]
    rows += [
        [button(said.forget.format(number=number), "forget", digest(fact))]
        for number, fact in enumerate(facts, start=1)
    ]
    if has_summary:
        rows.append([button(said.forget_story, "forget", FORGET_SUMMARY)])
    return InlineKeyboardMarkup(rows)


def button(text: str, action: str, *arguments: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(text, callback_data=str(CallbackData(action, arguments)))
