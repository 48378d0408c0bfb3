"""The work on the queue: what the webhook and the picker ask of the reply function. One message group per chat."""

import json
import os
from dataclasses import asdict, dataclass
from typing import Any, Literal

from troupe import aws
from troupe.users import Person

VERSION = 1


class MalformedJobError(ValueError):
    """A queue message that is no job, or one of a version that this code does not know."""


@dataclass(frozen=True)
class AnswerJob:
    """Answer the turn stored under (chat_id, message_id)."""

    chat_id: int
    message_id: int
    update_id: int
    # Who wrote, as Telegram tells it, should they be new to us. None where they can't be.
    person: Person | None = None
    kind: Literal["answer"] = "answer"

    @property
    def group(self) -> str:
        return str(self.chat_id)

    @property
    def correlation_id(self) -> str:
        return str(self.update_id)


@dataclass(frozen=True)
class GreetJob:
    """Let the character that the person has just chosen greet them."""

    chat_id: int
    character_id: str
    language: str
    thread_id: int | None = None
    # Of the update, or of the picker's request, that this job comes from.
    correlation_id: str = ""
    # Of the conversation with the character: a restart raises it.
    generation: int = 0
    kind: Literal["greet"] = "greet"

    @property
    def group(self) -> str:
        return str(self.chat_id)


@dataclass(frozen=True)
class SummarizeJob:
    """Add the turns after `summarised_through`, up to `through_id`, to the conversation's summary."""

    chat_id: int
    conversation_id: str
    character_id: str
    through_id: int
    summarised_through: int
    kind: Literal["remember"] = "remember"

    @property
    def correlation_id(self) -> str:
        return f"memory-{self.through_id}"

    @property
    def group(self) -> str:
        """Beside the chat, not in it: the person's next message must not wait for it."""
        return f"{self.chat_id}:memory"


@dataclass(frozen=True)
class ControlJob:
    """What a button or a command asks of a conversation: memory, forget, take (another answer), hello (a greeting)."""

    chat_id: int
    action: str
    argument: str
    conversation_id: str
    character_id: str
    language: str
    # The message that carries the pressed button; 0 for a command.
    message_id: int = 0
    thread_id: int | None = None
    correlation_id: str = ""
    kind: Literal["control"] = "control"

    @property
    def group(self) -> str:
        return str(self.chat_id)


Job = AnswerJob | GreetJob | SummarizeJob | ControlJob


def enqueue(job: Job, deduplication_id: str) -> None:
    """Equal ids within five minutes are one job to SQS; the turn's own state covers what comes later."""
    aws.client("sqs").send_message(
        QueueUrl=os.environ["REPLY_QUEUE_URL"],
        MessageBody=json.dumps({"version": VERSION, **asdict(job)}),
        MessageGroupId=job.group,
        MessageDeduplicationId=deduplication_id,
    )


def parse(body: str) -> Job:
    """Unknown fields are left aside: a newer producer may talk to an older consumer while a deployment runs.

    :raises MalformedJobError: this is no job of a known kind and version
    """
    try:
        fields: dict[str, Any] = json.loads(body)
        if fields["version"] != VERSION:
            raise MalformedJobError(f"version {fields['version']!r}")
        return _job(fields)
    except (ValueError, TypeError, KeyError) as error:
        raise MalformedJobError(str(error)) from error


def _job(of: dict[str, Any]) -> Job:
    match of["kind"]:
        case "answer":
            return AnswerJob(int(of["chat_id"]), int(of["message_id"]), int(of["update_id"]), _person(of.get("person")))
        case "greet":
            return GreetJob(
                chat_id=int(of["chat_id"]),
                character_id=str(of["character_id"]),
                language=str(of["language"]),
                thread_id=_thread(of),
                correlation_id=str(of.get("correlation_id", "")),
                generation=int(of.get("generation", 0)),
            )
        case "remember":
            numbers = int(of["through_id"]), int(of["summarised_through"])
            return SummarizeJob(int(of["chat_id"]), str(of["conversation_id"]), str(of["character_id"]), *numbers)
        case "control":
            return ControlJob(
                chat_id=int(of["chat_id"]),
                action=str(of["action"]),
                argument=str(of["argument"]),
                conversation_id=str(of["conversation_id"]),
                character_id=str(of["character_id"]),
                language=str(of["language"]),
                message_id=int(of["message_id"]),
                thread_id=_thread(of),
                correlation_id=str(of["correlation_id"]),
            )
    raise MalformedJobError(f"kind {of['kind']!r}")


def _person(of: dict[str, Any] | None) -> Person | None:
    if not of:
        return None
    optional = {name: str(of[name]) for name in ("last_name", "username", "language") if of.get(name)}
    return Person(int(of["user_id"]), str(of["first_name"]), **optional)


def _thread(of: dict[str, Any]) -> int | None:
    return int(of["thread_id"]) if of.get("thread_id") else None


def named_turn(body: str) -> tuple[int, int] | None:
    """The (chat_id, message_id) that a job names, whatever else is wrong with it."""
    try:
        fields = json.loads(body)
        return int(fields["chat_id"]), int(fields["message_id"])
    except (ValueError, TypeError, KeyError):
        return None
