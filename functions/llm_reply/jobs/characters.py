"""The characters that people bring and make: checked, shown and introduced."""

import asyncio

from functions.llm_reply import settings
from functions.llm_reply.jobs.owned_characters import act_as_owner
from functions.llm_reply.messaging import bot_api, card_preview, notices
from functions.llm_reply.messaging.telegram_retry import retried
from functions.llm_reply.queue_work.batch import PostponedError, Task
from functions.llm_reply.safety.card_check import is_within_rules
from functions.llm_reply.safety.moderation import Moderation
from troupe import user_marks
from troupe.characters import card_notes, owned, portrait, sharing
from troupe.characters.access import PENDING
from troupe.characters.card import Card
from troupe.characters.character import Character
from troupe.conversations import turn_edits
from troupe.conversations.jobs.answering import AnswerJob
from troupe.conversations.jobs.characters import (
    CardFileJob,
    CharacterJob,
    ExportCardJob,
    IntroduceJob,
    OwnerJob,
    ReadCardJob,
    RefuseCardJob,
    ShowCardJob,
)
from troupe.conversations.jobs.queue import enqueue
from troupe.observability import count
from troupe.spending.ledger import Spender
from troupe.spending.limits import LimitReachedError
from troupe.telegram.card_texts import card_texts
from troupe.telegram.texts import texts
from troupe.users import User

AGAINST_RULES = "against_rules"
# Reasons other than a fault of the card: the file is no card, or was not read because there were too many.
NO_CARD = {"words_only", "picture_without_card", "many_files"}
# The check costs money, and a limit on money is reached.
AT_LIMIT = "at_limit"


async def work(job: CharacterJob | CardFileJob, task: Task, moderation: Moderation) -> None:
    """:raises PostponedError: the job must come back"""
    match job:
        case RefuseCardJob():
            await refuse_card(job, task)
        case ShowCardJob():
            await show_card(job, task, moderation)
        case IntroduceJob():
            await introduce(job, task)
        case OwnerJob():
            await act_as_owner(job, task)
        case ReadCardJob() | ExportCardJob():
            raise TypeError(f"{job.kind} is no job of this queue")


async def refuse_card(job: RefuseCardJob, task: Task) -> None:
    """:raises PostponedError: Telegram could not take it just now"""
    if job.picture_of and job.reason in NO_CARD:
        await asyncio.to_thread(_show_picture, job)
        return
    known = card_texts(job.language).refusals.get(job.reason)
    said = known.format(most=job.most) if known else texts(job.language).words_only
    async with retried(job, task):
        await _say(job, said)


def _show_picture(job: RefuseCardJob) -> None:
    if not turn_edits.give_picture(job.chat_id, job.picture_of):
        return
    shown = AnswerJob(
        person_id=job.person_id,
        chat_id=job.chat_id,
        message_id=job.picture_of,
        correlation_id=job.correlation_id,
    )
    enqueue(shown, f"answer:{job.correlation_id}")


async def show_card(job: ShowCardJob, task: Task, moderation: Moderation) -> None:
    """Checks the character's text; until it passes, the character can't be chosen.

    :raises PostponedError: Telegram could not take it just now, or the character was changed at this moment
    """
    found = await asyncio.to_thread(Character.with_card, job.character_id)
    if found is None or not found[0].access.is_owner(job.person_id):
        async with retried(job, task):
            await _say(job, card_texts(job.language).refusals["gone"])
        return
    character, card = found[0], Card.parse(found[1].encode())
    if character.visibility == PENDING:
        if refusal := await _refusal_of(card, job, moderation):
            await _refuse_card(job, task, refusal)
            return
        if not await asyncio.to_thread(sharing.release, character):
            raise PostponedError(1)
        if job.is_new:
            await asyncio.to_thread(user_marks.mark_brought, job.person_id)
    user = await asyncio.to_thread(User.find, job.person_id)
    notes = card_notes.from_json(job.notes)
    notes += card_notes.notes_of_extensions(found[1]) if job.is_new else []
    notes += await asyncio.to_thread(card_notes.notes_of_book, card.data.character_book)
    text = card_preview.preview(card, job.language, user, notes)
    picture = await asyncio.to_thread(_portrait, character)
    async with retried(job, task):
        keyboard = card_preview.owners_keyboard(job.language, job.character_id)
        await bot_api.send_picture(job.chat_id, picture, text, thread_id=job.thread_id, keyboard=keyboard)


async def _refusal_of(card: Card, job: ShowCardJob, moderation: Moderation) -> str | None:
    user = await asyncio.to_thread(User.find, job.person_id)
    try:
        is_fine = await is_within_rules(card.data, Spender(job.person_id, settings.limits.of(user)), moderation)
    except LimitReachedError:
        return AT_LIMIT
    return None if is_fine else AGAINST_RULES


async def _refuse_card(job: ShowCardJob, task: Task, reason: str) -> None:
    """A character that the person made stays, so that they can change it; one that they brought is deleted."""
    async with retried(job, task):
        await _say(job, card_texts(job.language).refusals[reason])
    count("CardsRefused", reason=reason)
    if job.is_new:
        await asyncio.to_thread(owned.delete, job.person_id, job.character_id)
    else:
        await asyncio.to_thread(user_marks.note_form, job.person_id, "refused", why=[reason])


async def introduce(job: IntroduceJob, task: Task) -> None:
    """A character that is not shared any more is answered like one that does not exist.

    :raises PostponedError: Telegram could not take it just now
    """
    found = await asyncio.to_thread(Character.with_card, job.character_id)
    if found is None or not found[0].access.may_choose(job.person_id, job.share_token):
        async with retried(job, task):
            said = card_texts(job.language).refusals["gone"]
            await notices.offer_picker(job.chat_id, said, job.language, thread_id=job.thread_id)
        return
    character, written = found
    user = await asyncio.to_thread(User.find, job.person_id)
    text = card_preview.introduction(Card.parse(written.encode()), job.language, user)
    picture = await asyncio.to_thread(_portrait, character)
    async with retried(job, task):
        keyboard = card_preview.visitors_keyboard(job.language, job.character_id, job.share_token)
        await bot_api.send_picture(job.chat_id, picture, text, thread_id=job.thread_id, keyboard=keyboard)


async def _say(job: CharacterJob, text: str) -> None:
    await bot_api.send_picture(job.chat_id, None, text, thread_id=job.thread_id)


def _portrait(character: Character) -> bytes | None:
    name = owned.portrait_of(character)
    found = portrait.find(name) if name else None
    return bytes(found.picture) if found else None
