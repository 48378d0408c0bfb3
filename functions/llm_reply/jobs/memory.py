"""/memory: shows what the character remembers, pins and corrects facts, and forgets them."""

import asyncio
import re

from functions.llm_reply.formatting.split import OutgoingMessage
from functions.llm_reply.jobs.telegram_retry import retried
from functions.llm_reply.messaging import bot_api
from functions.llm_reply.messaging.keyboards import digest, memory_keyboard
from functions.llm_reply.prompting.cards import card_of
from functions.llm_reply.queue_work.batch import Task
from troupe.characters.card import Card
from troupe.conversations.conversation import MAX_FACT, MAX_FACTS, Conversation
from troupe.conversations.jobs import ForgetJob, MemoryJob
from troupe.telegram.callback_data import FORGET_SUMMARY
from troupe.telegram.texts import texts

# "3 I keep bees" corrects the third fact.
CORRECTION = re.compile(r"(?P<number>[1-9][0-9]?)\s+(?P<words>\S.*)", re.DOTALL | re.ASCII)


async def show_or_pin(job: MemoryJob, task: Task) -> None:
    """Without words it shows the memory; with words it pins them; with a number and words it corrects that fact.

    :raises PostponedError: Telegram could not take it just now
    """
    card = await asyncio.to_thread(card_of, job.character_id)
    if card is None:
        return
    async with retried(job, task):
        if job.words:
            said = await asyncio.to_thread(_pin, job, card)
            await bot_api.send(job.chat_id, OutgoingMessage(said), thread_id=job.thread_id)
            return
        text, facts, has_summary = await asyncio.to_thread(_told, job, card)
        keyboard = memory_keyboard(job.language, facts, has_summary=has_summary)
        await bot_api.send(job.chat_id, OutgoingMessage(text), thread_id=job.thread_id, keyboard=keyboard)


async def forget(job: ForgetJob, task: Task) -> None:
    """:raises PostponedError: Telegram could not take it just now"""
    card = await asyncio.to_thread(card_of, job.character_id)
    if card is None:
        return
    await asyncio.to_thread(_forget, job)
    text, facts, has_summary = await asyncio.to_thread(_told, job, card)
    keyboard = memory_keyboard(job.language, facts, has_summary=has_summary)
    async with retried(job, task):
        await bot_api.change(job.chat_id, job.message_id, OutgoingMessage(text), keyboard=keyboard)


def _pin(job: MemoryJob, card: Card) -> str:
    """What the bot says about it."""
    said, name = texts(job.language), card.locale(job.language).name
    conversation = Conversation.of(job.person_id, job.conversation_id)
    facts = list(conversation.facts)
    correction = CORRECTION.fullmatch(job.words)
    if correction and int(correction["number"]) <= len(facts):
        place = int(correction["number"]) - 1
        facts[place] = correction["words"].strip()[:MAX_FACT]
    else:
        fact = job.words.strip()[:MAX_FACT]
        if fact not in facts and len(facts) >= MAX_FACTS:
            return said.too_many_facts
        facts += [] if fact in facts else [fact]
        place = facts.index(fact)
    conversation.change_facts(facts)
    return said.remembered.format(name=name, number=place + 1)


def _forget(job: ForgetJob) -> None:
    conversation = Conversation.of(job.person_id, job.conversation_id)
    if job.fact == FORGET_SUMMARY:
        conversation.save_summary(None, int(conversation.summarised_through))
    else:
        conversation.change_facts([fact for fact in conversation.facts if digest(fact) != job.fact])


def _told(job: MemoryJob | ForgetJob, card: Card) -> tuple[str, list[str], bool]:
    """The text of the memory, its facts, and whether it has a summary."""
    said, name = texts(job.language), card.locale(job.language).name
    conversation = Conversation.of(job.person_id, job.conversation_id)
    if not conversation.facts and not conversation.summary:
        return said.no_memory.format(name=name), [], False
    sections = [said.memory.format(name=name)]
    if conversation.facts:
        numbered = [f"{number}. {fact}" for number, fact in enumerate(conversation.facts, start=1)]
        sections.append("\n".join([f"{said.memory_facts}:", *numbered]))
    if conversation.summary:
        sections.append(f"{said.memory_story}:\n{conversation.summary}")
    return "\n\n".join(sections), list(conversation.facts), bool(conversation.summary)
