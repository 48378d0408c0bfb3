"""The jobs on the two queues, as the webhook, the picker and `card_files` make them. One message group per chat.

A job holds ids and no words or names of people: it may become a dead letter, which operators read.
"""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, kw_only=True)
class ChatJob:
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
class ConversationJob(ChatJob):
    """`message_id` is the message that carries the pressed button; 0 for a command."""

    conversation_id: str
    character_id: str
    language: str
    message_id: int = 0
    thread_id: int | None = None
