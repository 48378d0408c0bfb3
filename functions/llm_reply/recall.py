"""What the character has before it when it answers: its card, what it remembers, what was said, and the message."""

from collections.abc import Sequence
from dataclasses import dataclass

from functions.llm_reply.cards import card_of
from functions.llm_reply.failures import BLOCKED, GONE, Failure
from functions.llm_reply.history import cost, exchanges, tokens, window
from functions.llm_reply.prompt import NAMELESS, Exchange, Prompt, conversation, instructions, memory
from troupe.conversations import turns
from troupe.conversations.model import Conversation
from troupe.conversations.turns import Turn
from troupe.pseudonym import pseudonym
from troupe.telegram.texts import interface_language
from troupe.users import User

# The window's share that sets off folding, and the share that stays word for word after it. In between a conversation
# grows at its end only, so that the provider's cache is hit.
FOLD_AT, KEEP = 0.75, 0.35


@dataclass(frozen=True)
class Recalled:
    prompt: Prompt
    known: Conversation
    # The message with buttons before this answer: the answer before it, or the greeting.
    previous_message_id: int | None
    # The person has written more since, and is answered to all of it together.
    overtaken: bool
    # The turns since the summary have outgrown their share.
    should_fold: bool


def recall(turn: Turn, most_tokens: int) -> Recalled | Failure:
    """Within so many tokens of memory and earlier turns. Reads tables: the caller keeps it off the event loop."""
    chat_id = int(turn.chat_id)
    user = User.find(chat_id)
    # Whoever wrote after the bot was blocked has let it in again.
    if user and user.blocked_at and user.blocked_at >= turn.received_at:
        return BLOCKED
    card = card_of(turn.character_id)
    if card is None:
        return GONE
    known = Conversation.of(turn.conversation_id)
    name = (user.first_name if user else "") or NAMELESS[interface_language(turn.language)]
    remembered = memory(card, name, known.facts, known.summary)
    budget = max(0, most_tokens - tokens(remembered))
    before, after = int(turn.message_id), int(known.covers)
    past = exchanges(chat_id, turn.conversation_id, after=after, before=before, budget=budget)
    message = Exchange("" if turn.kind == "continue" else turn.text, "", before)
    said = conversation(
        card,
        name,
        remembered=remembered,
        greeting="" if known.covers else known.greeting,
        past=window(past, budget),
        message=message,
    )
    person = pseudonym(chat_id)
    return Recalled(
        Prompt(instructions(card, name), said, cache_key=f"{person}:{turn.character_id}", person=person),
        known,
        _with_buttons(past, known),
        overtaken=turns.is_overtaken(turn),
        should_fold=sum(map(cost, past)) > FOLD_AT * budget,
    )


def _with_buttons(past: Sequence[Exchange], known: Conversation) -> int | None:
    answered = next((turn.reply_ids[-1] for turn in reversed(past) if turn.reply_ids), None)
    return answered or (int(known.greeting_message_id) if known.greeting_message_id else None)
