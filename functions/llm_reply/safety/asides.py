"""Messages that the bot sends before anything else about a turn: help lines, a reminder of the AI."""

from functions.llm_reply.messaging import notices
from functions.llm_reply.messaging.telling import told
from functions.llm_reply.queue_work.batch import Task
from functions.llm_reply.queue_work.storing import until_stored
from functions.llm_reply.safety.crisis import send_owed_help
from troupe.conversations import turn_records
from troupe.conversations.turn import Turn
from troupe.telegram.texts import texts


async def say_owed(turn: Turn, task: Task) -> None:
    """:raises PostponedError: Telegram could not take it, or the invocation is nearly over"""
    await send_owed_help(turn, task)
    if turn.owes_reminder and await told(turn, task, _remind, "reminder_owed"):
        await until_stored(turn_records.record_reminder, turn)


async def _remind(turn: Turn) -> None:
    """:raises telegram.error.TelegramError: see `failures.of_telegram`"""
    await notices.say_aside(turn, texts(turn.language).ai_reminder)
