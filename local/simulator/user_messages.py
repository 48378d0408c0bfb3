"""The messages that a person sends, each with the update that Telegram would send to the bot."""

import secrets
from collections.abc import Sequence

from local.simulator import files
from local.simulator.entities import found_in
from local.simulator.messages import MAX_TEXT
from local.simulator.references import from_user, quote_of, reply_to
from local.simulator.refusal import Json
from local.simulator.samples import SAMPLES, SampleKind
from local.simulator.state import Chat
from local.simulator.topics import topic_fields
from local.simulator.user_account import UserAccount


class UserMessages(UserAccount):
    """Each method returns the message as the chat holds it."""

    def send_text(
        self,
        text: str,
        *,
        chat_id: int | None = None,
        reply_to: int | None = None,
        quote: str | None = None,
        topic: int | None = None,
        nulls: bool = False,
    ) -> Json:
        """:param reply_to: id of the message replied to
        :param quote: the part of that message which the reply quotes
        :param topic: message_thread_id; the chat gets this topic if it has none
        :param nulls: the update holds null in each optional field without a value
        :raises ValueError: more than 4096 characters, which no client sends in one message
        """
        chat = self._chat(chat_id)
        content = _text(text) | _reply(chat, reply_to, quote)
        if topic is not None:
            chat.topics.setdefault(str(topic), "")
            content |= topic_fields(topic)
        return self._send(content, chat, nulls=nulls)

    def send_long_text(self, text: str, *, reply_to: int | None = None, quote: str | None = None) -> list[Json]:
        """Any length. As a client does with a long paste, cuts it into messages of 4096 characters."""
        pieces = [piece for at in range(0, len(text), MAX_TEXT) if (piece := text[at : at + MAX_TEXT].strip())]
        if not pieces:
            raise ValueError("A message needs a text")
        first = self.send_text(pieces[0], reply_to=reply_to, quote=quote)
        return [first, *map(self.send_text, pieces[1:])]

    def send_sample(self, kind: SampleKind, *, caption: str | None = None, chat_id: int | None = None) -> Json:
        return self._send(SAMPLES[kind] | _caption(caption), self._chat(chat_id))

    def send_sticker(self) -> Json:
        return self.send_sample("sticker")

    def send_voice(self, caption: str | None = None) -> Json:
        return self.send_sample("voice", caption=caption)

    def send_photo(self, caption: str | None = None) -> Json:
        return self.send_sample("photo", caption=caption)

    def send_document(self, caption: str | None = None) -> Json:
        return self.send_sample("document", caption=caption)

    def send_file(
        self,
        data: bytes,
        name: str,
        *,
        content_type: str = "application/octet-stream",
        as_photo: bool = False,
        caption: str | None = None,
    ) -> Json:
        """Attaches a file of the person's. Sent as a photo, it is a new JPEG with nothing of the file but its picture.

        A GIF becomes an animation.

        :raises ValueError: as a photo or a GIF, a file that is no picture
        """
        state = self._server.state
        if as_photo:
            return self._send({"photo": files.as_photo(state, data)} | _caption(caption), self._chat())
        if content_type == files.GIF:
            return self._send(files.as_animation(state, data, name) | _caption(caption), self._chat())
        document = files.as_document(state, data, name, content_type)
        return self._send({"document": document} | _caption(caption), self._chat())

    def send_recording(self, opus: bytes, seconds: float) -> Json:
        """:param opus: in Ogg, as Telegram's clients record"""
        sound = files.as_sound(self._server.state, opus, seconds, "audio/ogg")
        return self._send({"voice": sound}, self._chat())

    def send_music(self, data: bytes, name: str, seconds: float, content_type: str) -> Json:
        sound = files.as_sound(self._server.state, data, seconds, content_type)
        return self._send({"audio": sound | {"file_name": name}}, self._chat())

    def send_album(
        self, captions: Sequence[str | None], kind: SampleKind = "photo", photos: Sequence[bytes] = ()
    ) -> list[Json]:
        """One message per caption, all with the same media_group_id. Telegram sends an update for each.

        :param photos: pictures of the person's own, as many as captions
        :raises ValueError: an album has 2 to 10 parts
        """
        if not 2 <= len(captions) <= 10:  # noqa: PLR2004 - the Bot API's limits
            raise ValueError("An album has 2 to 10 parts")
        group = {"media_group_id": str(secrets.randbits(53))}
        parts = [{"photo": files.as_photo(self._server.state, photo)} for photo in photos] or [SAMPLES[kind]] * len(
            captions
        )
        return [
            self._send(part | group | _caption(caption), self._chat())
            for part, caption in zip(parts, captions, strict=True)
        ]

    def forward(self, content: str | int, origin: Json | None = None) -> Json:
        """Sends a text, or the message of this chat with this id, as a forward.

        :param origin: of `references.from_...`; without it, the author of the message in this chat
        """
        if isinstance(content, str):
            fields, author = _text(content), self.person.as_user()
        else:
            message = self._message(content)
            names = ("text", "entities", "caption", "caption_entities", *SAMPLES)
            fields, author = {name: message[name] for name in names if name in message}, message["from"]
        return self._send(fields | {"forward_origin": origin or from_user(author)}, self._chat())

    def reply_across_chats(self, text: str, origin: Json, quote: str | None = None) -> Json:
        """Replies here to a message of another chat, which the bot sees as `external_reply` and `quote` only."""
        quoted = {"quote": {"text": quote, "position": 0, "is_manual": True}} if quote else {}
        return self._send(_text(text) | {"external_reply": {"origin": origin}} | quoted, self._chat())

    def share_live_location(self, latitude: float = 48.86, longitude: float = 2.35, live_period: int = 900) -> Json:
        """:param live_period: seconds for which the person may move it"""
        location = {"latitude": latitude, "longitude": longitude, "live_period": live_period}
        return self._send({"location": location}, self._chat())

    def _send(self, content: Json, chat: Chat, *, nulls: bool = False) -> Json:
        """Also unblocks the bot: a client does so when the person writes to a blocked bot."""
        if chat.id == self.id:
            self.person.started = True
            self.unblock()
        message = self._server.add_message(chat, self.person.as_user(), content)
        self._server.send_update("message", message, nulls=nulls)
        return message


def _text(text: str) -> Json:
    text = text.strip()
    if not 1 <= len(text) <= MAX_TEXT:
        raise ValueError(f"A message has 1 to {MAX_TEXT} characters")
    found = found_in(text)
    return {"text": text} | ({"entities": found} if found else {})


def _caption(caption: str | None) -> Json:
    if not caption:
        return {}
    found = found_in(caption)
    return {"caption": caption} | ({"caption_entities": found} if found else {})


def _reply(chat: Chat, message_id: int | None, quote: str | None) -> Json:
    original = chat.message(message_id) if message_id else None
    if not original:
        return {}
    return reply_to(original) | (quote_of(original, quote) if quote else {})
