"""/memory: shows what the character remembers, pins and corrects facts, and forgets them."""

import asyncio
import re
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from telegram import InlineKeyboardMarkup

from functions.llm_reply import settings
from functions.llm_reply.formatting.split import plain
from functions.llm_reply.messaging import bot_api
from functions.llm_reply.messaging.keyboards import memory_keyboard
from functions.llm_reply.messaging.telegram_retry import retried
from functions.llm_reply.prompting.cards import card_of
from functions.llm_reply.queue_work.batch import Task
from functions.llm_reply.safety.card_check import are_within_rules
from functions.llm_reply.safety.moderation import Moderation
from troupe.characters.card import Card
from troupe.conversations import kept_words
from troupe.conversations.conversation import MAX_FACT, Conversation
from troupe.conversations.jobs.remembering import CheckFactJob, ForgetJob, MemoryJob
from troupe.memories import mending
from troupe.memories.facts import Fact, Learned
from troupe.memories.forgetting import forget_all
from troupe.memories.mending import TooManyFactsError, correct, digest, pin
from troupe.observability import count
from troupe.spending.ledger import Spender
from troupe.spending.limits import LimitReachedError
from troupe.telegram.buttons import page_url
from troupe.telegram.callback_data import FORGET_ALL, FORGET_SUMMARY
from troupe.telegram.texts import texts
from troupe.users import User

# "3 I keep bees" corrects the third fact.
CORRECTION = re.compile(r"(?P<number>[1-9][0-9]?)\s+(?P<words>\S.*)", re.DOTALL | re.ASCII)

# Learned facts that are listed, the newest: Telegram's keyboards hold a hundred buttons.
MAX_LISTED = 40


class Told(NamedTuple):
    """The memory as it is shown, of any length; its facts, the pinned ones first; and whether it has a summary."""

    text: str
    facts: Sequence[str] = ()
    has_summary: bool = False


async def show_or_pin(job: MemoryJob, task: Task, moderation: Moderation) -> None:
    """Without words it shows the memory; with words it pins them; with a number and words it corrects that fact.

    Words that moderation refuses are not pinned: a pinned fact is in every prompt.

    :raises PostponedError: Telegram could not take it just now
    """
    card = await asyncio.to_thread(card_of, job.character_id)
    kept = await asyncio.to_thread(kept_words.find, job.chat_id, job.words_id) if job.words_id else None
    if card is None or (job.words_id and kept is None):
        # The words are deleted when the job is done.
        return
    words = str(kept.text) if kept else ""
    if words and await _is_refused(words, job, moderation):
        async with retried(job, task):
            await bot_api.send_parts(job.chat_id, plain(texts(job.language).against_rules), thread_id=job.thread_id)
    else:
        await _answer(job, task, card, words)
    if kept:
        await asyncio.to_thread(kept_words.forget, job.chat_id, job.words_id)


async def check_fact(job: CheckFactJob, task: Task, moderation: Moderation) -> None:
    """Checks a fact that was pinned in the Mini App: the picker's function calls no moderation.

    :raises PostponedError: Telegram could not take it just now
    """
    conversation = await asyncio.to_thread(Conversation.of, job.person_id, job.conversation_id)
    words = next((fact for fact in conversation.facts if digest(fact) == job.fact), None)
    if words and await _is_refused(words, job, moderation):
        async with retried(job, task):
            await bot_api.send_parts(job.chat_id, plain(texts(job.language).against_rules), thread_id=job.thread_id)
        await asyncio.to_thread(mending.forget, conversation, job.chat_id, job.fact)


async def _is_refused(words: str, job: MemoryJob | CheckFactJob, moderation: Moderation) -> bool:
    user = await asyncio.to_thread(User.find, job.person_id)
    # If a check costs money and a limit is reached, the words pass unchecked, as if moderation had failed.
    with suppress(LimitReachedError):
        if not await are_within_rules([words], Spender(job.person_id, settings.limits.of(user)), moderation):
            count("ModerationRefused")
            return True
    return False


async def _answer(job: MemoryJob, task: Task, card: Card, words: str) -> None:
    """:raises PostponedError: Telegram could not take it just now"""
    async with retried(job, task):
        if words:
            said = await asyncio.to_thread(_pin, job, card, words)
            await bot_api.send_parts(job.chat_id, plain(said), thread_id=job.thread_id)
            if said != texts(job.language).too_many_facts:
                return
        await _show(job, await asyncio.to_thread(_told, job, card))


