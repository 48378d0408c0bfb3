"""A picture that a person asked for: described, drawn, sent and remembered. Its bytes are kept nowhere."""

import asyncio
from random import Random

from telegram.error import TelegramError

from functions.llm_reply import settings
from functions.llm_reply.failures import AGAINST_RULES, BLOCKED, GONE, PICTURE_REFUSED, STOPPED, UNDRAWN, Failure
from functions.llm_reply.jobs.answering.stopping import PICTURE_LOOK_S, stoppable
from functions.llm_reply.llm.image_generation import SQUARE, UPRIGHT, Drawing, ImageGeneration
from functions.llm_reply.messaging import bot_api
from functions.llm_reply.messaging.keyboards import picture_keyboard
from functions.llm_reply.messaging.progress import shown
from functions.llm_reply.messaging.telling import refused
from functions.llm_reply.outcome_metrics import turn_delivered
from functions.llm_reply.prompting.cards import card_for
from functions.llm_reply.prompting.context import ChatSnapshot, with_buttons
from functions.llm_reply.prompting.history import PAGE, exchanges
from functions.llm_reply.prompting.picture import RULES, Wish, describe, describe_briefly
from functions.llm_reply.prompting.prompt import Prompt
from functions.llm_reply.queue_work.batch import PostponedError, Task
from functions.llm_reply.queue_work.storing import until_stored
from functions.llm_reply.safety.screening import Screening
from troupe.characters.macros import Macros
from troupe.clock import now_ms
from troupe.conversations import turn_reads, turns
from troupe.conversations.conversation import Conversation
from troupe.conversations.turn import Turn
from troupe.observability import count
from troupe.pseudonym import pseudonym
from troupe.spending.ledger import Spender
from troupe.telegram.texts import interface_language, texts
from troupe.users import User

# Tokens of earlier turns that are read for the description.
PAST_TOKENS = 500
# Pictures in a worker's memory at once. Attempts to send one, and the longest wait between them: a picture is paid for,
# and only this worker has it.
_room = asyncio.Semaphore(4)
MAX_SENDS, MAX_PAUSE_S = 3, 3


async def draw(
    turn: Turn, known: ChatSnapshot, task: Task, images: ImageGeneration, screening: Screening
) -> Failure | None:
    """Why there is no picture, if there is none.

    :raises ModelError: the server has drawn none
    :raises LimitReachedError: the server was not asked
    """
    if failure := await _why_not(turn, known.user, images, screening):
        return failure
    described = await asyncio.to_thread(_describe, turn, known, images)
    if described is None:
        return GONE
    prompt, with_buttons_before = described
    # Moderation would flag the rules: they name the things that they forbid.
    if not await screening.may_be_drawn(prompt.instructions.removeprefix(RULES)):
        count("PicturesRefused")
        return PICTURE_REFUSED
    async with _room, shown(turn, "upload_photo"):
        drawing = await _drawn(turn, known.user, task, images, prompt)
        if drawing is None:
            return STOPPED
        sent = await _send(turn, task, drawing.data)
    if isinstance(sent, Failure):
        return sent
    await until_stored(turns.mark_drawn, turn, sent, _in_words(turn), drawing.usage)
    turn_delivered()
    count("PicturesSent")
    if with_buttons_before:
        await bot_api.quieten(int(turn.chat_id), with_buttons_before)
    return None


async def _why_not(turn: Turn, user: User, images: ImageGeneration, screening: Screening) -> Failure | None:
    if turn.stopped_at:
        return STOPPED
    if user.blocked_at and user.blocked_at >= turn.received_at:
        return BLOCKED
    if not images.is_on:
        return UNDRAWN
    if await screening.refuses():
        count("ModerationRefused")
        return AGAINST_RULES
    return None


def _describe(turn: Turn, known: ChatSnapshot, images: ImageGeneration) -> tuple[Prompt, int | None] | None:
    """The description, and the message that carries the buttons until the picture does. None without a character."""
    card = card_for(int(turn.person_id), str(turn.character_id))
    if card is None:
        return None
    conversation = Conversation.of(int(turn.person_id), str(turn.conversation_id))
    this = int(turn.message_id)
    earlier = turn_reads.across_import(known.neighbours.earlier, conversation, PAGE, before=this)
    since = int(conversation.begins_after)
    past = exchanges(earlier, str(turn.conversation_id), before=this, after=since, budget=PAST_TOKENS)
    char = card.char_name(interface_language(turn.language))
    name = known.user.first_name or texts(turn.language).nameless
    seed = Random(turn.log_name)  # noqa: S311 - variety, not secrecy
    macros = Macros(char, name, seed, str(turn.conversation_id))
    wish = Wish(str(turn.drawing["of"]), str(turn.text), pseudonym(int(turn.person_id)))
    told = (describe if images.obeys else describe_briefly)(wish, card, macros, past)
    return told, with_buttons(past, conversation)


async def _drawn(turn: Turn, user: User, task: Task, images: ImageGeneration, prompt: Prompt) -> Drawing | None:
    """None if the person stopped it.

    :raises PostponedError: other pictures have taken the time for this one
    """
    spender = Spender(int(turn.person_id), settings.limits.of(user), turn.asked_for)
    size = UPRIGHT if turn.drawing["of"] == "portrait" else SQUARE
    timeout_s = min(settings.model_timeout_s, task.left_s() - settings.telegram_timeout_s)
    if timeout_s < settings.model_timeout_s / 2:
        raise PostponedError(0)
    async with stoppable(turn, user, lambda: False, PICTURE_LOOK_S) as interruption, interruption.felt():
        return await images.draw(prompt, size, timeout_s, spender)
    return None


async def _send(turn: Turn, task: Task, data: bytes) -> int | Failure:
    """Returns Telegram's id of the message. If the worker dies before that is stored, the picture is drawn again."""
    caption, keyboard = texts(turn.language).drawn_by_ai, picture_keyboard(turn)
    failure = Failure("telegram_unsure")
    for _ in range(MAX_SENDS):
        if task.left_s() < settings.telegram_timeout_s:
            break
        began = now_ms()
        try:
            return await bot_api.send_picture(
                int(turn.chat_id), data, caption, thread_id=turn.topic_id, keyboard=keyboard
            )
        except TelegramError as error:
            failure = await refused(turn, error, began)
            wait_s = failure.after_s or 1
            if not failure.retry or wait_s > MAX_PAUSE_S:
                break
            await asyncio.sleep(wait_s)
    # Another delivery of the job would draw and pay again: only the person's Retry does that.
    return Failure(failure.name)


def _in_words(turn: Turn) -> str:
    """The words for the picture in later summaries, searches and exports."""
    of = {"scene": "this moment", "portrait": "the character", "words": str(turn.text)}
    return f"[a picture: {of[turn.drawing['of']]}]"
