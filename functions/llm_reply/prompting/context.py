"""What the character has before it when it answers: its card, what it remembers, what was said, and the message."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from functions.llm_reply.failures import BLOCKED, GONE, NOBODY, Failure
from functions.llm_reply.prompting.addressee import in_conversation, note_addressee
from functions.llm_reply.prompting.cards import card_for
from functions.llm_reply.prompting.history import Neighbours, cost, exchanges, tokens, window
from functions.llm_reply.prompting.prompt import Exchange, Prompt, conversation, instructions, memory
from troupe import users
from troupe.conversations.conversation import Conversation
from troupe.conversations.turn import RECEIVED, Turn
from troupe.pseudonym import pseudonym
from troupe.telegram.texts import texts
from troupe.users import Person, User

# The window's share that sets off folding, and the share that stays word for word after it. In between a conversation
# grows at its end only, so that the provider's cache is hit.
FOLD_AT, KEEP = 0.75, 0.35


@dataclass(frozen=True)
class ChatSnapshot:
    """What is read before a turn is taken up: the turn among the others of its chat, and who wrote it."""

    neighbours: Neighbours
    user: User


@dataclass(frozen=True)
class PromptContext:
    prompt: Prompt
    talk: Conversation
    # The message with buttons before this answer: the answer before it, or the greeting.
    previous_message_id: int | None
    # The person has written more since, and is answered to all of it together.
    overtaken: bool
    # The turns since the summary have outgrown their share.
    should_fold: bool


async def read(person_id: int, chat_id: int, message_id: int, person: Person | None = None) -> ChatSnapshot:
    """One query and one read, side by side.

    :param person: the writer as Telegram describes them: registers a person without a row
    """
    neighbours, user = await asyncio.gather(
        asyncio.to_thread(Neighbours.of, chat_id, message_id), asyncio.to_thread(User.find, person_id)
    )
    if user is None:
        # They write without a /start before it.
        user = await asyncio.to_thread(users.register, person) if person else User(person_id)
    return ChatSnapshot(neighbours, user)


def build_context(turn: Turn, known: ChatSnapshot, most_tokens: int) -> PromptContext | Failure:
    """Within so many tokens of memory and earlier turns. Reads tables: the caller keeps it off the event loop."""
    neighbours, user = known.neighbours, known.user
    addressed = note_addressee(turn, user)
    if user.blocked_at and user.blocked_at >= turn.received_at:
        return BLOCKED
    if user.blocked_at:
        # Whoever wrote after the bot was blocked has let it in again.
        users.mark_unblocked(int(turn.person_id))
    if not addressed:
        return NOBODY
    card = card_for(int(turn.person_id), turn.character_id)
    if card is None:
        return GONE
    talk = Conversation.of(int(turn.person_id), turn.conversation_id)
    name = user.first_name or texts(turn.language).nameless
    remembered = memory(card, name, talk.facts, talk.summary)
    budget = max(0, most_tokens - tokens(remembered))
    past = exchanges(neighbours.earlier, turn.conversation_id, after=int(talk.summarised_through), budget=budget)
    message = Exchange("" if turn.kind == "continue" else turn.text, "", int(turn.message_id))
    said = conversation(
        card,
        name,
        remembered=remembered,
        greeting="" if talk.summarised_through else talk.greeting,
        past=window(past, budget),
        message=message,
    )
    person = pseudonym(int(turn.person_id))
    return PromptContext(
        Prompt(instructions(card, name), said, cache_key=f"{person}:{turn.character_id}", person=person),
        talk,
        _with_buttons(past, talk),
        overtaken=_is_overtaken(turn, user, neighbours.later),
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
