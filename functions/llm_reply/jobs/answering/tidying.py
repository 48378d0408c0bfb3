"""Work that can wait until the person has their answer."""

import asyncio
from contextlib import suppress

from functions.llm_reply.jobs.answering.looking import BLIND
from functions.llm_reply.jobs.remembering.describe import queue_description
from functions.llm_reply.jobs.remembering.index_correction import correct_index
from functions.llm_reply.jobs.remembering.summarize import queue_summary
from functions.llm_reply.messaging import bot_api, notices
from functions.llm_reply.prompting.attached import pictures_in
from functions.llm_reply.prompting.context import PromptContext
from troupe import tables, user_marks
from troupe.clock import now_ms
from troupe.conversations.conversation import Conversation
from troupe.conversations.turn import Turn
from troupe.memories import facts
from troupe.memories.facts import shared_owner
from troupe.memories.memory_part import keep_longer
from troupe.retention import is_behind, lasting
from troupe.telegram.texts import texts
from troupe.users import User


async def tidy(turn: Turn, context: PromptContext, user: User) -> None:
    """A worker may die before this: each of the steps may be left out without harm."""
    if context.previous_message_id:
        await bot_api.quieten(int(turn.chat_id), context.previous_message_id)
    await correct_index(turn, context.conversation)
    if context.unseen:
        await _tell_unseen(turn, context)
    if context.should_ask_time_zone:
        with suppress(*tables.ERRORS):
            if await asyncio.to_thread(user_marks.note_asked_time_zone, int(turn.person_id)):
                await notices.mention(turn, texts(turn.language).time_zone_ask)
    with suppress(*tables.ERRORS):
        if context.should_fold:
            await asyncio.to_thread(queue_summary, turn, context)
        if pictures_in(context.prompt):
            await asyncio.to_thread(queue_description, turn)
        if context.woken:
            await asyncio.to_thread(context.conversation.remember_woken, context.woken, int(turn.message_id))
    if is_behind(user.expires_at, now_ms()):
        with suppress(*tables.ERRORS):
            await asyncio.to_thread(_stay, user, context.conversation)


async def _tell_unseen(turn: Turn, context: PromptContext) -> None:
    """Of a model that can't see, once in a conversation."""
    with suppress(*tables.ERRORS):
        if context.unseen == BLIND and not await asyncio.to_thread(context.conversation.note_told_blind):
            return
        await notices.tell_unseen(turn, str(context.unseen))


def _stay(user: User, conversation: Conversation) -> None:
    """These rows are in use: TTL must not delete them yet."""
    user.update(actions=[lasting(User.expires_at, now_ms())], condition=User.registered_at.exists())
    conversation.update(actions=[lasting(Conversation.expires_at, now_ms())], condition=Conversation.person_id.exists())
    for owner in (conversation.conversation_id, shared_owner(int(conversation.person_id))):
        for part in (facts.PART, facts.PAST_PART):
            keep_longer(owner, part)
