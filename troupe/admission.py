"""Decides which people may come in, and which of them are owners; nothing else decides it."""

from dataclasses import dataclass
from enum import StrEnum

from troupe.settings import Environment
from troupe.users import User

# Open to everybody; to people with an invitation; to people whom the operator or an owner has named.
OPEN, INVITATION, LIST = "open", "invitation", "list"
# The beginning of the payload in t.me/<bot>?start=
INVITATION_PREFIX = "invite_"


class Admission(StrEnum):
    WELCOME = "welcome"
    # They may come in by an invitation, or once an owner admits them.
    UNINVITED = "uninvited"
    # An owner has blocked them.
    BANNED = "banned"


@dataclass(frozen=True)
class Policy:
    """`admitted` and `owners` are ids of people in Telegram."""

    mode: str = OPEN
    admitted: frozenset[int] = frozenset()
    owners: frozenset[int] = frozenset()

    @classmethod
    def read(cls, environment: Environment) -> "Policy":
        return cls(
            mode=environment.text("ADMISSION", default=OPEN, pattern="open|invitation|list"),
            admitted=environment.ids("ADMITTED_IDS"),
            owners=environment.ids("OWNER_IDS"),
        )

    def is_owner(self, user_id: int) -> bool:
        return user_id in self.owners

    def admission(self, user_id: int, user: User | None) -> Admission:
        """:param user: their row; None if they have none"""
        if self.is_owner(user_id):
            return Admission.WELCOME
        if user and user.banned_at:
            return Admission.BANNED
        if self.mode == OPEN or user_id in self.admitted or (user and user.admitted_at):
            return Admission.WELCOME
        return Admission.UNINVITED

    def admits(self, user_id: int, user: User | None) -> bool:
        return self.admission(user_id, user) is Admission.WELCOME
