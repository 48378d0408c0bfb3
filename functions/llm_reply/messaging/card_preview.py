"""A person's character before the first word is said: portrait, name, notes, greeting, and buttons."""

from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, WebAppInfo

from functions.llm_reply import settings
from functions.llm_reply.messaging.greetings import greetings
from functions.llm_reply.messaging.keyboards import button
from troupe.characters.card import Card
from troupe.characters.card_notes import Note
from troupe.characters.presentation import first_paragraph, shortened
from troupe.telegram.buttons import page_url
from troupe.telegram.card_texts import card_texts
from troupe.users import User

# Telegram's limit for the caption of a picture is 1024 characters; these add up to less.
MAX_NAME = 100
MAX_NOTES = 250
MAX_GREETING = 300
MAX_SAID = 350


def preview(card: Card, language: str, user: User | None, notes: Sequence[Note]) -> str:
    said = card_texts(language)
    told = "\n".join(said.notes[note.kind].format(names=note.names, many=note.many) for note in notes)
    return _preview(card, language, user, told)


def introduction(card: Card, language: str, user: User | None) -> str:
    return _preview(card, language, user, card_texts(language).played_by_ai)


def owners_keyboard(language: str, character_id: str) -> InlineKeyboardMarkup:
    said = card_texts(language)
    form = WebAppInfo(page_url(settings.webapp_url, "form", character_id, None))
    return InlineKeyboardMarkup(
        [
            [button(said.talk, "talk", character_id), button(said.delete, "delete", character_id)],
            [InlineKeyboardButton(said.edit, web_app=form), button(said.share, "share", character_id)],
            [
                button(said.export_picture, "export", character_id, "png"),
                button(said.export_json, "export", character_id, "json"),
            ],
        ]
    )


def visitors_keyboard(language: str, character_id: str, share_token: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[button(card_texts(language).talk, "meet", character_id, share_token)]])


def sharing_keyboard(language: str, character_id: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[button(card_texts(language).stop_sharing, "unshare", character_id)]])


def _preview(card: Card, language: str, user: User | None, told: str) -> str:
    data = card.data
    notes = str(data.creator_notes_multilingual.get(language) or data.creator_notes)
    greeting = next((each.shown.strip() for each in greetings(card, language, user)), "")
    parts = (
        shortened(data.name, MAX_NAME),
        shortened(first_paragraph(notes), MAX_NOTES),
        greeting and f"“{shortened(greeting, MAX_GREETING)}”",
        shortened(told, MAX_SAID),
    )
    return "\n\n".join(filter(None, parts))
