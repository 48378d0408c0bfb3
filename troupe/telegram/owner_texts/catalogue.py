"""The texts that every language has for the owners."""

from dataclasses import dataclass


@dataclass(frozen=True)
class OwnerTexts:
    # In the menu of the owners' own chats, above everybody's commands.
    commands: dict[str, str]
    whom: str
    unknown_username: str
    ambiguous_username: str
    blocked: str
    was_blocked: str
    owner_stays: str
    unblocked: str
    was_not_blocked: str
    still_uninvited: str
    still_blocked: str
    admitted: str
    was_admitted: str
    invitation: str
    no_links: str
