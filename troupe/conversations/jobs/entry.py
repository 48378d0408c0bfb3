"""Jobs for people who come in: by an invitation, or with the age that the operator asks for."""

from dataclasses import dataclass
from typing import ClassVar

from troupe.conversations.jobs import ChatJob


@dataclass(frozen=True, kw_only=True)
class RedeemJob(ChatJob):
    """Let the person in by an invitation. They may have no row yet: `words_id` names what is known of them."""

    kind: ClassVar[str] = "redeem"
    code: str
    language: str
    words_id: int
    thread_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class AgeJob(ChatJob):
    """The person has answered the question for their age, which `message_id` carries: go on from there."""

    kind: ClassVar[str] = "age"
    message_id: int
    language: str
    thread_id: int | None = None
