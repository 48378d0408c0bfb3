"""What the character has before it when it answers: its card, what it remembers, what was said, and the message."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from functions.llm_reply.addressing import address, in_conversation
from functions.llm_reply.cards import card_of
from functions.llm_reply.failures import BLOCKED, GONE, NOBODY, Failure
from functions.llm_reply.history import Surroundings, cost, exchanges, tokens, window
from functions.llm_reply.prompt import NAMELESS, Exchange, Prompt, conversation, instructions, memory
from troupe import users
from troupe.conversations.model import Conversation
from troupe.conversations.turns import RECEIVED, Turn
from troupe.pseudonym import pseudonym
from troupe.telegram.texts import interface_language
from troupe.users import Person, User

# The window's share that sets off folding, and the share that stays word for word after it. In between a conversation
# grows at its end only, so that the provider's cache is hit.
FOLD_AT, KEEP = 0.75, 0.35


@dataclass(frozen=True)
class Known:
    """What is read before a turn is taken up: the turn among the others of its chat, and who wrote it."""

    around: Surroundings
    user: User


@dataclass(frozen=True)
class Recalled:
    prompt: Prompt
    talk: Conversation
    # The message with buttons before this answer: the answer before it, or the greeting.
    previous_message_id: int | None
    # The person has written more since, and is answered to all of it together.
    overtaken: bool
    # The turns since the summary have outgrown their share.
    should_fold: bool


async def read(chat_id: int, message_id: int, person: Person | None = None) -> Known:
    """:param person: who wrote, as far as the job tells; for who is new to us"""
    around, user = await asyncio.gather(
        asyncio.to_thread(Surroundings.of, chat_id, message_id), asyncio.to_thread(User.find, chat_id)
    )
    if user is None:
        # They write without a /start before it.
        user = await asyncio.to_thread(users.register, person) if person else User(chat_id)
    return Known(around, user)


def recall(turn: Turn, known: Known, most_tokens: int) -> Recalled | Failure:
    """Within so many tokens of memory and earlier turns. Reads tables: the caller keeps it off the event loop."""
    around, user = known.around, known.user
    addressed = address(turn, user)
    if user.blocked_at and user.blocked_at >= turn.received_at:
        return BLOCKED
    if user.blocked_at:
        # Whoever wrote after the bot was blocked has let it in again.
        users.mark_unblocked(int(turn.chat_id))
    if not addressed:
        return NOBODY
    card = card_of(turn.character_id)
    if card is None:
        return GONE
    talk = Conversation.of(turn.conversation_id)
    name = user.first_name or NAMELESS[interface_language(turn.language)]
    remembered = memory(card, name, talk.facts, talk.summary)
    budget = max(0, most_tokens - tokens(remembered))
    past = exchanges(around.earlier, turn.conversation_id, after=int(talk.covers), budget=budget)
    message = Exchange("" if turn.kind == "continue" else turn.text, "", int(turn.message_id))
    said = conversation(
        card,
        name,
        remembered=remembered,
        greeting="" if talk.covers else talk.greeting,
        past=window(past, budget),
        message=message,
    )
    person = pseudonym(int(turn.chat_id))
    return Recalled(
        Prompt(instructions(card, name), said, cache_key=f"{person}:{turn.character_id}", person=person),
        talk,
        _with_buttons(past, talk),
        overtaken=_is_overtaken(turn, user, around.later),
        should_fold=sum(map(cost, past)) > FOLD_AT * budget,
    )


def _is_overtaken(turn: Turn, user: User, later: Sequence[Turn]) -> bool:
    """Whether words were written after it, in the same conversation, that wait for an answer too.

    Never for what was asked for again: there the person waits for this very answer.
    """
    if turn.kind != "text" or turn.asked_by or turn.retries:
        return False
    waiting = [other for other in later if other.status == RECEIVED and other.kind == "text"]
    return any(in_conversation(other, user, turn.conversation_id) for other in waiting)


def _with_buttons(past: Sequence[Exchange], known: Conversation) -> int | None:
    answered = next((turn.reply_ids[-1] for turn in reversed(past) if turn.reply_ids), None)
    return answered or (int(known.greeting_message_id) if known.greeting_message_id else None)
