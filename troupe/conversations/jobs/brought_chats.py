"""Jobs about chats that people bring from other programs. `digest` names one on `troupe.brought_chats.shelf`."""

from dataclasses import dataclass
from typing import ClassVar

from troupe.conversations.jobs.characters import AboutCharacterJob


@dataclass(frozen=True, kw_only=True)
class ShowChatJob(AboutCharacterJob):
    """Ask the person which character the brought chat was with."""

    kind: ClassVar[str] = "show_chat"
    digest: str


@dataclass(frozen=True, kw_only=True)
class ImportChatJob(AboutCharacterJob):
    """Make the chat that the person brought their conversation with the character.

    `message_id` is the message that carries the pressed button, `asked_at` when it was pressed, in milliseconds.
    """

    kind: ClassVar[str] = "import_chat"
    digest: str
    character_id: str
    message_id: int
    asked_at: int


@dataclass(frozen=True, kw_only=True)
class DropChatJob(AboutCharacterJob):
    """Delete the chat that the person brought. `message_id` is the message that carries the pressed button."""

    kind: ClassVar[str] = "drop_chat"
    digest: str
    message_id: int


BroughtChatJob = ShowChatJob | ImportChatJob | DropChatJob