async def forget(job: ForgetJob, task: Task) -> None:
    """Shows the memory without the fact, in the place of the message with the button; a long memory in a new message.

    :raises PostponedError: Telegram could not take it just now
    """
    if job.fact == FORGET_ALL:
        await _forget_everything(job, task)
        return
    card = await asyncio.to_thread(card_of, job.character_id)
    if card is None:
        return
    before = await asyncio.to_thread(_told, job, card)
    await asyncio.to_thread(_forget, job)
    told = await asyncio.to_thread(_told, job, card)
    async with retried(job, task):
        if len(plain(before.text)) == 1:
            (part,) = plain(told.text)
            keyboard = _keyboard(job, told)
            await bot_api.change(job.chat_id, job.message_id, part, thread_id=job.thread_id, keyboard=keyboard)
        else:
            await bot_api.quieten(job.chat_id, job.message_id)
            await _show(job, told)


async def _forget_everything(job: ForgetJob, task: Task) -> None:
    """Works also for a character that is gone."""
    conversation = await asyncio.to_thread(Conversation.of, job.person_id, job.conversation_id)
    await asyncio.to_thread(forget_all, conversation, job.chat_id)
    async with retried(job, task):
        await bot_api.send_parts(job.chat_id, plain(texts(job.language).all_forgotten), thread_id=job.thread_id)


async def _show(job: MemoryJob | ForgetJob, told: Told) -> None:
    keyboard = _keyboard(job, told)
    await bot_api.send_parts(job.chat_id, plain(told.text), thread_id=job.thread_id, keyboard=keyboard)


def _keyboard(job: MemoryJob | ForgetJob, told: Told) -> InlineKeyboardMarkup:
    page = page_url(settings.webapp_url, "memory", job.character_id, job.thread_id)
    return memory_keyboard(job.language, told.facts, page, has_summary=told.has_summary)


def _pin(job: MemoryJob, card: Card, words: str) -> str:
    """The bot's own line about the change."""
    said, name = texts(job.language), card.locale(job.language).name
    conversation = Conversation.of(job.person_id, job.conversation_id)
    correction = CORRECTION.fullmatch(words)
    listed = [*map(digest, conversation.facts), *(fact.id for fact in _learned(conversation))]
    try:
        if correction and int(correction["number"]) <= len(listed):
            fact = correction["words"].strip()
            place = correct(conversation, listed[int(correction["number"]) - 1], fact)
        else:
            fact = words.strip()
            place = pin(conversation, fact)
    except TooManyFactsError:
        return said.too_many_facts
    remembered = said.remembered if len(fact) <= MAX_FACT else said.remembered_in_part
    return remembered.format(name=name, number=place + 1, most=MAX_FACT)


def _forget(job: ForgetJob) -> None:
    conversation = Conversation.of(job.person_id, job.conversation_id)
    if job.fact == FORGET_SUMMARY:
        conversation.save_summary(None, int(conversation.summarised_through))
    else:
        mending.forget(conversation, job.chat_id, job.fact)


def _told(job: MemoryJob | ForgetJob, card: Card) -> Told:
    said, name = texts(job.language), card.locale(job.language).name
    conversation = Conversation.of(job.person_id, job.conversation_id)
    facts = [*conversation.facts, *(fact.text for fact in _learned(conversation))]
    if not facts and not conversation.summary:
        return Told(said.no_memory.format(name=name))
    sections = [said.memory.format(name=name)]
    numbered = [f"{number}. {fact}" for number, fact in enumerate(facts, start=1)]
    pinned = len(conversation.facts)
    for title, listed in ((said.memory_facts, numbered[:pinned]), (said.memory_learned, numbered[pinned:])):
        sections += ["\n".join([f"{title}:", *listed])] if listed else []
    if conversation.summary:
        sections.append(f"{said.memory_story}:\n{conversation.summary}")
    return Told("\n\n".join(sections), facts, bool(conversation.summary))


def _learned(conversation: Conversation) -> Sequence[Fact]:
    """The learned facts in the order of the list, after the pinned ones."""
    return Learned.read(conversation.conversation_id).facts[-MAX_LISTED:] if conversation.index else ()
