"""Goes on with a person who has stated their age: a greeting, the picker, or an end."""

import asyncio

from functions.llm_reply import settings
from functions.llm_reply.jobs.greet import greet
from functions.llm_reply.llm.booked_model import BookedModel
from functions.llm_reply.messaging import bot_api, notices
from functions.llm_reply.messaging.first_contact import may_chat
from functions.llm_reply.messaging.telegram_retry import retried
from functions.llm_reply.queue_work.batch import PostponedError, Task
from troupe.conversations.jobs.answering import GreetJob
from troupe.conversations.jobs.entry import AgeJob
from troupe.telegram.texts import texts
from troupe.users import User


async def go_on_from_age(job: AgeJob, task: Task, model: BookedModel) -> None:
    """Greets if they had chosen a character before they were asked, and offers the cast otherwise.

    :raises PostponedError: Telegram could not take it just now
    """
    if task.left_s() < settings.telegram_timeout_s:
        raise PostponedError(0)
    user = await asyncio.to_thread(User.find, job.person_id)
    async with retried(job, task):
        await bot_api.quieten(job.chat_id, job.message_id)
        if not await may_chat(user, job.chat_id, job.thread_id, job.language):
            return
        if not user or not user.character_id:
            said = texts(job.language)
            welcome = said.welcome.format(name=(user and user.first_name) or said.nameless)
            await notices.offer_picker(job.chat_id, welcome, job.language, thread_id=job.thread_id)
            return
    await greet(_greeting(job, user), task, model)


def _greeting(job: AgeJob, user: User) -> GreetJob:
    character_id = str(user.character_id)
    return GreetJob(
        person_id=job.person_id,
        chat_id=job.chat_id,
        character_id=character_id,
        language=job.language,
        thread_id=job.thread_id,
        generation=user.generation(character_id),
        correlation_id=job.correlation_id,
    )
