"""/delete: erases all that the bot holds of a person, and ends with a receipt."""

import asyncio
from datetime import UTC, datetime

from functions.llm_reply import settings
from functions.llm_reply.formatting.split import plain
from functions.llm_reply.messaging import bot_api
from functions.llm_reply.messaging.telegram_retry import retried
from functions.llm_reply.privacy.data_categories import CONVERSATIONS, DATA_CATEGORIES, PROFILE, SPENDING
from functions.llm_reply.privacy.data_category import DataSubject
from functions.llm_reply.queue_work.batch import PostponedError, Task
from troupe import erasure
from troupe.clock import now_ms
from troupe.conversations.jobs.privacy import ERASURE_GROUPS, EraseJob, ForgetEventsJob
from troupe.conversations.jobs.queue import enqueue
from troupe.erasure import Erasure
from troupe.observability import count, logger
from troupe.pseudonym import pseudonym
from troupe.telegram.privacy_texts import privacy_texts
from troupe.users import User

# Seconds that a step may take: it reads one page of a table and erases it.
STEP_S = 10


async def erase(job: EraseJob, task: Task) -> None:
    """Works one stage of the erasure. A job that comes again goes on with the rows that are left.

    :raises PostponedError: there is more to do, or Telegram could not take the receipt just now
    """
    under_way = await asyncio.to_thread(lambda: Erasure.of(User.find(job.person_id)))
    if under_way is None or under_way.reference != job.reference:
        count("JobsRepeated")
        return
    if job.stage == 0 and job.message_id:
        await bot_api.quieten(job.chat_id, job.message_id)
    under_way = await _erase_all(job, task, under_way)
    if job.stage + 1 < len(ERASURE_GROUPS):
        await asyncio.to_thread(_queue_next, job)
        return
    if task.left_s() < settings.telegram_timeout_s:
        raise PostponedError(0)
    await _end(job, task, under_way)


async def _erase_all(job: EraseJob, task: Task, under_way: Erasure) -> Erasure:
    subject = DataSubject(job.person_id, job.chat_id)
    while True:
        if task.left_s() < STEP_S:
            raise PostponedError(0)
        after = await asyncio.to_thread(_erase_page, subject, under_way, job.stage)
        if after == under_way:
            return after
        under_way = after


def _erase_page(subject: DataSubject, before: Erasure, stage: int) -> Erasure:
    """Erases the page that is noted, or notes the next one. Returns `before` if nothing is left.

    The rows of conversations stay in the first stage: they name the memories that a job beside it may still write.
    """
    if before.page:
        name, keys = before.page
        next(category for category in DATA_CATEGORIES if category.name == name).erase(subject, keys)
        return _saved(subject, before, before.without_page())
    for category in DATA_CATEGORIES:
        if stage == 0 and category is CONVERSATIONS:
            continue
        keys = category.keys(subject)
        if keys:
            return _saved(subject, before, before.with_page(category.name, keys))
        category.erase(subject, [])
    return before


def _saved(subject: DataSubject, before: Erasure, after: Erasure) -> Erasure:
    after.save(subject.person_id, before)
    return after


def _queue_next(job: EraseJob) -> None:
    following = EraseJob(**{**vars(job), "stage": job.stage + 1})
    enqueue(following, f"erase:{job.reference}:{following.stage}")


async def _end(job: EraseJob, task: Task, done: Erasure) -> None:
    """The row goes last: if the worker dies before that, the receipt comes twice rather than never."""
    told = bool(settings.amplitude_secret_key())
    user = await asyncio.to_thread(User.find, job.person_id)
    staying = erasure.what_stays(user, settings.limits) if user else frozenset()
    if told:
        person = pseudonym(job.person_id)
        events = ForgetEventsJob(person=person, correlation_id=job.correlation_id)
        await asyncio.to_thread(enqueue, events, f"forget:{done.reference}")
    async with retried(job, task):
        await bot_api.send_parts(
            job.chat_id, plain(_receipt(job, done, told=told, staying=staying)), thread_id=job.thread_id
        )
    await asyncio.to_thread(erasure.end, job.person_id, settings.limits)
    count("PeopleErased")
    logger.warning("A person's data is erased", extra={"reference": done.reference, "erased": done.counts})


def _receipt(job: EraseJob, done: Erasure, *, told: bool, staying: frozenset[str]) -> str:
    said = privacy_texts(job.language)
    then = said.limit_stays if staying else said.begin_anew
    erased = [category.name for category in DATA_CATEGORIES if category is not SPENDING]
    counts = {name: done.counts.get(name, 0) for name in erased} | {PROFILE.name: 1}
    return said.receipt.format(
        counts="\n".join(f"{said.categories[name]}: {number}" for name, number in counts.items()),
        date=datetime.fromtimestamp(now_ms() / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC"),
        reference=done.reference,
        events=said.events_told if told else said.events_untold,
        log_days=settings.log_retention_days,
        then=said.block_stays if "banned_at" in staying else then,
    )
