"""Jobs that bring, swap or remove a message of a character."""

from dataclasses import dataclass
from typing import ClassVar

from troupe.conversations.jobs import ChatJob, ConversationJob


@dataclass(frozen=True, kw_only=True)
class AnswerJob(ChatJob):
    """Answer the turn stored under (chat_id, message_id)."""

    kind: ClassVar[str] = "answer"
    message_id: int


@dataclass(frozen=True, kw_only=True)
class GreetJob(ChatJob):
    """Let the character that the person has just chosen greet them."""

    kind: ClassVar[str] = "greet"
    character_id: str
    language: str
    thread_id: int | None = None
    # Of the conversation with the character: a restart raises it.
    generation: int = 0


@dataclass(frozen=True, kw_only=True)
class AlternativeJob(ConversationJob):
    """Show another of a turn's answers, counted from 0."""

    kind: ClassVar[str] = "alternative"
    turn_id: int
    number: int


@dataclass(frozen=True, kw_only=True)
class AlternativeGreetingJob(ConversationJob):
    """Show another of the character's greetings, counted from 0."""

    kind: ClassVar[str] = "alternative_greeting"
    number: int


@dataclass(frozen=True, kw_only=True)
class RemoveJob(ChatJob):
    """Remove a withdrawn turn's messages from the chat, and the command that asked for it (0 for a button)."""

    kind: ClassVar[str] = "remove"
    turn_id: int
    language: str
    command_id: int = 0
    thread_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class SpeakJob(ChatJob):
    """Say a turn's answer in a voice message; without a turn, the greeting of a conversation.

    `pressed`: the person asked for this one, and is told if it can't be.
    """

    kind: ClassVar[str] = "speak"
    turn_id: int = 0
    conversation_id: str = ""
    character_id: str = ""
    language: str
    pressed: bool = False
    thread_id: int | None = None

    @property
    def group(self) -> str:
        """A group of its own: the person's next message must not wait for the voice."""
        return f"{self.chat_id}:speech"


@dataclass(frozen=True, kw_only=True)
class WriteOutJob(ChatJob):
    """Send the words of an answer that came as a voice message."""

    kind: ClassVar[str] = "write_out"
    turn_id: int
    language: str
    thread_id: int | None = None
