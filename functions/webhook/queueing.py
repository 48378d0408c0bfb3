"""The jobs that an update leads to. The queue knows a repeat by the update's id."""

from typing import Any

from functions.webhook.context import UpdateContext
from troupe.conversations import kept_words
from troupe.conversations.conversation import conversation_id
from troupe.conversations.jobs.answering import (
    AlternativeGreetingJob,
    AlternativeJob,
    AnswerJob,
    GreetJob,
    RemoveJob,
    SpeakJob,
    WriteOutJob,
)
from troupe.conversations.jobs.entry import AgeJob
from troupe.conversations.jobs.owners import OwnerCommandJob
from troupe.conversations.jobs.queue import enqueue
from troupe.conversations.jobs.remembering import ForgetJob, MemoryJob
from troupe.conversations.turn import Turn

InConversation = type[MemoryJob] | type[ForgetJob] | type[AlternativeJob] | type[AlternativeGreetingJob]


def queue_answer(context: UpdateContext, turn: Turn) -> None:
    job = AnswerJob(
        person_id=context.person.user_id,
        chat_id=context.chat_id,
        message_id=int(turn.message_id),
        correlation_id=str(context.update_id),
    )
    enqueue(job, f"answer:{context.update_id}")


def queue_removal(context: UpdateContext, turn: Turn) -> None:
    job = RemoveJob(
        person_id=context.person.user_id,
        chat_id=context.chat_id,
        turn_id=int(turn.message_id),
        command_id=0 if context.callback_id else context.message_id,
        language=context.language,
        thread_id=context.thread_id,
        correlation_id=str(context.update_id),
    )
    enqueue(job, f"remove:{context.update_id}")


def queue_speech(context: UpdateContext, turn_id: int) -> None:
    job = SpeakJob(
        person_id=context.person.user_id,
        chat_id=context.chat_id,
        turn_id=turn_id,
        language=context.language,
        pressed=True,
        thread_id=context.thread_id,
        correlation_id=str(context.update_id),
    )
    enqueue(job, f"speak:{context.update_id}")


def queue_words(context: UpdateContext, turn_id: int) -> None:
    job = WriteOutJob(
        person_id=context.person.user_id,
        chat_id=context.chat_id,
        turn_id=turn_id,
        language=context.language,
        thread_id=context.thread_id,
        correlation_id=str(context.update_id),
    )
    enqueue(job, f"write_out:{context.update_id}")


def queue_for_owner(
    context: UpdateContext, command: str, argument: str = "", *, words: str = "", about_id: int | None = None
) -> None:
    """:param argument: the id behind a button
    :param about_id: the person whose message the command replies to
    """
    job = OwnerCommandJob(
        person_id=context.person.user_id,
        chat_id=context.chat_id,
        command=command,
        argument=argument,
        words_id=_kept(context, words),
        about_id=about_id,
        language=context.language,
        message_id=context.message_id if context.callback_id else 0,
        thread_id=context.thread_id,
        correlation_id=str(context.update_id),
    )
    enqueue(job, f"owner:{context.update_id}")


def queue_age(context: UpdateContext) -> None:
    job = AgeJob(
        person_id=context.person.user_id,
        chat_id=context.chat_id,
        message_id=context.message_id,
        language=context.language,
        thread_id=context.thread_id,
        correlation_id=str(context.update_id),
    )
    enqueue(job, f"age:{context.update_id}")


def queue_greeting(context: UpdateContext, character_id: str, generation: int) -> None:
    job = GreetJob(
        person_id=context.person.user_id,
        chat_id=context.chat_id,
        character_id=character_id,
        language=context.language,
        thread_id=context.thread_id,
        generation=generation,
        correlation_id=str(context.update_id),
    )
    enqueue(job, f"greet:{context.update_id}")


def queue_memory(context: UpdateContext, words: str) -> None:
    queue_in_conversation(context, MemoryJob, words_id=_kept(context, words))


def _kept(context: UpdateContext, words: str) -> int:
    return kept_words.keep(context.person, context.chat_id, context.update_id, words) if words else 0


def queue_in_conversation(context: UpdateContext, kind: InConversation, **asked: Any) -> None:
    """Queues a job about the current conversation: the webhook can't read it.

    :param asked: the fields of the job's own kind
    """
    character_id = context.user.character_id or ""
    generation = context.user.generation(character_id)
    job = kind(
        person_id=context.person.user_id,
        chat_id=context.chat_id,
        conversation_id=conversation_id(context.chat_id, context.thread_id, character_id, generation),
        character_id=character_id,
        language=context.language,
        message_id=context.message_id if context.callback_id else 0,
        thread_id=context.thread_id,
        correlation_id=str(context.update_id),
        **asked,
    )
    enqueue(job, f"{kind.kind}:{context.update_id}")
