"""The jobs on the two queues, as the webhook, the picker and `card_files` make them. One message group per chat."""

import json
import os
from dataclasses import MISSING, asdict, dataclass, fields
from typing import Any, ClassVar, TypeVar, get_type_hints

from troupe import aws
from troupe.users import Person

VERSION = 2
# Telegram's ids have at most 52 significant bits.
MAX_ID = (1 << 53) - 1


class MalformedJobError(ValueError):
    """A queue message that is no job, or one of a kind or version that this code does not know."""


@dataclass(frozen=True, kw_only=True)
class _ChatJob:
    """`correlation_id` names the update, or the picker's request, that the job comes from."""

    kind: ClassVar[str]
    # The setting that names the job's queue.
    queue: ClassVar[str] = "REPLY_QUEUE_URL"
    person_id: int
    chat_id: int
    correlation_id: str = ""

    @property
    def group(self) -> str:
        return str(self.chat_id)


@dataclass(frozen=True, kw_only=True)
class AnswerJob(_ChatJob):
    """Answer the turn stored under (chat_id, message_id)."""

    kind: ClassVar[str] = "answer"
    message_id: int
    # The writer as Telegram describes them, for a first message without /start. None where they must be known.
    person: Person | None = None


@dataclass(frozen=True, kw_only=True)
class GreetJob(_ChatJob):
    """Let the character that the person has just chosen greet them."""

    kind: ClassVar[str] = "greet"
    character_id: str
    language: str
    thread_id: int | None = None
    # Of the conversation with the character: a restart raises it.
    generation: int = 0


@dataclass(frozen=True, kw_only=True)
class SummarizeJob(_ChatJob):
    """Add the turns after `summarised_through`, up to `through_id`, to the conversation's summary."""

    kind: ClassVar[str] = "summarize"
    conversation_id: str
    character_id: str
    through_id: int
    summarised_through: int

    @property
    def group(self) -> str:
        """A group of its own: the person's next message must not wait for the summary."""
        return f"{self.chat_id}:memory"


@dataclass(frozen=True, kw_only=True)
class _ConversationJob(_ChatJob):
    """`message_id` is the message that carries the pressed button; 0 for a command."""

    conversation_id: str
    character_id: str
    language: str
    message_id: int = 0
    thread_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class MemoryJob(_ConversationJob):
    """Show what the character remembers; with words, remember those."""

    kind: ClassVar[str] = "memory"
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class ForgetJob(_ConversationJob):
    """Forget the fact that the button names, or the summary, or (`FORGET_ALL`) the conversation."""

    kind: ClassVar[str] = "forget"
    fact: str


@dataclass(frozen=True, kw_only=True)
class AlternativeJob(_ConversationJob):
    """Show another of a turn's answers, counted from 0."""

    kind: ClassVar[str] = "alternative"
    turn_id: int
    number: int


@dataclass(frozen=True, kw_only=True)
class AlternativeGreetingJob(_ConversationJob):
    """Show another of the character's greetings, counted from 0."""

    kind: ClassVar[str] = "alternative_greeting"
    number: int


@dataclass(frozen=True, kw_only=True)
class AgeJob(_ChatJob):
    """The person has answered the question for their age, which `message_id` carries: go on from there."""

    kind: ClassVar[str] = "age"
    message_id: int
    language: str
    thread_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class RemoveJob(_ChatJob):
    """Remove a withdrawn turn's messages from the chat, and the command that asked for it (0 for a button)."""

    kind: ClassVar[str] = "remove"
    turn_id: int
    language: str
    command_id: int = 0
    thread_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class _CharacterJob(_ChatJob):
    """About a character that a person brings or has made."""

    language: str
    thread_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class ReadCardJob(_CharacterJob):
    """Make a character of a file that the person sent. On the queue of `functions/card_files`.

    `has_words`: the message has words, which are answered apart from the file.
    """

    kind: ClassVar[str] = "read_card"
    queue: ClassVar[str] = "CARD_QUEUE_URL"
    file_id: str
    file_unique_id: str
    has_words: bool = False


@dataclass(frozen=True, kw_only=True)
class ExportCardJob(_CharacterJob):
    """Send the person their character as a file. On the queue of `functions/card_files`."""

    kind: ClassVar[str] = "export_card"
    queue: ClassVar[str] = "CARD_QUEUE_URL"
    character_id: str
    as_json: bool = False


