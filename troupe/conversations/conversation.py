"""The conversation of one person with one character: what it is called, and what is remembered of it."""

from typing import Self

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from troupe.tables import Table, condition_failed

MAX_FACTS = 20
MAX_FACT = 300


def conversation_id(chat_id: int, thread_id: int | None, character_id: str, generation: int = 0) -> str:
    """Coming back to a character goes on with the same conversation; a thread of the chat has its own.

    A restart raises the generation, and its undo lowers it again: nothing is lost either way.
    """
    return f"{chat_id}:{thread_id or 0}:{character_id}:{generation}"


class Conversation(Table):
    class Meta:
        setting = "CONVERSATIONS_TABLE"
        table_name = ""

    conversation_id = UnicodeAttribute(hash_key=True)
    # The greeting as it was sent, and the message that carries it: it opens the prompts of this conversation.
    greeting = UnicodeAttribute(default="")
    greeting_message_id = NumberAttribute(null=True)
    greeted_at = NumberAttribute(null=True)
    # The choice that was last greeted for: a job that comes twice greets once.
    greeted_for = UnicodeAttribute(null=True)
    # What the person asked to have remembered, word for word.
    facts = JSONAttribute(default=list)
    # What was said up to the turn with the message id `summarised_through`, in short.
    summary = UnicodeAttribute(null=True)
    summarised_through = NumberAttribute(default=0)

    @classmethod
    def of(cls, conversation_id: str) -> Self:
        """The row, or an empty one that is not stored yet."""
        return cls.find(conversation_id) or cls(conversation_id)

    def change_facts(self, facts: list[str]) -> bool:
        """False if they were changed by someone else in the meantime."""
        unchanged = Conversation.facts == self.facts
        if not self.facts:
            unchanged |= Conversation.facts.does_not_exist()
        return self._change([Conversation.facts.set(facts)], unchanged)

    def save_summary(self, summary: str | None, summarised_through: int) -> bool:
        """False if another summary was saved in the meantime."""
        unchanged = Conversation.summarised_through == self.summarised_through
        if not self.summarised_through:
            unchanged |= Conversation.summarised_through.does_not_exist()
        said = Conversation.summary.set(summary) if summary else Conversation.summary.remove()
        return self._change([said, Conversation.summarised_through.set(summarised_through)], unchanged)

    def _change(self, actions: list[Action], condition: Condition) -> bool:
        try:
            self.update(actions=actions, condition=condition)
        except UpdateError as error:
            if not condition_failed(error):
                raise
            return False
        return True
