"""The person and chat of an update, and the Bot API methods that answer it: for a message and a button alike."""
# ruff: noqa: PLC0415 - the texts and buttons are loaded when first needed: a message is answered without words

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from functions.webhook import settings
from functions.webhook.update import ButtonPress, Message
from troupe import users
from troupe.admission import Admission
from troupe.users import Person, User

if TYPE_CHECKING:
    from troupe.telegram.texts import Texts

# A method call of the Bot API as JSON, with its name under "method".
Method = dict[str, Any]


@dataclass(frozen=True)
class UpdateContext:
    """`message_id` is the message they sent, or the one that carries the pressed button (then `callback_id` is set)."""

    update_id: int
    person: Person
    chat_id: int
    message_id: int
    thread_id: int | None
    user: User
    callback_id: str = ""

    @property
    def language_tag(self) -> str | None:
        """The language they chose with /language, or else the one of their Telegram."""
        return self.user.language_choice or self.person.language

    @property
    def language(self) -> str:
        from troupe.telegram.texts import interface_language

        return interface_language(self.language_tag)

    @property
    def texts(self) -> "Texts":
        from troupe.telegram.texts import texts

        return texts(self.language_tag)

    @property
    def button_message_id(self) -> int:
        """The message that carries the pressed button; 0 for a message."""
        return self.message_id if self.callback_id else 0

    def say(self, text: str, **parameters: Any) -> Method:
        """A toast for a button, a message for anything else."""
        if self.callback_id:
            return {"method": "answerCallbackQuery", "callback_query_id": self.callback_id, "text": text}
        return self.send("sendMessage", text=text, **parameters)

    def typing(self) -> Method:
        """Shows that the bot is typing; for a button, stops its spinner."""
        if self.callback_id:
            return {"method": "answerCallbackQuery", "callback_query_id": self.callback_id}
        return typing(self.chat_id, self.thread_id)

    def offer_picker(self, text: str) -> Method:
        from troupe.telegram.buttons import picker_button

        return self.send("sendMessage", text=text, reply_markup=picker_button(settings.webapp_url, self.language_tag))

    def send(self, method: str, **parameters: Any) -> Method:
        return _method(method, self.chat_id, self.thread_id, **parameters)


class NotAdmittedError(Exception):
    """The person may not come in. `method` tells them so; None if nothing is said."""

    def __init__(self, method: Method | None) -> None:
        super().__init__()
        self.method = method


def context_of(update: Message | ButtonPress, *, about_own_data: bool = False) -> UpdateContext:
    """Registers a person who has no row yet.

    :param about_own_data: answers a person who may not come in, too, and stores nothing of them
    :raises NotAdmittedError: nothing is stored of a person who may not come in
    """
    person = update.person
    user = User.find(person.user_id)
    admission = settings.policy.admission(person.user_id, user)
    if admission is not Admission.WELCOME:
        if not about_own_data:
            raise NotAdmittedError(_turned_away(update, admission))
        user = user or User(person.user_id)
    elif user is None or not user.registered_at:
        user = users.register(person)
    callback_id = update.callback_id if isinstance(update, ButtonPress) else ""
    return UpdateContext(
        update.update_id, person, update.chat_id, update.message_id, update.thread_id, user, callback_id
    )


def _turned_away(update: Message | ButtonPress, admission: Admission) -> Method | None:
    """A person whom an owner has blocked hears nothing: only the button stops spinning."""
    from troupe.telegram.texts import texts

    said = texts(update.person.language).uninvited.format(id=update.person.user_id)
    silent = admission is Admission.BANNED
    if isinstance(update, ButtonPress):
        answer = {"method": "answerCallbackQuery", "callback_query_id": update.callback_id}
        return answer if silent else answer | {"text": said}
    return None if silent else _method("sendMessage", update.chat_id, update.thread_id, text=said)


def typing(chat_id: int, thread_id: int | None) -> Method:
    return _method("sendChatAction", chat_id, thread_id, action="typing")


def _method(name: str, chat_id: int, thread_id: int | None, **parameters: Any) -> Method:
    thread = {"message_thread_id": thread_id} if thread_id else {}
    return {"method": name, "chat_id": chat_id, **thread, **parameters}
