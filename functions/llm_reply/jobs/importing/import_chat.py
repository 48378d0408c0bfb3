"""A chat from another program becomes the conversation with a character.

The person comes into the conversation when all of the chat is stored.
"""

import asyncio

from functions.llm_reply import settings
from functions.llm_reply.jobs.importing.chat_turns import ChatRefusedError, bring_in
from functions.llm_reply.messaging import bot_api, chat_preview
from functions.llm_reply.messaging.first_contact import tell_of_ai
from functions.llm_reply.messaging.telegram_retry import retried
from functions.llm_reply.queue_work.batch import PostponedError, Task
from functions.llm_reply.safety.moderation import Moderation
from troupe import choices
from troupe.brought_chats import place, shelf
from troupe.brought_chats.place import ImportedChat
from troupe.characters.character import Character
from troupe.conversations.conversation import Conversation
from troupe.conversations.jobs.brought_chats import ImportChatJob
from troupe.observability import count
from troupe.telegram.card_texts import card_texts
from troupe.users import User


async def import_chat(job: ImportChatJob, task: Task, moderation: Moderation) -> None:
    """:raises PostponedError: there is more to do, or Telegram could not take the end of it just now"""
    try:
        user, conversation = await asyncio.to_thread(_place, job)
        if conversation.greeted_for == job.correlation_id:
            count("JobsRepeated")
            return
        await bot_api.quieten(job.chat_id, job.message_id)
        if not conversation.greeted_at:
            await bring_in(job, conversation, task, moderation)
    except ChatRefusedError as refused:
        count("ChatsRefused", reason=refused.reason)
        async with retried(job, task):
            await bot_api.quieten(job.chat_id, job.message_id)
            await _say(job, card_texts(job.language).refusals[refused.reason])
        return
    user = await asyncio.to_thread(
        choices.go_into, user, job.character_id, place.generation_of(conversation), job.asked_at
    )
    if task.left_s() < settings.telegram_timeout_s:
        raise PostponedError(0)
    async with retried(job, task):
        await tell_of_ai(user, job.chat_id, job.thread_id, job.language)
        await _tell(job, conversation)
        await asyncio.to_thread(conversation.update, actions=[Conversation.greeted_for.set(job.correlation_id)])


def _place(job: ImportChatJob) -> tuple[User, Conversation]:
    """:raises ChatRefusedError: the chat or the character is gone"""
    user = User.find(job.person_id)
    if user is None or not _may_talk(user, job.character_id):
        raise ChatRefusedError("gone")
    begins_with = place.without_generation(job.chat_id, job.thread_id, job.character_id)
    conversation = place.find(job.person_id, begins_with, job.digest)
    if conversation is None:
        found = shelf.find(job.person_id, job.digest)
        if found is None:
            raise ChatRefusedError("chat_gone")
        chat = ImportedChat(job.digest, job.character_id, found[0].turns, job.message_id)
        conversation = place.reserve(user, begins_with, chat)
    return user, conversation


def _may_talk(user: User, character_id: str) -> bool:
    access, person_id = Character.access_of(character_id), int(user.user_id)
    if access is None:
        return False
    return access.may_choose(person_id) or (user.character_id == character_id and access.may_go_on(person_id))


async def _tell(job: ImportChatJob, conversation: Conversation) -> None:
    """Tells the person, with a button back to the earlier conversation with the character."""
    character = await asyncio.to_thread(Character.shown_of, job.character_id)
    name = str(character.words(job.language)["name"]) if character else job.character_id
    before = conversation.imported["instead_of"]
    keyboard = None
    if before is not None:
        keyboard = chat_preview.way_back(job.language, place.generation_of(conversation), before)
    text = card_texts(job.language).chat_imported.format(name=name)
    await bot_api.send_picture(job.chat_id, None, text, thread_id=job.thread_id, keyboard=keyboard)


async def _say(job: ImportChatJob, text: str) -> None:
    await bot_api.send_picture(job.chat_id, None, text, thread_id=job.thread_id)
