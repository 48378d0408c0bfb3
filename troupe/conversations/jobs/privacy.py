"""Jobs that export or erase all that the bot has of a person."""

from dataclasses import dataclass
from typing import ClassVar

from troupe.conversations.jobs import ChatJob

ERASURE_GROUPS = ("{chat}", "{chat}:memory", "{chat}:export", "{chat}:speech", "{chat}")


@dataclass(frozen=True, kw_only=True)
class ExportJob(ChatJob):
    """Send the next part of all that the bot has of the person. `category` and `after` say where it begins.

    `after` is the key of the last row of the part before, as JSON.
    """

    kind: ClassVar[str] = "export"
    language: str
    thread_id: int | None = None
    part: int = 1
    category: int = 0
    after: str = ""

    @property
    def group(self) -> str:
        """A group of its own: answers must not wait for it."""
        return f"{self.chat_id}:export"


@dataclass(frozen=True, kw_only=True)
class EraseJob(ChatJob):
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
