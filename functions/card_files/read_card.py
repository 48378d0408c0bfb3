"""Makes a character or a chat of a file, or says why that is not possible."""

from typing import NamedTuple

from functions.card_files import telegram_files
from functions.card_files.read_chat import read_chat
from functions.card_files.reading.card_file import NoCardFileError, read_card_file
from functions.card_files.reading.chat_lines import is_chat
from functions.card_files.reading.portraits import PictureRefusedError, portrait
from troupe.characters import owned
from troupe.characters.card_notes import notes_of, to_json
from troupe.characters.card_refusal import CardRefusedError
from troupe.characters.owners_list import MAX_CHARACTERS, MAX_FILES_PER_HOUR, OwnersList
from troupe.conversations.jobs.characters import CardFileJob, ReadCardJob, RefuseCardJob, ShowCardJob
from troupe.conversations.jobs.queue import enqueue
from troupe.observability import count

# A document of another kind is answered like a sticker: the character reads only words.
WORDS_ONLY = "words_only"


class _Portrait(NamedTuple):
    picture: bytes | None
    unreadable: bool


async def read_card(job: ReadCardJob) -> None:
    """Queues one job for the reply function: it shows the character or the chat, or says why there is none.

    :raises TelegramError: Telegram can't be reached just now
    :raises troupe.tables.ERRORS: a table or queue can't be reached just now
    """
    source = f"file:{job.file_unique_id}"
    try:
        raw = await _fetched(job, source)
        if is_chat(raw):
            read_chat(job, raw)
            return
        character_id, notes = _made(job, raw, source)
    except NoCardFileError:
        if not job.has_words:
            refuse(job, CardRefusedError(WORDS_ONLY))
    except CardRefusedError as error:
        count("CardsRefused", reason=error.reason)
        refuse(job, error)
    else:
        count("CardsBrought")
        shown = ShowCardJob(
            person_id=job.person_id,
            chat_id=job.chat_id,
            correlation_id=job.correlation_id,
            language=job.language,
            thread_id=job.thread_id,
            character_id=character_id,
            is_new=True,
            notes=notes,
        )
        enqueue(shown, f"card:{job.correlation_id}")


def refuse(job: CardFileJob, error: CardRefusedError) -> None:
    refused = RefuseCardJob(
        person_id=job.person_id,
        chat_id=job.chat_id,
        correlation_id=job.correlation_id,
        language=job.language,
        thread_id=job.thread_id,
        reason=error.reason,
        most=error.most,
        picture_of=job.picture_of if isinstance(job, ReadCardJob) else 0,
    )
    enqueue(refused, f"card:{job.correlation_id}")


async def _fetched(job: ReadCardJob, source: str) -> bytes:
    if not OwnersList.note_file(job.person_id, source):
        raise CardRefusedError("many_files", MAX_FILES_PER_HOUR)
    async with telegram_files.bot() as client:
        return await telegram_files.fetched(client, job.file_id)


def _made(job: ReadCardJob, raw: bytes, source: str) -> tuple[str, str]:
    """The character's id, and the notes as the job carries them.

    :raises CardRefusedError: also if the person has MAX_CHARACTERS
    """
    found = read_card_file(raw)
    picture, unreadable = _portrait(found.picture)
    try:
        character_id = owned.create(job.person_id, found.brought.card, picture=picture, source=source)
    except owned.TooManyCharactersError:
        raise CardRefusedError("many_characters", MAX_CHARACTERS) from None
    notes = notes_of(found.brought, fell_back=found.fell_back, portrait_unreadable=unreadable)
    return character_id, to_json(notes)


def _portrait(picture: bytes | None) -> _Portrait:
    if picture is None:
        return _Portrait(None, unreadable=False)
    try:
        return _Portrait(portrait(picture), unreadable=False)
    except PictureRefusedError:
        return _Portrait(None, unreadable=True)
