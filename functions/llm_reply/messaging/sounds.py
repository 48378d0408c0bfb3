"""Voice notes and other sounds, shown as the words that were heard."""

from telegram import MessageEntity, ReplyParameters

from functions.llm_reply.messaging.bot_client import bot
from troupe.conversations.turn import Turn

# A message of Telegram's has 4096 characters.
MAX_SHOWN = 3500


async def show_heard(turn: Turn, said: str, hint: str) -> None:
    """:raises telegram.error.TelegramError: see `failures.of_telegram`"""
    said = said if len(said) <= MAX_SHOWN else f"{said[:MAX_SHOWN]}…"
    text = f"{said}\n{hint}"
    quote = MessageEntity(MessageEntity.EXPANDABLE_BLOCKQUOTE, 0, len(said))
    small = MessageEntity(MessageEntity.ITALIC, len(said) + 1, len(hint))
    await bot().send_message(
        int(turn.chat_id),
        text,
        entities=MessageEntity.adjust_message_entities_to_utf_16(text, (quote, small)),
        message_thread_id=turn.topic_id,
        disable_notification=True,
        reply_parameters=ReplyParameters(int(turn.message_id), allow_sending_without_reply=True),
    )
