"""What a person asks of a conversation by a command or a button: its memory, another of the answers, a greeting."""

import asyncio

from telegram.error import TelegramError

from functions.llm_reply.failures import DELIVERY_MS, of_telegram
from functions.llm_reply.formatting.split import OutgoingMessage, split
from functions.llm_reply.messaging import bot_api
from functions.llm_reply.messaging.greetings import greetings
from functions.llm_reply.messaging.keyboards import STORY, answer_keyboard, digest, greeting_keyboard, memory_keyboard
from functions.llm_reply.outcome_metrics import telegram_failed
from functions.llm_reply.prompting.cards import card_of
from functions.llm_reply.queue_work.batch import PostponedError, Task
from troupe.characters.card import Card
from troupe.conversations import turns
from troupe.conversations.conversation import MAX_FACT, MAX_FACTS, Conversation
from troupe.conversations.jobs import ControlJob
from troupe.conversations.turns import DELIVERED, Turn
from troupe.telegram.texts import texts
from troupe.users import User


async def control(job: ControlJob, task: Task) -> None:
    """Repeating any of them does no harm.

    :raises PostponedError: Telegram could not take it just now
    """
    try:
        await _control(job)
    except TelegramError as error:
        failure = of_telegram(error)
        telegram_failed(failure)
        if failure.retry and task.age_s * 1000 < DELIVERY_MS:
            raise PostponedError(failure.wait_s(task.receive_count)) from error


async def _control(job: ControlJob) -> None:
    card = await asyncio.to_thread(card_of, job.character_id)
    if card is None:
        return
    match job.action:
        case "memory":
            await _memory(job, card)
        case "forget":
            await asyncio.to_thread(_forget, job)
            text, facts, has_story = await asyncio.to_thread(_told, job, card)
            keyboard = memory_keyboard(job.language, facts, has_story=has_story)
            await bot_api.change(job.chat_id, job.message_id, OutgoingMessage(text), keyboard=keyboard)
        case "take":
            await _swipe(job)
        case "hello":
            await _swipe_greeting(job, card)


async def _memory(job: ControlJob, card: Card) -> None:
    """Alone it tells; with words it pins them; with a number and words it corrects what stands there."""
    if job.argument:
        said = await asyncio.to_thread(_pin, job, card)
        await bot_api.send(job.chat_id, OutgoingMessage(said), thread_id=job.thread_id)
        return
    text, facts, has_story = await asyncio.to_thread(_told, job, card)
    keyboard = memory_keyboard(job.language, facts, has_story=has_story)
    await bot_api.send(job.chat_id, OutgoingMessage(text), thread_id=job.thread_id, keyboard=keyboard)


def _pin(job: ControlJob, card: Card) -> str:
    said, name = texts(job.language), card.locale(job.language).name
    known = Conversation.of(job.conversation_id)
    number, _, words = job.argument.partition(" ")
    place = int(number) - 1 if number.isascii() and number.isdigit() and len(number) <= 2 and words.strip() else None  # noqa: PLR2004 - MAX_FACTS has two digits
    fact = (job.argument if place is None else words).strip()[:MAX_FACT]
    facts = list(known.facts)
    if place is not None and 0 <= place < len(facts):
        facts[place] = fact
    elif fact in facts:
        place = facts.index(fact)
    elif len(facts) >= MAX_FACTS:
        return said.too_many_facts
    else:
        facts.append(job.argument.strip()[:MAX_FACT])
        place = len(facts) - 1
    known.change_facts(facts)
    return said.remembered.format(name=name, number=place + 1)


def _forget(job: ControlJob) -> None:
    known = Conversation.of(job.conversation_id)
    if job.argument == STORY:
        known.save_summary(None, int(known.summarised_through))
    else:
        known.change_facts([fact for fact in known.facts if digest(fact) != job.argument])


def _told(job: ControlJob, card: Card) -> tuple[str, list[str], bool]:
    said, name = texts(job.language), card.locale(job.language).name
    known = Conversation.of(job.conversation_id)
    if not known.facts and not known.summary:
        return said.no_memory.format(name=name), [], False
    lines = [said.memory.format(name=name)]
    if known.facts:
        numbered = [f"{number}. {fact}" for number, fact in enumerate(known.facts, start=1)]
        lines.append("\n".join([f"{said.memory_facts}:", *numbered]))
    if known.summary:
        lines.append(f"{said.memory_story}:\n{known.summary}")
    return "\n\n".join(lines), list(known.facts), bool(known.summary)


async def _swipe(job: ControlJob) -> None:
    """Shows another of the answers in the place of the shown one; from here on that is what the character said."""
    message_id, _, number = job.argument.partition(":")
    turn = await asyncio.to_thread(Turn.find, job.chat_id, int(message_id) if message_id.isdigit() else 0)
    if turn is None or turn.status != DELIVERED or not number.isdigit() or int(number) >= len(turn.alternatives):
        return
    turn.answer = turn.alternatives[int(number)]
    pieces, old = split(turn.answer), list(turn.reply_ids)
    shown = []
    for place, part in enumerate(pieces):
        keyboard = answer_keyboard(turn) if place == len(pieces) - 1 else None
        if place < len(old):
            shown.append(await bot_api.change(job.chat_id, old[place], part, keyboard=keyboard))
        else:
            shown.append(await bot_api.send(job.chat_id, part, thread_id=job.thread_id, keyboard=keyboard))
    await bot_api.remove(job.chat_id, old[len(pieces) :])
    await asyncio.to_thread(turns.show_alternative, turn, turn.answer, shown)


async def _swipe_greeting(job: ControlJob, card: Card) -> None:
    """Only under the greeting that the conversation began with, and only as long as nothing else was said in it."""
    known, user = await asyncio.gather(
        asyncio.to_thread(Conversation.find, job.conversation_id), asyncio.to_thread(User.find, job.chat_id)
    )
    said = greetings(card, job.language, user)
    if known is None or known.greeting_message_id != job.message_id or not job.argument.isdigit():
        return
    shown = int(job.argument) % len(said)
    generation = user.generation(job.character_id) if user else 0
    keyboard = greeting_keyboard(job.language, shown=shown, many=len(said), generation=generation)
    await bot_api.change(job.chat_id, job.message_id, split(said[shown])[0], keyboard=keyboard)
    await asyncio.to_thread(known.update, [Conversation.greeting.set(said[shown])])
