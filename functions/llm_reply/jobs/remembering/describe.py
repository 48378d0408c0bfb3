"""Asks the model for a short description of a message's pictures, after the answer: for later prompts and memory."""

import asyncio

from functions.llm_reply import settings
from functions.llm_reply.jobs.remembering.index_correction import correct_index
from functions.llm_reply.llm.booked_model import BookedModel
from functions.llm_reply.llm.errors import ModelError
from functions.llm_reply.llm.generation import Request
from functions.llm_reply.llm.usage import record_usage
from functions.llm_reply.messaging.pictures import fetch_all, file_of
from functions.llm_reply.prompting import house
from functions.llm_reply.prompting.attached import with_pictures
from functions.llm_reply.prompting.data_marks import as_description
from functions.llm_reply.prompting.prompt import ChatMessage, Prompt
from functions.llm_reply.prompting.together import answered_with
from functions.llm_reply.queue_work.batch import PostponedError, Task
from troupe.conversations import turn_records
from troupe.conversations.jobs.queue import enqueue
from troupe.conversations.jobs.remembering import DescribeJob
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import WITHDRAWN
from troupe.observability import count
from troupe.pseudonym import pseudonym
from troupe.spending.ledger import Spender
from troupe.spending.limits import LimitReachedError
from troupe.telegram.texts import texts
from troupe.users import User

# Tokens of a description, for the first picture and for each one more; characters of it that are kept.
FIRST_TOKENS, MORE_TOKENS = 160, 80
MAX_FIRST, MAX_MORE = 300, 100


def queue_description(turn: Turn) -> None:
    """The job has a message group of its own: the next message need not wait for it."""
    message_id = int(turn.message_id)
    job = DescribeJob(
        person_id=int(turn.person_id),
        chat_id=int(turn.chat_id),
        message_id=message_id,
        correlation_id=f"describe-{message_id}",
    )
    enqueue(job, f"describe:{int(turn.chat_id)}:{message_id}")


async def describe(job: DescribeJob, task: Task, model: BookedModel) -> None:
    """Stored once, on the turn of the newest picture. A sticker's emoji says enough of it.

    :raises PostponedError: the model or Telegram could not be asked just now
    """
    turn = await asyncio.to_thread(Turn.find, job.chat_id, job.message_id)
    if turn is None or turn.status == WITHDRAWN or turn.conversation_id is None:
        return
    together = await asyncio.to_thread(answered_with, turn)
    pictured = [each for each in together if file_of(each) and not each.picture["emoji"]]
    if not pictured or pictured[-1].seen:
        return
    found = await fetch_all(pictured)
    if found.failure and found.failure.tries > task.receive_count:
        raise PostponedError(found.failure.wait_s(task.receive_count), found.failure.name)
    described = await _described(turn, found.pictures, task, model) if found.pictures else ""
    if described:
        await asyncio.to_thread(turn_records.note_seen, pictured[-1], described)
        await correct_index(pictured[-1])
        count("PicturesDescribed", len(found.pictures))


async def _described(turn: Turn, pictures: tuple[str, ...], task: Task, model: BookedModel) -> str:
    """Empty if the model has nothing to say. A limit leaves the pictures without a description.

    :raises PostponedError: the model could not be asked just now
    """
    user = await asyncio.to_thread(User.find, int(turn.person_id))
    spender = Spender(int(turn.person_id), settings.limits.of(user))
    left_s, more = min(settings.model_timeout_s, task.left_s()), len(pictures) - 1
    prompt = _prompt(turn, pictures)
    try:
        told = await model.generate(Request(prompt, left_s, FIRST_TOKENS + more * MORE_TOKENS), spender)
    except LimitReachedError:
        return ""
    except ModelError as error:
        if task.receive_count < error.failure.tries:
            raise PostponedError(error.failure.wait_s(task.receive_count), error.failure.name) from error
        count("DescriptionsFailed")
        return ""
    record_usage(told.usage)
    if told.unseen or told.is_refusal:
        return ""
    return as_description(told.text, MAX_FIRST + more * MAX_MORE)


def _prompt(turn: Turn, pictures: tuple[str, ...]) -> Prompt:
    rules = house.DESCRIBE.format(language=texts(turn.language).name)
    asked = ChatMessage("user", house.HERE_THEY_ARE, is_newest=True)
    return with_pictures(Prompt(rules, (asked,), cache_key="pictures", person=pseudonym(int(turn.person_id))), pictures)