@dataclass(frozen=True, kw_only=True)
class RefuseCardJob(_CharacterJob):
    """Say why a file gave no character: one of the reasons in `troupe.telegram.card_texts`, and the limit in it."""

    kind: ClassVar[str] = "refuse_card"
    reason: str
    most: int = 0


@dataclass(frozen=True, kw_only=True)
class ShowCardJob(_CharacterJob):
    """Check a new or edited character, and show it to its owner. `notes`: see `troupe.characters.card_notes`.

    `is_new`: the character is not kept if it does not pass.
    """

    kind: ClassVar[str] = "show_card"
    character_id: str
    is_new: bool = False
    notes: str = "[]"


@dataclass(frozen=True, kw_only=True)
class IntroduceJob(_CharacterJob):
    """Show a shared character to a person who followed its link."""

    kind: ClassVar[str] = "introduce"
    character_id: str
    share_token: str


@dataclass(frozen=True, kw_only=True)
class OwnerJob(_CharacterJob):
    """Share a character, stop sharing it, or delete it: `action` is share, unshare or delete.

    `message_id` is the message that carries the pressed button; 0 without one.
    """

    kind: ClassVar[str] = "owner"
    character_id: str
    action: str
    message_id: int = 0


# The fields of a character's form that the model may be asked for.
WRITABLE = ("tagline", "description", "personality", "first_mes", "mes_example")


@dataclass(frozen=True, kw_only=True)
class SuggestJob(_ChatJob):
    """Suggest a text for one of the WRITABLE fields. `draft` is what is written so far: a JSON object of texts."""

    kind: ClassVar[str] = "suggest"
    suggestion_id: str
    field: str
    draft: str
    language: str

    @property
    def group(self) -> str:
        """A group of its own: the chat does not wait for it."""
        return f"{self.chat_id}:suggestion"


CardFileJob = ReadCardJob | ExportCardJob
CharacterJob = RefuseCardJob | ShowCardJob | IntroduceJob | OwnerJob


@dataclass(frozen=True, kw_only=True)
class RedeemJob(_ChatJob):
    """Let the person in by an invitation. They may have no row yet."""

    kind: ClassVar[str] = "redeem"
    code: str
    language: str
    person: Person | None = None
    thread_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class OwnerCommandJob(_ChatJob):
    """Do what an owner of the bot commands.

    `about_id` is the person whose message the command replies to; `message_id` carries the pressed button, or is 0.
    """

    kind: ClassVar[str] = "owner_command"
    command: str
    language: str
    argument: str = ""
    about_id: int | None = None
    message_id: int = 0
    thread_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class BroadcastJob(_ChatJob):
    """Send the broadcast to its next page of people, or report to the owner, whose chat this is."""

    kind: ClassVar[str] = "broadcast"
    broadcast_id: str
    step: int
    language: str
    thread_id: int | None = None

    @property
    def group(self) -> str:
        """One group for all broadcasts: only one worker sends at a time."""
        return "broadcasts"


@dataclass(frozen=True, kw_only=True)
class ExportJob(_ChatJob):
    """Send the next part of all that the bot has of the person. `holding` and `after` say where it begins.

    `after` is the key of the last row of the part before, as JSON.
    """

    kind: ClassVar[str] = "export"
    language: str
    thread_id: int | None = None
    part: int = 1
    holding: int = 0
    after: str = ""

    @property
    def group(self) -> str:
        """A group of its own: answers must not wait for it."""
        return f"{self.chat_id}:export"


@dataclass(frozen=True, kw_only=True)
class EraseJob(_ChatJob):
    """Erase all that the bot has of the person. `message_id` is the message that carries the pressed button.

    One job after another, each in the group of ERASURE_GROUPS: while it runs, no other job of its group does. The
    chat's own group comes last again: jobs that came meanwhile wait behind it until nothing is left for them to find.
    """

    kind: ClassVar[str] = "erase"
    language: str
    reference: str
    message_id: int = 0
    thread_id: int | None = None
    stage: int = 0

    @property
    def group(self) -> str:
        return ERASURE_GROUPS[self.stage].format(chat=self.chat_id)


ERASURE_GROUPS = ("{chat}", "{chat}:memory", "{chat}:export", "{chat}")


