"""Long memory: what no longer fits into the prompt word for word is told in short, while nobody is waiting."""

import asyncio
from collections.abc import Sequence

import httpx2
import openai

from functions.llm_reply import settings
from functions.llm_reply.failures import BrokenStreamError, EmptyAnswerError, RefusedAnswerError, of_model
from functions.llm_reply.llm.client import Model
from functions.llm_reply.llm.usage import record_usage
from functions.llm_reply.prompting.cards import card_of
from functions.llm_reply.prompting.context import KEEP, PromptContext
from functions.llm_reply.prompting.history import PAGE, exchanges, newest_within
from functions.llm_reply.prompting.prompt import ChatMessage, Exchange, Prompt
from functions.llm_reply.queue_work.batch import PostponedError, Task
from troupe.characters.card import fill
from troupe.conversations import jobs, turns
from troupe.conversations.conversation import Conversation
from troupe.conversations.jobs import SummarizeJob
from troupe.conversations.turn import Turn
from troupe.observability import count
from troupe.pseudonym import pseudonym
from troupe.users import User

# A summary that grew without end would push out the turns it stands for.
MAX_SUMMARY = 1600

SUMMARY_INSTRUCTIONS = """\
You keep the memory of a chat between {{char}} and {{user}}. You are given the memory so far and \
the messages that come next. Write the new memory: what happened, what each of them said, decided, promised, felt and \
found out, and every lasting detail of {{user}}'s life (names, places, people, likes, plans). Always name who did or \
said what: "{{user}}" or "{{char}}", never "I" or "you". Keep what still matters of the old memory, drop small talk. \
Say nothing of what {{char}} is like: that is known. Plain sentences, no headings, at most 150 words, in the language \
{{user}} writes in."""


def queue_summary(turn: Turn, context: PromptContext) -> None:
    """As a job of its own, in a message group of its own: the next message need not wait for it."""
    since = int(context.talk.summarised_through)
    job = SummarizeJob(
        person_id=int(turn.person_id),
        chat_id=int(turn.chat_id),
        conversation_id=turn.conversation_id,
        character_id=turn.character_id,
        through_id=int(turn.message_id),
        summarised_through=since,
        correlation_id=f"summary-{int(turn.message_id)}",
    )
    jobs.enqueue(job, f"summarize:{turn.conversation_id}:{since}")


async def summarize(job: SummarizeJob, task: Task, model: Model) -> None:
    """Adds the oldest turns that the summary does not cover yet to it.

    :raises PostponedError: the model could not be asked just now
    """
    known = await asyncio.to_thread(Conversation.of, job.person_id, job.conversation_id)
    if int(known.summarised_through) != job.summarised_through:
        return
    folded = await asyncio.to_thread(_to_fold, job)
    if not folded:
        return
    prompt = await asyncio.to_thread(_prompt, job, known.summary, folded)
    timeout_s = min(settings.model_timeout_s, task.left_s())
    try:
        async with asyncio.timeout(timeout_s):
            told = await model.generate(prompt, lambda _: None, timeout_s)
    except (openai.OpenAIError, httpx2.HTTPError, BrokenStreamError, EmptyAnswerError, TimeoutError) as error:
        failure = of_model(error)
        count("MemoriesPostponed")
        if task.receive_count < failure.tries:
            raise PostponedError(failure.wait_s(task.receive_count), failure.name) from error
        # Nothing is lost: the turns stay as they are, and the next answer asks again.
        return
    except RefusedAnswerError:
        return
    record_usage(told.usage)
    if await asyncio.to_thread(known.save_summary, told.text[:MAX_SUMMARY], folded[-1].message_id):
        count("MemoriesFolded")


def _to_fold(job: SummarizeJob) -> Sequence[Exchange]:
    """All but the newest, which stay word for word."""
    earlier = turns.newest_first(job.chat_id, PAGE, before=job.through_id + 1)
    since, budget = job.summarised_through, settings.history_tokens
    past = exchanges(earlier, job.conversation_id, before=job.through_id + 1, after=since, budget=budget)
    kept = newest_within(past, round(KEEP * settings.history_tokens))
    return past[: len(past) - kept]


def _prompt(job: SummarizeJob, summary: str | None, folded: Sequence[Exchange]) -> Prompt:
    card, user = card_of(job.character_id), User.find(job.person_id)
    char, person = card.data.char_name if card else job.character_id, (user and user.first_name) or "User"
    spoken = "\n".join(
        f"{who}: {text}" for turn in folded for who, text in ((person, turn.text), (char, turn.answer)) if text
    )
    told = f"Memory so far:\n{summary or '(nothing yet)'}\n\nMessages:\n{spoken}"
    rules = fill(SUMMARY_INSTRUCTIONS, char=char, user=person)
    return Prompt(rules, (ChatMessage("user", told),), cache_key="memory", person=pseudonym(job.person_id))
