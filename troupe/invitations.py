"""Invitations: links that let a number of people in, for some days. They stand beside the conversations."""

import secrets
from datetime import timedelta

from pynamodb.attributes import NumberAttribute, NumberSetAttribute, UnicodeAttribute
from pynamodb.exceptions import UpdateError
from pynamodb.expressions.condition import size
from pynamodb.expressions.update import Action

from troupe.clock import now_ms
from troupe.tables import Table, condition_failed

# The `person_id` of an invitation's row: nobody has this id.
NOBODY = 0
PREFIX = "invitation:"
MAX_USES = 100
MAX_DAYS = 365


class Invitation(Table):
    class Meta:
        setting = "CONVERSATIONS_TABLE"
        table_name = ""

    person_id = NumberAttribute(hash_key=True)
    conversation_id = UnicodeAttribute(range_key=True)
    made_by = NumberAttribute()
    max_uses = NumberAttribute()
    # The people whom it has let in. A set, so that a repeated job takes no second use.
    redeemed_by = NumberSetAttribute(null=True)
    # Seconds since 1970: it is void from then on, and DynamoDB deletes it some time later.
    expires_at = NumberAttribute()

    @property
    def code(self) -> str:
        return str(self.conversation_id).removeprefix(PREFIX)


def make(owner_id: int, uses: int, lifetime: timedelta) -> str:
    """Returns the code. It has 96 random bits, so that it can't be guessed."""
    code = secrets.token_urlsafe(12)
    expires_at = now_ms() // 1000 + round(lifetime.total_seconds())
    actions: list[Action] = [
        Invitation.made_by.set(owner_id),
        Invitation.max_uses.set(uses),
        Invitation.expires_at.set(expires_at),
    ]
    _invitation(code).update(actions=actions)
    return code


def redeem(code: str, user_id: int) -> bool:
    """Takes one use, once for each person. False for an invitation that is used up, has run out or never was."""
    is_first = Invitation.redeemed_by.does_not_exist() & (Invitation.max_uses > 0)
    has_room = is_first | (size(Invitation.redeemed_by) < Invitation.max_uses)  # type: ignore[no-untyped-call]  # pynamodb leaves it untyped
    lasts = Invitation.expires_at > now_ms() // 1000
    try:
        _invitation(code).update(
            actions=[Invitation.redeemed_by.add({user_id})],
            condition=lasts & (has_room | Invitation.redeemed_by.contains(user_id)),
        )
    except UpdateError as error:
        if not condition_failed(error):
            raise
        return False
    return True


def redeemed(user_id: int) -> list[Invitation]:
    """The invitations that have let the person in. Reads all invitations: there are few, and they expire."""
    all_of_them = Invitation.conversation_id.between(PREFIX, f"{PREFIX}~")
    found = Invitation.query(NOBODY, all_of_them, consistent_read=True)
    return [each for each in found if user_id in (each.redeemed_by or ())]


def forget(code: str, user_id: int) -> None:
    """Removes the person from the invitation; the use that they took stays taken."""
    try:
        _invitation(code).update(
            actions=[Invitation.redeemed_by.delete({user_id}), Invitation.max_uses.add(-1)],
            condition=Invitation.redeemed_by.contains(user_id),
        )
    except UpdateError as error:
        if not condition_failed(error):
            raise


def _invitation(code: str) -> Invitation:
    return Invitation(NOBODY, f"{PREFIX}{code}")
