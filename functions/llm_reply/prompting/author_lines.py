"""Lines that a card's author puts between the messages of the conversation."""

from functions.llm_reply.prompting import house
from functions.llm_reply.prompting.data_marks import as_data, without_marks
from functions.llm_reply.prompting.prompt import AtDepth, ChatMessage
from troupe.characters.card import CardData
from troupe.characters.decorators import ROLES
from troupe.characters.leniency import number, record, text
from troupe.characters.macros import Macros

# The depth in messages if the card names none.
DEPTH = 4


def said_as(role: str, title: str, kind: str, words: str) -> ChatMessage:
    """A line in the system's role is marked as data; one in a speaker's role is a message of theirs."""
    if role == ROLES[0]:
        return ChatMessage("developer", f"{title}\n{as_data(kind, words)}")
    return ChatMessage(role, without_marks(words))


def depth_prompt(data: CardData, macros: Macros) -> list[AtDepth]:
    """SillyTavern's extension of the card, {"prompt", "depth", "role"}. No standard has it; many cards do."""
    written = record((data.extensions.model_extra or {}).get("depth_prompt"))
    words = macros.fill(text(written.get("prompt")))
    if not words.strip():
        return []
    depth, role = number(written.get("depth")), text(written.get("role"))
    line = said_as(role if role in ROLES else ROLES[0], house.REMINDER, "reminder", words)
    return [AtDepth(DEPTH if depth is None else int(depth), line)]
