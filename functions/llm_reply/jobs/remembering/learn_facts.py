"""Learns facts from the turns that leave the prompt, in the background."""

import asyncio
from dataclasses import replace
from itertools import islice, takewhile

from functions.llm_reply import settings
from functions.llm_reply.jobs.remembering.lesson import MAX_TOKENS, Lesson, taken_in
from functions.llm_reply.llm.booked_model import BookedModel
from functions.llm_reply.llm.errors import ModelError
from functions.llm_reply.llm.generation import Generated, Request
from functions.llm_reply.llm.usage import record_usage
from functions.llm_reply.prompting.cards import speakers_of
from functions.llm_reply.prompting.history import PAGE
from functions.llm_reply.queue_work.batch import Task
from troupe.conversations import turn_reads
from troupe.conversations.conversation import Conversation
from troupe.conversations.jobs.remembering import SummarizeJob
from troupe.memories import facts
from troupe.memories.facts import FactsChangedError, Learned, shared_owner
from troupe.memories.forgetting import forget_facts_of
from troupe.memories.index_store import REMEMBERED
from troupe.observability import count
from troupe.spending.ledger import Spender
from troupe.spending.limits import LimitReachedError
from troupe.users import User

# Turns that facts are learned from at once; of an older conversation, the newest. And turns of the chat that are read
# for them, those with other characters among them.
MAX_LESSON, MAX_READ = 40, 400


async def learn_facts(
    job: SummarizeJob, task: Task, model: BookedModel, conversation: Conversation, through_id: int
) -> None:
    """If the model fails, the job ends without facts: they matter less than the summary, and more come later."""
    lesson = await asyncio.to_thread(_lesson, job, conversation, through_id)
    if not lesson.turns:
        return
    user = await asyncio.to_thread(User.find, job.person_id)
    spender = Spender(job.person_id, settings.limits.of(user))
    left_s = min(settings.model_timeout_s, task.left_s() / 2)
    try:
        told = await model.generate(Request(lesson.prompt, left_s, MAX_TOKENS), spender)
    except (ModelError, LimitReachedError):
        count("LessonsFailed")
        return
    record_usage(told.usage)
    try:
        await asyncio.to_thread(_keep, lesson, told, job.chat_id, user)
    except FactsChangedError:
        count("LessonsFailed")


def _lesson(job: SummarizeJob, conversation: Conversation, through_id: int) -> Lesson:
    learned = Learned.read(job.conversation_id)
    before = through_id + 1
    earlier = turn_reads.newest_first(job.chat_id, PAGE, before=before)
    here = turn_reads.across_import(earlier, conversation, PAGE, before=before)
    since = max(learned.through, int(conversation.first_turn_id) - 1) if conversation.first_turn_id else learned.through
    new = takewhile(lambda turn: turn.message_id > since, islice(here, MAX_READ))
    spoken = (turn for turn in new if turn.conversation_id == job.conversation_id and turn.status in REMEMBERED)
    said = list(islice(spoken, MAX_LESSON))
    return Lesson(conversation, said[::-1], learned, speakers_of(job.character_id, User.find(job.person_id)))


def _keep(lesson: Lesson, told: Generated, chat_id: int, user: User | None) -> None:
    # The person may have corrected or forgotten a fact while the model wrote.
    owner = lesson.conversation.conversation_id
    known, learned = facts.change(owner, lambda known: taken_in(replace(lesson, learned=known), told))
    if user and user.shares_memory:
        facts.change(shared_owner(int(user.user_id)), lambda shared: shared.taught(learned.since(known)))
    if not turn_reads.are_kept(chat_id, [int(turn.message_id) for turn in lesson.turns]):
        gone = [turn for turn in lesson.turns if not turn_reads.are_kept(chat_id, [int(turn.message_id)])]
        forget_facts_of(lesson.conversation, [int(turn.message_id) for turn in gone])
