"""Jobs about characters that people bring or make."""

from dataclasses import dataclass
from typing import ClassVar

from troupe.conversations.jobs import ChatJob

# The fields of a character's form that the model may be asked for.
WRITABLE = ("tagline", "description", "personality", "first_mes", "mes_example")


@dataclass(frozen=True, kw_only=True)
class AboutCharacterJob(ChatJob):
    """The base of jobs about a character that a person brings or has made."""

    language: str
    thread_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class ReadCardJob(AboutCharacterJob):
    """Make a character of a file that the person sent. On the queue of `functions/card_files`.

    `has_words`: the message has words, which are answered apart from the file. `picture_of`: the message whose picture
    the file is, if it holds no card; 0 for another kind of file.
    """

    kind: ClassVar[str] = "read_card"
    queue: ClassVar[str] = "CARD_QUEUE_URL"
    file_id: str
    file_unique_id: str
    has_words: bool = False
    picture_of: int = 0


@dataclass(frozen=True, kw_only=True)
class ExportCardJob(AboutCharacterJob):
    """Send the person their character as a file. On the queue of `functions/card_files`."""

    kind: ClassVar[str] = "export_card"
    queue: ClassVar[str] = "CARD_QUEUE_URL"
    character_id: str
    as_json: bool = False


@dataclass(frozen=True, kw_only=True)
class RefuseCardJob(AboutCharacterJob):
    """Say why a file gave no character: one of the reasons in `troupe.telegram.card_texts`, and the limit in it.

    `picture_of`: as in ReadCardJob. A picture without a card is shown to the character instead.
    """

    kind: ClassVar[str] = "refuse_card"
    reason: str
    most: int = 0
    picture_of: int = 0


@dataclass(frozen=True, kw_only=True)
class ShowCardJob(AboutCharacterJob):
    """Check a new or edited character, and show it to its owner. `notes`: see `troupe.characters.card_notes`.

    `is_new`: the character is not kept if it does not pass.
    """

    kind: ClassVar[str] = "show_card"
    character_id: str
    is_new: bool = False
    notes: str = "[]"


@dataclass(frozen=True, kw_only=True)
class IntroduceJob(AboutCharacterJob):
    """Show a shared character to a person who followed its link."""

    kind: ClassVar[str] = "introduce"
    character_id: str
    share_token: str


@dataclass(frozen=True, kw_only=True)
class OwnerJob(AboutCharacterJob):
    """Share a character, stop sharing it, or delete it: `action` is share, unshare or delete.

    `message_id` is the message that carries the pressed button; 0 without one.
    """

    kind: ClassVar[str] = "owner"
    character_id: str
    action: str
    message_id: int = 0


@dataclass(frozen=True, kw_only=True)
class SuggestJob(ChatJob):
    """Suggest a text for one of the WRITABLE fields. The row of the suggestion has the form's texts so far."""

    kind: ClassVar[str] = "suggest"
    suggestion_id: str
    field: str
    language: str

    @property
    def group(self) -> str:
        """A group of its own: the chat does not wait for it."""
        return f"{self.chat_id}:suggestion"


CardFileJob = ReadCardJob | ExportCardJob
CharacterJob = RefuseCardJob | ShowCardJob | IntroduceJob | OwnerJob
