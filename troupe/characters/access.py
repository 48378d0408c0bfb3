"""Decides which people may see a character, choose it, and go on talking to it; nothing else decides it."""

import hmac
import re
from dataclasses import dataclass

# In the picker, for everybody.
PUBLIC = "public"
# Visible to its owner alone.
PRIVATE = "private"
# Visible to its owner, and to everybody who has the link that the owner shares.
UNLISTED = "unlisted"
# A character of a person, new or edited, that waits for its check. Its owner can edit and delete it.
PENDING = "pending"
# Taken out of the picker by the operator. It can't be chosen any more; people who talk to it already may go on.
HIDDEN = "hidden"

# The owner of the characters that ship. A character of a person's has the person's Telegram id, as text.
BUILT_IN = "builtin"

# The payload of ?start= in the link of a shared character: its id, and the token of the share. Telegram takes 64 signs.
_SHARED = re.compile(r"([a-z2-7]{26})-([a-z2-7]{26})")

# The setting CARDS_FROM: the people who may bring and make characters.
CARDS_FROM = r"nobody|everybody|[0-9]+(,[0-9]+)*"


def may_bring(cards_from: str, person_id: int) -> bool:
    return cards_from == "everybody" or str(person_id) in cards_from.split(",")


@dataclass(frozen=True)
class Access:
    """`share_token` is in the link that the owner shares; empty if the character is not shared."""

    owner: str
    visibility: str
    share_token: str = ""

    def may_choose(self, person_id: int, share_token: str = "") -> bool:
        """True if the person may choose it in the picker, by a deep link or through /api/select.

        :param share_token: of the link that the person followed
        """
        if self.visibility == UNLISTED and share_token:
            return hmac.compare_digest(share_token.encode(), self.share_token.encode())
        return self.visibility == PUBLIC or (self.is_owner(person_id) and self.visibility != PENDING)

    def may_return(self, person_id: int) -> bool:
        """True if a person who has chosen it before may choose it again, also without the link that they came by."""
        return self.may_choose(person_id) or self.visibility == UNLISTED

    def may_go_on(self, person_id: int) -> bool:
        """True if the person may go on with a conversation that they have begun."""
        return self.may_return(person_id) or self.visibility == HIDDEN

    def is_owner(self, person_id: int) -> bool:
        """The owner alone edits, exports, shares and deletes."""
        return self.owner == str(person_id)


def share_payload(character_id: str, share_token: str) -> str:
    """The payload of ?start= in the link of a shared character."""
    return f"{character_id}-{share_token}"


def parse_share_payload(payload: str) -> tuple[str, str] | None:
    """The id and the share token; None for the payload of any other link."""
    found = _SHARED.fullmatch(payload)
    return (found[1], found[2]) if found else None
