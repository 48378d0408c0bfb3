"""Puts a prompt together: the speakers, the memory, the entries of the card's book, and the messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from functions.llm_reply.prompting.author_lines import depth_prompt
from functions.llm_reply.prompting.book.lines import Lore, Passages
from functions.llm_reply.prompting.book.waking import Scene, heard
from functions.llm_reply.prompting.prompt import Exchange, Prompt, Speakers, conversation, instructions
from troupe.characters.card import Card
from troupe.characters.macros import Macros
from troupe.conversations import turn_reads
from troupe.conversations.conversation import Conversation
from troupe.conversations.turn import Turn
from troupe.pseudonym import pseudonym
from troupe.telegram.texts import interface_language


@dataclass(frozen=True)
class Situation:
    """A turn, with the parts of its prompt.

    :param name: the person's
    :param past: the earlier turns that the prompt has room for
    """

    turn: Turn
    name: str
    card: Card
    lore: Lore
    conversation: Conversation
    remembered: str
    past: Sequence[Exchange]
    message: Exchange

    @property
    def language(self) -> str:
        return interface_language(self.turn.language)

    @property
    def greeting(self) -> str:
        row = self.conversation
        return str(row.greeting) if row.summarised_through == row.begins_after else ""

    @property
    def macros(self) -> Macros:
        """The macros of this turn. Their dice are new for each answer to a message, and the same for a retry."""
        seed = f"{self.turn.log_name}:{len(self.turn.alternatives)}"
        char = self.card.char_name(self.language)
        return Macros(char, self.name, Random(seed), str(self.turn.conversation_id))  # noqa: S311 - variety, not secrecy


def assemble(at: Situation, before_message: Sequence[str] = ()) -> tuple[Prompt, frozenset[str]]:
    """The prompt, and the names of the book's entries in it that are to be remembered. May read the turns' table.

    :param before_message: what stands right before the message, marked as data already
    """
    data, macros = at.card.data_in(at.language), at.macros
    passages = at.lore.at(_scene(at), macros) if at.lore.rules else Passages()
    lines = conversation(
        data,
        macros,
        remembered=at.remembered,
        greeting=at.greeting,
        past=at.past,
        message=at.message,
        before_message=[*before_message, *passages.woken()],
        at_depth=[*depth_prompt(data, macros), *passages.at_depth()],
    )
    person = pseudonym(int(at.turn.person_id))
    prompt = Prompt(
        instructions(data, macros, passages.steady("before"), passages.steady("after")),
        lines,
        cache_key=f"{person}:{at.turn.character_id}",
        person=person,
        speakers=Speakers(macros.char, at.name),
    )
    return prompt, passages.to_remember()


def _scene(at: Situation) -> Scene:
    messages, turns = heard(at.greeting, [*at.past, at.message])
    this = int(at.turn.message_id)
    return Scene(
        messages=messages,
        turns=turns,
        replies=_replies(at) if at.lore.counts_replies else 0,
        greeting=int(at.conversation.greeting_index),
        woken=frozenset(name for name, woken_at in at.conversation.woken.items() if woken_at < this),
        seed=str(at.turn.log_name),
    )


def _replies(at: Situation) -> int:
    turn = at.turn
    answered = turn_reads.count_answered(int(turn.chat_id), str(turn.conversation_id), before=int(turn.message_id))
    return answered + bool(at.conversation.greeting)
