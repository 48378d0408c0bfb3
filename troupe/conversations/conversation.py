"""The conversation of one person with one character: its id, its greeting, and its memory."""

from collections.abc import Iterable, Sequence
from typing import Any, Self

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from troupe.clock import now_ms
from troupe.retention import lasting
from troupe.tables import Table, condition_failed

MAX_FACTS = 20
# Characters of one fact.
MAX_FACT = 300


def conversation_id(chat_id: int, thread_id: int | None, character_id: str, generation: int = 0) -> str:
    """Choosing a character again goes on with the same conversation. Each topic of a chat has its own.

    A restart raises the generation and its undo lowers it, so that both conversations stay stored.
    """
    return f"{chat_id}:{thread_id or 0}:{character_id}:{generation}"


class Conversation(Table):
    """Keyed by the person first, so that one query lists all of a person's conversations."""

    class Meta:
        setting = "CONVERSATIONS_TABLE"
        table_name = ""

    person_id = NumberAttribute(hash_key=True)
    conversation_id = UnicodeAttribute(range_key=True)
    # The greeting as it was sent, and the message that carries its end: it opens the prompts of this conversation.
    greeting = UnicodeAttribute(default="")
    # 0 is the card's first greeting.
    greeting_index = NumberAttribute(default=0)
    greeting_message_id = NumberAttribute(null=True)
    # The messages before that one, if the greeting has several parts.
    greeting_part_ids = JSONAttribute(default=list)
    # The voice message that says it, as `Turn.speech`.
    greeting_speech = JSONAttribute(null=True)
    greeted_at = NumberAttribute(null=True)
    # The correlation id of the greeting's job: a job that comes twice greets once.
    greeted_for = UnicodeAttribute(null=True)
    # The model of the last answer.
    model = UnicodeAttribute(null=True)
    # When they were told that its model can't see pictures.
    told_blind_at = NumberAttribute(null=True)
    # The person asked to have these remembered, word for word.
    facts = JSONAttribute(default=list)
    # A short account of the turns up to the message id `summarised_through`.
    summary = UnicodeAttribute(null=True)
    summarised_through = NumberAttribute(default=0)
    # The entries of the card's book whose behaviour depends on an earlier waking: their names, and the message of it.
    woken = JSONAttribute(default=dict)
    # The id before the first turn. Below 0 in a conversation that began in another program, and then `imported` says
    # {"digest": of the chat's file, "through": its last turn, "asked_by": the message whose button asked for it,
    # "instead_of": the generation before, or null} (docs/decisions/0023-imported-turns-below-zero.md).
    begins_after = NumberAttribute(default=0)
    imported = JSONAttribute(null=True)
    # The message id of the first turn, once that is answered: nothing before it need be read.
    first_turn_id = NumberAttribute(null=True)
    # The segments of the index of all turns, and the last turn that they cover: troupe/memories/segments.py.
    index = JSONAttribute(null=True)
    # The model that the turns' vectors are of, and how many turns have one: troupe/memories/vector_store.py.
    vectors = JSONAttribute(null=True)
    # Seconds since 1970, DynamoDB's TTL: the row may be deleted after that. Missing: the row stays.
    expires_at = NumberAttribute(null=True)

    @classmethod
    def of(cls, person_id: int, conversation_id: str) -> Self:
        """The row, or an empty one that is not stored yet."""
        return cls.find(person_id, conversation_id) or cls(person_id, conversation_id)

    @property
    def unsummarised_after(self) -> int:
        """A prompt repeats only turns with higher message ids: the summary covers the earlier ones."""
        through = int(self.summarised_through)
        return max(through, int(self.first_turn_id) - 1) if self.first_turn_id else through

    def note_answer(self, model: str, first_turn_id: int | None) -> None:
        """:param first_turn_id: of the conversation, if the answer is to that turn"""
        first = [Conversation.first_turn_id.set(first_turn_id)] if first_turn_id else []
        self.update(actions=[Conversation.model.set(model), *first])

    def note_told_blind(self) -> bool:
        """False if they were told before."""
        told = Conversation.told_blind_at
        return self._change([told.set(now_ms())], told.does_not_exist())

    def change_facts(self, facts: list[str]) -> bool:
        """False if another writer changed them since this row was read."""
        unchanged = Conversation.facts == self.facts
        if not self.facts:
            unchanged |= Conversation.facts.does_not_exist()
        return self._change([Conversation.facts.set(facts)], unchanged)

    def save_summary(self, summary: str | None, through_id: int) -> bool:
        """False if another summary was saved since this row was read."""
        unchanged = Conversation.summarised_through == self.summarised_through
        if not self.summarised_through:
            unchanged |= Conversation.summarised_through.does_not_exist()
        text = Conversation.summary.set(summary) if summary else Conversation.summary.remove()
        return self._change([text, Conversation.summarised_through.set(through_id)], unchanged)

    def show_greeting(self, greeting: str, index: int, shown: Sequence[int]) -> None:
        """:param shown: the messages that carry it"""
        *parts, last = shown
        self.update(
            actions=[
                Conversation.greeting.set(greeting),
                Conversation.greeting_index.set(index),
                Conversation.greeting_part_ids.set(parts),
                Conversation.greeting_message_id.set(last),
                Conversation.greeting_speech.remove(),
            ]
        )

    def record_greeting_speech(self, greeting: str, speech: dict[str, Any]) -> bool:
        """The greeting was said in a voice message. False if another one is shown by now."""
        return self._change([Conversation.greeting_speech.set(speech)], Conversation.greeting == greeting)

    def remember_woken(self, names: Iterable[str], message_id: int) -> None:
        """An entry that was woken before keeps the message that woke it first."""
        woken: dict[str, int] = self.woken
        self.update(actions=[Conversation.woken.set(dict.fromkeys(names, message_id) | woken)])

    def forget_summary(self) -> None:
        """Deletes the summary. The next answers make a new one of the turns that are left."""
        self.update(actions=[Conversation.summary.remove(), Conversation.summarised_through.set(self.begins_after)])

    def forget_all(self, index: dict[str, Any]) -> None:
        """:param index: an empty one that goes as far as the turns that were forgotten"""
        self.update(
            actions=[
                Conversation.summary.remove(),
                Conversation.summarised_through.set(index["through"]),
                Conversation.facts.set([]),
                Conversation.index.set(index),
                Conversation.vectors.remove(),
            ]
        )

    def save_index(self, index: dict[str, Any]) -> bool:
        """False if another index was saved since this row was read."""
        unchanged = Conversation.index == self.index if self.index else Conversation.index.does_not_exist()
        return self._change([Conversation.index.set(index)], unchanged)

    def _change(self, actions: list[Action], condition: Condition) -> bool:
        try:
            self.update(actions=[*actions, lasting(Conversation.expires_at, now_ms())], condition=condition)
        except UpdateError as error:
            if not condition_failed(error):
                raise
            return False
        return True
