"""Documents: each is queued for the function that reads card files."""

from functions.webhook.context import Method, UpdateContext
from functions.webhook.queueing import queue_job
from functions.webhook.update import Document, Message
from troupe.conversations.jobs.characters import ReadCardJob

# Telegram's limit for what a bot may fetch.
MAX_FILE_BYTES = 20 * 1024 * 1024


def bring(context: UpdateContext, message: Message, document: Document, *, has_words: bool) -> Method:
    """:param has_words: the message's words are answered apart from the file"""
    if (document.size or 0) > MAX_FILE_BYTES:
        from troupe.telegram.card_texts import card_texts  # noqa: PLC0415 - loaded when needed, as in `context`

        refusal = card_texts(context.language_tag).refusals["large_file"]
        return context.say(refusal.format(most=MAX_FILE_BYTES // 2**20))
    queue_job(
        context,
        ReadCardJob,
        file_id=document.file_id,
        file_unique_id=document.file_unique_id,
        has_words=has_words,
        picture_of=message.message_id if message.picture else 0,
    )
    return context.typing()
