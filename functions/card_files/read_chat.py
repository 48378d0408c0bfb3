"""Stores a SillyTavern chat in pieces, until the person has said which character it was with."""

import hashlib

from functions.card_files.reading.chat_log import read_chat_log
from troupe.brought_chats import shelf
from troupe.clock import now_ms
from troupe.conversations.jobs.brought_chats import ShowChatJob
from troupe.conversations.jobs.characters import ReadCardJob
from troupe.conversations.jobs.queue import enqueue
from troupe.observability import count

# Hexadecimal digits: they stand in the data of buttons.
DIGEST_LENGTH = 16


def read_chat(job: ReadCardJob, raw: bytes) -> None:
    """The same file is the same chat, whichever message carries it.

    :raises CardRefusedError: no line of it can be read as a message
    :raises troupe.tables.ERRORS: a table or queue can't be reached just now
    """
    chat, turns = read_chat_log(raw, now_ms())
    digest = hashlib.sha256(raw).hexdigest()[:DIGEST_LENGTH]
    shelf.leave(job.person_id, digest, chat, turns)
    count("ChatsRead")
    shown = ShowChatJob(
        person_id=job.person_id,
        chat_id=job.chat_id,
        correlation_id=job.correlation_id,
        language=job.language,
        thread_id=job.thread_id,
        digest=digest,
    )
    enqueue(shown, f"chat:{job.correlation_id}")
