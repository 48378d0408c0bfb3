"""The kinds of updates that the webhook handles, with the fields that it needs of them."""

from dataclasses import dataclass

from functions.webhook.pictures import Picture
from functions.webhook.quotes import Quote
from troupe.users import Person


@dataclass(frozen=True)
class Document:
    """`size` is None where Telegram does not say."""

    file_id: str
    file_unique_id: str
    size: int | None


@dataclass(frozen=True)
class Sound:
    """A voice note, round video or audio file. `size` is None where Telegram does not say."""

    file_id: str
    size: int | None
    seconds: int
    name: str | None

    def to_json(self) -> dict[str, str | int | None]:
        return {"file_id": self.file_id, "bytes": self.size, "seconds": self.seconds, "name": self.name}


@dataclass(frozen=True)
class Message:
    update_id: int
    chat_id: int
    message_id: int
    thread_id: int | None
    person: Person
    sent_s: int
    # text, or one of CONTENT
    kind: str
    # The words of a text or of a caption. Those of a forwarded message are in `quote`.
    text: str = ""
    quote: Quote | None = None
    # The same for all messages of an album.
    media_group_id: str | None = None
    document: Document | None = None
    sound: Sound | None = None
    picture: Picture | None = None
    # Of the message that this one replies to: the id of a forwarded text's author, or of the shared contact.
    about_id: int | None = None


@dataclass(frozen=True)
class EditedMessage:
    message: Message


@dataclass(frozen=True)
class ButtonPress:
    """`data` is the callback data of the button; empty for a button without any.

    `message_id` is the message that carries it; 0 where Telegram does not name it. Then `chat_id` is the person's
    private chat.
    """

    update_id: int
    callback_id: str
    person: Person
    chat_id: int
    data: str
    message_id: int
    thread_id: int | None


@dataclass(frozen=True)
class GenerationStopped:
    """The person pressed the button on a growing draft. An answer's draft has the id of the message it answers."""

    chat_id: int
    message_id: int


@dataclass(frozen=True)
class MembershipChange:
    """The person blocked the bot in their private chat, or let it in again."""

    person: Person
    blocked: bool


@dataclass(frozen=True)
class Ignored:
    reason: str


Update = Message | EditedMessage | ButtonPress | GenerationStopped | MembershipChange | Ignored
