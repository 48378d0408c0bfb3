"""The jobs that an update leads to. The queue knows a repeat by the update's id."""

from typing import TYPE_CHECKING, Any

from functions.webhook.context import UpdateContext
from troupe.conversations import kept_words
from troupe.conversations.conversation import conversation_id
from troupe.conversations.jobs.answering import AlternativeGreetingJob, AlternativeJob, AnswerJob, GreetJob
from troupe.conversations.jobs.owners import OwnerCommandJob
from troupe.conversations.jobs.queue import enqueue
from troupe.conversations.jobs.remembering import ForgetJob, MemoryJob
from troupe.conversations.turn import Turn

if TYPE_CHECKING:
    from troupe.conversations.jobs.characters import CardFileJob
    from troupe.conversations.jobs.kinds import SpeakingJob

InConversation = type[MemoryJob] | type[ForgetJob] | type[AlternativeJob] | type[AlternativeGreetingJob]


def queue_job(
    context: UpdateContext, kind: "type[SpeakingJob | CardFileJob]", key: str | int | None = None, **fields: Any
) -> None:
    """Queues a job for the person and chat of an update.

    :param key: names the job among those of its kind: the queue takes two with the same key, within five minutes, for
        one; the update's id if missing
    :param fields: the fields of the job's own kind
    """
    job = kind(
        person_id=context.person.user_id,
        chat_id=context.chat_id,
        language=context.language,
        thread_id=context.thread_id,
        correlation_id=str(context.update_id),
        **fields,
    )
    enqueue(job, f"{kind.kind}:{context.update_id if key is None else key}")


def queue_answer(context: UpdateContext, turn: Turn) -> None:
    job = AnswerJob(
        person_id=context.person.user_id,
        chat_id=context.chat_id,
        message_id=int(turn.message_id),
        correlation_id=str(context.update_id),
    )
    enqueue(job, f"answer:{context.update_id}")


def queue_greeting(context: UpdateContext, character_id: str, generation: int) -> None:
    queue_job(context, GreetJob, character_id=character_id, generation=generation)


def queue_for_owner(
    context: UpdateContext, command: str, argument: str = "", *, words: str = "", about_id: int | None = None
) -> None:
    """:param argument: the id behind a button
    :param about_id: the person whose message the command replies to
    """
    queue_job(
        context,
        OwnerCommandJob,
        command=command,
        argument=argument,
        words_id=_kept(context, words),
        about_id=about_id,
        message_id=context.button_message_id,
    )


def queue_memory(context: UpdateContext, words: str) -> None:
    queue_in_conversation(context, MemoryJob, words_id=_kept(context, words))


def _kept(context: UpdateContext, words: str) -> int:
    return kept_words.keep(context.person, context.chat_id, context.update_id, words) if words else 0


def queue_in_conversation(context: UpdateContext, kind: InConversation, **fields: Any) -> None:
    """Queues a job about the current conversation: the webhook can't read it.

    :param fields: the fields of the job's own kind
    """
    character_id = context.user.character_id or ""
    generation = context.user.generation(character_id)
    conversation = conversation_id(context.chat_id, context.thread_id, character_id, generation)
    queue_job(
        context,
        kind,
        conversation_id=conversation,
        character_id=character_id,
        message_id=context.button_message_id,
        **fields,
    )
