"""Jobs for the commands of the bot's owners."""

from dataclasses import dataclass
from typing import ClassVar

from troupe.conversations.jobs import ChatJob


@dataclass(frozen=True, kw_only=True)
class OwnerCommandJob(ChatJob):
    """Do what an owner of the bot commands.

    `about_id` is the person whose message the command replies to; `message_id` carries the pressed button, or is 0.
    `words_id` names the words behind a command (see `kept_words`), `argument` is the id behind a button.
    """

    kind: ClassVar[str] = "owner_command"
    command: str
    language: str
    argument: str = ""
    words_id: int = 0
    about_id: int | None = None
    message_id: int = 0
    thread_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class BroadcastJob(ChatJob):
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
