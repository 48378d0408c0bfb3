"""Shows a chat from another program before it becomes a conversation: its contents, what is left out, and with whom."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from telegram import InlineKeyboardMarkup

from functions.llm_reply.messaging.keyboards import button
from troupe.brought_chats.chat import BroughtChat, Counts
from troupe.telegram.card_texts import card_texts

MAX_NAMES = 6


def chat_preview(chat: BroughtChat, language: str, partner: str | None, *, is_known: bool) -> str:
    """:param partner: the name of the only character that the chat can have been with
    :param is_known: it was imported before
    """
    said = card_texts(language)
    days = dict.fromkeys([_day(chat.since), _day(chat.until)])
    told = said.chat_found.format(names=_names(chat) or "?", many=chat.counts.messages, days=" … ".join(days))
    lines = [f"“{chat.first}”", f"“{chat.last}”"] if chat.counts.messages > 1 else [f"“{chat.first}”"]
    asked = said.chat_import_ask.format(name=partner) if partner else said.chat_whose
    again = said.chat_known if is_known else ""
    return "\n\n".join(filter(None, [told, "\n…\n".join(lines), "\n".join(_notes(chat, language)), again, asked]))


def import_keyboard(
    language: str, digest: str, partners: Sequence[tuple[str, str]], *, certain: bool
) -> InlineKeyboardMarkup:
    """:param partners: ids and names of the characters that it may have been with
    :param certain: it was with the only one
    """
    said = card_texts(language)
    choices = [[button(said.chat_import if certain else name, "import", digest, each)] for each, name in partners]
    return InlineKeyboardMarkup([*choices, [button(said.chat_drop, "drop", digest)]])


def way_back(language: str, generation: int, before: int) -> InlineKeyboardMarkup:
    """A button back to the conversation that the person had with the character before the import."""
    return InlineKeyboardMarkup(
        [[button(card_texts(language).chat_way_back, "import_undo", str(generation), str(before))]]
    )


def _names(chat: BroughtChat) -> str:
    return ", ".join(chat.names[:MAX_NAMES]) + (", …" if len(chat.names) > MAX_NAMES else "")


def _notes(chat: BroughtChat, language: str) -> Iterator[str]:
    said = card_texts(language).chat_notes
    counts: Counts = chat.counts
    if len(chat.names) > 1:
        yield said["group"]
    for name in ("older", "swipes", "system", "cut", "unread"):
        if many := getattr(counts, name):
            yield said[name].format(many=many)


def _day(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%d")
