"""Sends a notice to the bot's owners."""

import asyncio

from telegram.error import TelegramError

from functions.llm_reply import settings
from functions.llm_reply.failures import of_telegram
from functions.llm_reply.formatting.split import plain
from functions.llm_reply.messaging import bot_api
from troupe import tables
from troupe.observability import logger
from troupe.telegram.owner_texts import owner_texts
from troupe.users import User


async def tell_owners(notice: str, **facts: object) -> bool:
    """False if another try may reach an owner who was not reached.

    :param notice: the name of one of `OwnerTexts.notices`
    """
    return all([await _told(owner_id, notice, facts) for owner_id in sorted(settings.policy.owners)])


async def _told(owner_id: int, notice: str, facts: dict[str, object]) -> bool:
    try:
        user = await asyncio.to_thread(User.find, owner_id)
        text = owner_texts((user.language_choice or user.language) if user else None).notices[notice].format(**facts)
        await bot_api.send_parts(owner_id, plain(text))
    except TelegramError as error:
        failure = of_telegram(error)
        logger.warning("An owner was not told", extra={"failure": failure.name})
        return not failure.retry
    except tables.ERRORS:
        logger.exception("An owner's row can't be read")
        return False
    return True
