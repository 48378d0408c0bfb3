"""A person comes by an invitation link, t.me/<bot>?start=invite_<code>."""

import asyncio

from functions.llm_reply import settings
from functions.llm_reply.formatting.split import plain
from functions.llm_reply.messaging import bot_api, notices
from functions.llm_reply.messaging.first_contact import may_chat
from functions.llm_reply.messaging.telegram_retry import retried
from functions.llm_reply.queue_work.batch import Task
from troupe import invitations, user_admin, users
from troupe.admission import LIST, Admission
from troupe.conversations import kept_words
from troupe.conversations.jobs.entry import RedeemJob
from troupe.telegram.texts import texts
from troupe.users import Person, User


async def redeem(job: RedeemJob, task: Task) -> None:
    """Welcomes them, or says that the invitation is void. A person whom an owner has blocked hears nothing.

    :raises PostponedError: Telegram could not take it just now
    """
    kept = await asyncio.to_thread(kept_words.find, job.chat_id, job.words_id)
    person = Person(**kept.writer) if kept else None
    admission = await asyncio.to_thread(_admit, job, person)
    if admission is not Admission.BANNED:
        await _answer(job, task, admission, person)
    await asyncio.to_thread(kept_words.forget, job.chat_id, job.words_id)


async def _answer(job: RedeemJob, task: Task, admission: Admission, person: Person | None) -> None:
    """:raises PostponedError: Telegram could not take it just now"""
    said = texts(job.language)
    async with retried(job, task):
        if admission is Admission.WELCOME:
            user = await asyncio.to_thread(User.find, job.person_id)
            if not await may_chat(user, job.chat_id, job.thread_id, job.language):
                return
            name = (person and person.first_name) or said.nameless
            await notices.offer_picker(
                job.chat_id, said.welcome.format(name=name), job.language, thread_id=job.thread_id
            )
        else:
            await bot_api.send_parts(job.chat_id, plain(said.invitation_void), thread_id=job.thread_id)


def _admit(job: RedeemJob, person: Person | None) -> Admission:
    policy = settings.policy
    before = policy.admission(job.person_id, User.find(job.person_id))
    if before is Admission.BANNED:
        return before
    if policy.mode != LIST and invitations.redeem(job.code, job.person_id):
        user_admin.admit(job.person_id)
    found = User.find(job.person_id)
    admission = policy.admission(job.person_id, found)
    if admission is Admission.WELCOME and person:
        users.register(person, told_of_ai=True)
    return admission