@dataclass(frozen=True, kw_only=True)
class ForgetEventsJob:
    """Have Amplitude delete the events of a person who is erased here: the pseudonym is all that is left of them."""

    kind: ClassVar[str] = "forget_events"
    queue: ClassVar[str] = "REPLY_QUEUE_URL"
    person: str
    correlation_id: str = ""

    @property
    def group(self) -> str:
        return f"events:{self.person}"


Job = (
    SuggestJob
    | AnswerJob
    | GreetJob
    | SummarizeJob
    | MemoryJob
    | ForgetJob
    | AlternativeJob
    | AlternativeGreetingJob
    | RemoveJob
    | RedeemJob
    | OwnerCommandJob
    | CardFileJob
    | CharacterJob
    | BroadcastJob
    | AgeJob
    | ExportJob
    | EraseJob
    | ForgetEventsJob
)
# Those whose failure the person is told of in their language. A turn has an apology of its own.
SpeakingJob = (
    GreetJob
    | MemoryJob
    | ForgetJob
    | AlternativeJob
    | AlternativeGreetingJob
    | RemoveJob
    | CharacterJob
    | RedeemJob
    | OwnerCommandJob
    | BroadcastJob
    | AgeJob
    | ExportJob
    | EraseJob
)
KINDS: dict[str, type[Job]] = {
    kind.kind: kind
    for kind in (
        AnswerJob,
        GreetJob,
        SummarizeJob,
        SuggestJob,
        MemoryJob,
        ForgetJob,
        AlternativeJob,
        AlternativeGreetingJob,
        RemoveJob,
        ReadCardJob,
        ExportCardJob,
        RefuseCardJob,
        ShowCardJob,
        IntroduceJob,
        RedeemJob,
        OwnerCommandJob,
        OwnerJob,
        BroadcastJob,
        AgeJob,
        ExportJob,
        EraseJob,
        ForgetEventsJob,
    )
}
T = TypeVar("T")


def enqueue(job: Job, deduplication_id: str) -> None:
    """SQS takes equal ids within five minutes for one job. Later repeats are caught by the turn's status."""
    aws.client("sqs").send_message(
        QueueUrl=os.environ[job.queue],
        MessageBody=to_json(job),
        MessageGroupId=job.group,
        MessageDeduplicationId=deduplication_id,
    )


def to_json(job: Job) -> str:
    return json.dumps({"version": VERSION, "kind": job.kind, **asdict(job)})


def parse(body: str) -> Job:
    """Ignores unknown fields: during a deployment a newer webhook may talk to an older reply function.

    :raises MalformedJobError: this is no job of a known kind and version
    """
    try:
        values: dict[str, Any] = json.loads(body)
        if values["version"] != VERSION:
            raise MalformedJobError(f"version {values['version']!r}")
        return _record(KINDS[values["kind"]], values)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise MalformedJobError(f"{type(error).__name__}: {error}") from error


def _record(kind: type[T], values: dict[str, Any]) -> T:
    """A dataclass of int, str, bool, Person and optional fields, from JSON.

    :raises KeyError: a field without a default is missing
    :raises TypeError: a field has another type
    :raises ValueError: a number is too large
    """
    types = get_type_hints(kind)
    given: dict[str, Any] = {}
    for field in fields(kind):  # type: ignore[arg-type]  # T is one of the dataclasses above
        if field.name not in values and field.default is not MISSING:
            continue
        value = values[field.name]
        if types[field.name] == Person | None and value is not None:
            value = _record(Person, value)
        if not isinstance(value, types[field.name]) or (isinstance(value, bool) and types[field.name] is not bool):
            raise TypeError(f"{field.name} is {type(value).__name__}")
        if isinstance(value, int) and abs(value) > MAX_ID:
            raise ValueError(f"{field.name} is no number of Telegram's")
        given[field.name] = value
    return kind(**given)


def named_turn(body: str) -> tuple[int, int] | None:
    """The (chat_id, message_id) that a malformed job still names."""
    try:
        values = json.loads(body)
        named = int(values["chat_id"]), int(values["message_id"])
    except (ValueError, TypeError, KeyError, OverflowError):
        return None
    # No table takes a larger number.
    return named if max(map(abs, named)) <= MAX_ID else None
