"""The turn: a person's message and the answer beside it, on one item. `turn_states` lists its changes."""

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PynamoDBException
from pynamodb.expressions.update import Action

from troupe.conversations.turn_states import RECEIVED
from troupe.pseudonym import pseudonym
from troupe.tables import Table, condition_failed


class Turn(Table):
    """Keyed by Telegram's own ids of a message, so that a redelivered update, an edit and a button find it."""

    class Meta:
        setting = "TURNS_TABLE"
        table_name = ""

    chat_id = NumberAttribute(hash_key=True)
    message_id = NumberAttribute(range_key=True)
    # The writer. In a private chat it is the chat's id too.
    person_id = NumberAttribute()
    # As Telegram describes them, for a first message without /start: the fields of `troupe.users.Person`.
    writer = JSONAttribute(null=True)
    update_id = NumberAttribute()
    thread_id = NumberAttribute(null=True)
    conversation_id = UnicodeAttribute(null=True)
    character_id = UnicodeAttribute(null=True)
    language = UnicodeAttribute(null=True)
    # The kind of message: text, voice, sticker, ...; or CONTINUE, for a turn without words; or COMMAND, an unknown one;
    # or DRAWING, for a picture: `text` says of what the person wants it, `answer` what it is once it is sent.
    kind = UnicodeAttribute(default="text")
    text = UnicodeAttribute(default="")
    # Words that the person did not write for this message: {"by", "text", "is_forward"}.
    quote = JSONAttribute(null=True)
    # Telegram's name for the album that the message is a part of.
    media_group_id = UnicodeAttribute(null=True)
    # The update that last changed the text before it was answered; and the last words of an edit that changed nothing.
    edited_by = NumberAttribute(null=True)
    edited_text = UnicodeAttribute(null=True)
    status = UnicodeAttribute(default=RECEIVED)
    # Telegram's own time of the message, in whole seconds; the rest of the times are milliseconds.
    sent_s = NumberAttribute()
    received_at = NumberAttribute()
    # The lease: its end in ms, and the name of the worker that holds it.
    leased_until = NumberAttribute(default=0)
    holder = UnicodeAttribute(null=True)
    # Since the last change of status. attempts: tries that failed. crashes: claims in a row that no worker ended.
    attempts = NumberAttribute(default=0)
    crashes = NumberAttribute(default=0)
    answer = UnicodeAttribute(null=True)
    answered_at = NumberAttribute(null=True)
    # The cost of the answer: model, tokens (input, cached, written, output), milliseconds (first_word_ms, total_ms).
    usage = JSONAttribute(null=True)
    # The earlier turns and facts that the prompt recalled: {"turns": message ids, "facts": ids}.
    recalled = JSONAttribute(null=True)
    # Telegram's ids of the messages that carry the answer and were sent so far.
    reply_ids = JSONAttribute(default=list)
    delivered_at = NumberAttribute(null=True)
    # The session that the turn belongs to: when its first message came in, and when the person was last reminded in it
    # that they talk with an AI. If that is the time of this turn, the reminder belongs to it: when it was sent.
    session_at = NumberAttribute(null=True)
    reminded_at = NumberAttribute(null=True)
    reminder_sent_at = NumberAttribute(null=True)
    # How grave the signs of self-harm were for which help lines were sent, from 1, and when; and those for which they
    # are to be sent.
    help_level = NumberAttribute(default=0)
    help_sent_at = NumberAttribute(null=True)
    help_wanted = NumberAttribute(default=0)
    failed_at = NumberAttribute(null=True)
    # When a limit held it back.
    held_at = NumberAttribute(null=True)
    # It is held, and moderation has not seen it: checks cost money with MODERATION=decisions.
    is_unchecked = BooleanAttribute(null=True)
    # The name of the failure or limit that ended the last attempt.
    failure = UnicodeAttribute(null=True)
    # alternatives: all answers so far, the shown one included, once there are two. replaced_ids: the messages that show
    # an earlier answer and will be edited into the next. asked_by: the update that last asked for another answer.
    alternatives = JSONAttribute(default=list)
    replaced_ids = JSONAttribute(default=list)
    asked_by = NumberAttribute(null=True)
    # How often the person pressed Retry, and when they did last.
    retries = NumberAttribute(default=0)
    retried_at = NumberAttribute(null=True)
    # A voice note, round video or audio file: {"file_id", "bytes", "seconds", "name"}. heard_at: since when `text` is
    # what was said in it.
    sound = JSONAttribute(null=True)
    heard_at = NumberAttribute(null=True)
    # Of a DRAWING: {"of": scene, portrait or words, "by": command, or button, whose message is not the person's own}.
    drawing = JSONAttribute(null=True)
    # The voice message that says the answer: {"id", "file_id", "seconds", "asked_by"}. `id` is Telegram's id of the
    # message, `asked_by` names the job that sent it. spoken_at: when it was sent.
    speech = JSONAttribute(null=True)
    spoken_at = NumberAttribute(null=True)
    # A photo, sticker or image file: {"file_id", "bytes", "emoji"}; without a file id, a sticker that moves. Its bytes
    # are never stored. seen: a description of it, and of the other pictures that were answered with it.
    picture = JSONAttribute(null=True)
    seen = UnicodeAttribute(null=True)
    # When they stopped the answer. Removed when they ask for one again.
    stopped_at = NumberAttribute(null=True)

    # Seconds since 1970, DynamoDB's TTL: the row may be deleted after that. Missing: the row stays.
    expires_at = NumberAttribute(null=True)

    # In memory only. unheld: no worker has held this turn yet. pending: update actions to include in its next write.
    unheld: bool = False
    pending: tuple[Action, ...] = ()

    @property
    def topic_id(self) -> int | None:
        """Telegram's message_thread_id, if the message was written in a topic of the chat."""
        return int(self.thread_id) if self.thread_id else None

    @property
    def said(self) -> str:
        """The person's words, and before them in brackets what their pictures showed, which is in nobody's words."""
        shown = f"[{self.content}: {self.seen}]" if self.seen else ""
        return "\n".join(filter(None, [shown, self.text]))

    @property
    def content(self) -> str:
        """The name of what was sent: photo, voice, sticker 😀, ..."""
        emoji = self.picture and self.picture["emoji"]
        return f"{str(self.kind).replace('_', ' ')} {emoji or ''}".strip()

    @property
    def log_name(self) -> str:
        """Names the turn in the logs without the person's id."""
        return f"{pseudonym(int(self.person_id))}:{int(self.message_id)}"

    @property
    def written_ids(self) -> list[int]:
        """The messages that show the answer in writing."""
        return [message_id for message_id in self.reply_ids if message_id not in self.spoken_ids]

    @property
    def spoken_ids(self) -> list[int]:
        """The message that says the answer aloud, if there is one."""
        return [self.speech["id"]] if self.speech else []

    @property
    def asked_for(self) -> str:
        """Names the answer that the person wants: of this message, of another answer to it, or of its Retry."""
        return f"{int(self.message_id)}:{int(self.asked_by or 0)}:{int(self.retries)}"

    def set_addressee(self, character_id: str, conversation_id: str) -> None:
        """Stored with the turn's next change."""
        self.character_id, self.conversation_id = character_id, conversation_id
        named = Turn.character_id.set(character_id), Turn.conversation_id.set(conversation_id)
        self.pending = (*self.pending, *named)

    @property
    def owes_reminder(self) -> bool:
        return self.reminded_at == self.received_at and not self.reminder_sent_at

    def set_session(self, started_at: int, reminded_at: int) -> None:
        """:param reminded_at: 0 for never. Stored with the turn's next change."""
        self.session_at, self.reminded_at = started_at, reminded_at
        self.pending = (*self.pending, Turn.session_at.set(started_at), Turn.reminded_at.set(reminded_at))

    @property
    def owes_help(self) -> bool:
        return bool(self.help_wanted > self.help_level)

    def want_help(self, level: int) -> None:
        """Help lines are to be sent before anything else is said about this turn. Stored with its next change."""
        self.help_wanted = level
        self.pending = (*self.pending, Turn.help_wanted.set(level))

    def set_language(self, language: str) -> None:
        """The language of the bot's own texts about this turn. Stored with the turn's next change."""
        self.language = language
        self.pending = (*self.pending, Turn.language.set(language))


def found_instead(error: PynamoDBException, turn: Turn) -> Turn | None:
    """The stored row, after a conditional write of `turn` was refused.

    :raises PynamoDBException: the write failed for another reason than its condition
    """
    if not condition_failed(error):
        raise error
    return Turn.find(int(turn.chat_id), int(turn.message_id))
