"""Jobs about what a character remembers of a conversation."""

from dataclasses import dataclass
from typing import ClassVar

from troupe.conversations.jobs import ChatJob, ConversationJob


@dataclass(frozen=True, kw_only=True)
class SummarizeJob(ChatJob):
    """Add the turns after `summarised_through`, up to `through_id`, to the conversation's summary.

    `until_id`: of an imported chat, its last turn: the summary goes on until there.
    """

    kind: ClassVar[str] = "summarize"
    conversation_id: str
    character_id: str
    through_id: int
    summarised_through: int
    until_id: int | None = None

    @property
    def group(self) -> str:
        """A group of its own: the person's next message must not wait for the summary."""
        return f"{self.chat_id}:memory"


@dataclass(frozen=True, kw_only=True)
class DescribeJob(ChatJob):
    """Note what the pictures showed that the answer to the turn (chat_id, message_id) was made from."""

    kind: ClassVar[str] = "describe"
    message_id: int

    @property
    def group(self) -> str:
        """That of the summary, which the description should come before."""
        return f"{self.chat_id}:memory"


@dataclass(frozen=True, kw_only=True)
class MemoryJob(ConversationJob):
    """Show what the character remembers; with words, remember those. `words_id` names them: see `kept_words`."""

    kind: ClassVar[str] = "memory"
    words_id: int = 0


@dataclass(frozen=True, kw_only=True)
class ForgetJob(ConversationJob):
    """Forget the fact that the button names, or the summary, or (`FORGET_ALL`) the conversation."""

    kind: ClassVar[str] = "forget"
    fact: str


@dataclass(frozen=True, kw_only=True)
class CheckFactJob(ConversationJob):
    """Have moderation look at a fact that was pinned in the Mini App; `fact` is its digest."""

    kind: ClassVar[str] = "check_fact"
    fact: str
