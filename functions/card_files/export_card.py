"""Sends a character as a file that other programs read."""

import re

from functions.card_files import telegram_files
from functions.card_files.read_card import refuse
from functions.card_files.writing.card_files import as_json, as_png
from troupe.characters import owned, portrait
from troupe.characters.card_refusal import CardRefusedError
from troupe.clock import now_ms
from troupe.conversations.jobs.characters import ExportCardJob
from troupe.observability import count
from troupe.telegram.card_texts import card_texts

MAX_FILE_NAME = 60
_UNSAFE = re.compile(r"[^\w .()-]+")


async def export_card(job: ExportCardJob) -> None:
    """Another person's character is answered as one that does not exist.

    :raises TelegramError: Telegram can't be reached just now
    :raises troupe.tables.ERRORS: a table can't be reached just now
    """
    try:
        character, card = owned.owned_card(job.person_id, job.character_id)
    except owned.UnknownCharacterError:
        refuse(job, CardRefusedError("gone"))
        return
    card["data"]["modification_date"] = now_ms() // 1000
    if job.as_json:
        made, ending = as_json(card), "json"
    else:
        name = owned.portrait_of(character)
        found = portrait.find(name) if name else None
        made = as_png(card, found.picture if found else None, card_texts(job.language).backfilled)
        ending = "png"
    file_name = f"{_file_name(card['data']['name'])}.{ending}"
    async with telegram_files.bot() as client:
        await telegram_files.send(client, job.chat_id, job.thread_id, made, file_name)
    count("CardsExported")


def _file_name(name: str) -> str:
    return _UNSAFE.sub("_", name)[:MAX_FILE_NAME].strip(" .") or "character"
