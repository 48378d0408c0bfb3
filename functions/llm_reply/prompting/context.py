"""Builds the prompt of an answer: the card, the memory, the earlier turns, and the message."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from functions.llm_reply import settings
from functions.llm_reply.failures import BLOCKED, GONE, NOBODY, Failure
from functions.llm_reply.prompting.addressee import in_conversation, note_addressee
from functions.llm_reply.prompting.assembly import Situation, assemble
from functions.llm_reply.prompting.attached import with_pictures, without_pictures
from functions.llm_reply.prompting.cards import card_for, lore_of
from functions.llm_reply.prompting.history import FOLD_AT, PAGE, Neighbours, cost, exchanges, window
from functions.llm_reply.prompting.learned import always_known, learned_section
from functions.llm_reply.prompting.prompt import Exchange, Prompt, Speakers, memory
from functions.llm_reply.prompting.recalled import Occasion, Recalled, query_for, recall
from functions.llm_reply.prompting.said import words_of
from functions.llm_reply.prompting.stored_memory import StoredMemory
from functions.llm_reply.prompting.time_line import should_ask, time_line
from troupe import tables, users
from troupe.characters.card import Card
from troupe.conversations import turn_reads
from troupe.conversations.conversation import Conversation
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import RECEIVED, SILENT
from troupe.memories.segments import Manifest
from troupe.spending import ledger
from troupe.spending.days import PersonDay
from troupe.tables import Table
from troupe.telegram.texts import interface_language, texts
from troupe.tokens import tokens
from troupe.users import Person, User


@dataclass(frozen=True)
class ChatSnapshot:
    """The rows read before a turn is taken up: the turn with its neighbours, and its writer."""

    neighbours: Neighbours
    user: User
    # The writer's spending of today; None if nothing is booked yet.
    day: PersonDay | None = None
    # The conversation of the turn, or of the one before it. None if that is not known, or if it was read too long ago.
    conversation: Conversation | None = None
    # Pictures that the model sees with the message, as data URLs; and why it can't see some of them.
    pictures: tuple[str, ...] = ()
    unseen: str | None = None


@dataclass(frozen=True)
class PromptContext:
    prompt: Prompt
    conversation: Conversation
    # The message that carries the buttons until this answer is sent: the last answer, or the greeting.
    previous_message_id: int | None
    # The turns since the summary have reached FOLD_AT.
    should_fold: bool
    # The earlier turns that recall found for this message.
    recalled: Recalled
    # The person came back on another day, and their time zone is not known.
    should_ask_time_zone: bool
    # The names of entries of the card's book that were woken for the first time, and act in another way from now on.
    woken: frozenset[str] = frozenset()
    # Why the model has not seen all pictures of the message.
    unseen: str | None = None
    # Nothing was said in the conversation before this turn.
    is_first: bool = False


async def read(person_id: int, chat_id: int, message_id: int) -> ChatSnapshot:
    """One query, and one request for the rows. Registers a person without a row."""
    known = await asyncio.to_thread(_read, person_id, chat_id, message_id)
    neighbours, user = known.neighbours, known.user
    if not user.registered_at:
        # A stored turn shows that they write without /start before it; without one, they may have been erased since.
        # Nothing is stored of people who may not come in.
        writer = neighbours.turn.writer if neighbours.turn and settings.policy.admits(person_id, user) else None
        user = await asyncio.to_thread(users.register, Person(**writer)) if writer else user
    return replace(known, user=user)


def _read(person_id: int, chat_id: int, message_id: int) -> ChatSnapshot:
    neighbours = Neighbours.of(chat_id, message_id)
    wanted: list[tuple[type[Table], tuple[str | int, ...]]] = [
        (User, (person_id,)),
        (PersonDay, ledger.key_today(person_id)),
    ]
    # Most people go on with the conversation of their last message.
    conversation_id = next(
        (turn.conversation_id for turn in (neighbours.turn, *neighbours.recent) if turn and turn.conversation_id), None
    )
    if conversation_id:
        wanted.append((Conversation, (person_id, conversation_id)))
    user, day, *conversations = tables.read_together(*wanted)
    conversation = (conversations[0] or Conversation(person_id, conversation_id)) if conversations else None
    return ChatSnapshot(neighbours, user or User(person_id), day, conversation)


def build_context(
    turn: Turn, known: ChatSnapshot, max_tokens: int, recall_tokens: int, vector: bytes = b""
) -> PromptContext | Failure:
    """Reads tables: call it on a thread.

    :param max_tokens: of memory and earlier turns together
    :param recall_tokens: of them, at most, for earlier turns that bear on the message
    :param vector: of the message, if there is a model for vectors
    """
    neighbours, user = known.neighbours, known.user
    card = _card(turn, user)
    if isinstance(card, Failure):
        return card
    conversation = known.conversation
    if conversation is None or conversation.conversation_id != turn.conversation_id:
        conversation = Conversation.of(int(turn.person_id), turn.conversation_id)
    name = user.first_name or texts(turn.language).nameless
    speakers = Speakers(card.char_name(interface_language(turn.language)), name)
    pinned = memory(conversation.facts, conversation.summary)
    since, this = conversation.unsummarised_after, int(turn.message_id)
    earlier = turn_reads.across_import(neighbours.earlier, conversation, PAGE, before=this)
    past = exchanges(
        earlier, turn.conversation_id, before=this, after=since, budget=max(0, max_tokens - tokens(pinned))
    )
    message = Exchange(words_of(turn), "", this)
    query = query_for(message.text, f"{past[-1].text}\n{past[-1].answer}" if past else "", speakers)
    stored = StoredMemory.read(conversation, query, shares=bool(user.shares_memory))
    always = always_known(stored.facts)
    remembered = "\n\n".join(filter(None, (pinned, learned_section(always))))
    budget = max(0, max_tokens - tokens(remembered))
    lore, repeated = lore_of(turn.character_id), window(past, budget)
    occasion = Occasion(
        query,
        stored.parts,
        shown_from=repeated[0].message_id if repeated else this,
        budget=min(recall_tokens, budget - sum(map(cost, repeated))),
        speakers=speakers,
        facts=[fact for fact in stored.facts if fact not in always],
        repeated=[text for past_turn in repeated for text in (past_turn.text, past_turn.answer)],
        vector=vector,
    )
    recalled = recall(turn, conversation, occasion)
    situation = Situation(turn, name, card, lore, conversation, remembered, repeated, message)
    before_ms = past[-1].at_ms if past else None
    time = time_line(user, int(turn.received_at), before_ms)
    prompt, woken = assemble(situation, [text for text in (recalled.text, time) if text])
    return PromptContext(
        with_pictures(prompt, known.pictures) if known.pictures or not known.unseen else without_pictures(prompt),
        conversation,
        with_buttons(past, conversation),
        should_fold=sum(map(cost, past)) > FOLD_AT * budget or _is_unindexed(conversation),
        recalled=recalled,
        should_ask_time_zone=should_ask(user, before_ms),
        woken=woken - conversation.woken.keys(),
        is_first=not (past or conversation.summarised_through) and this < (conversation.first_turn_id or this + 1),
    )


def _card(turn: Turn, user: User) -> Card | Failure:
    """The card of the character that the message was written to, or why nobody answers it."""
    addressed = note_addressee(turn, user)
    if user.blocked_at and user.blocked_at >= turn.received_at:
        return BLOCKED
    if user.blocked_at:
        # They wrote after they blocked the bot, so they have unblocked it.
        users.mark_unblocked(int(turn.person_id))
    if not addressed:
        return NOBODY
    return card_for(int(turn.person_id), turn.character_id) or GONE


def _is_unindexed(conversation: Conversation) -> bool:
    """True if turns have left the prompt that are not in the index: the conversation is older than the index."""
    return Manifest.of(conversation.index).through < conversation.summarised_through


def is_overtaken(turn: Turn, user: User, later: Sequence[Turn]) -> bool:
    """True if a later message of the same conversation waits for an answer too: that answers both.

    Never for a turn that the person asked for again: they wait for this answer.
    """
    if turn.kind in SILENT or turn.asked_by or turn.retries:
        return False
    waiting = [other for other in later if other.status == RECEIVED and other.kind not in SILENT]
    return any(in_conversation(other, user, turn.conversation_id) for other in waiting)


def with_buttons(past: Sequence[Exchange], known: Conversation) -> int | None:
    """The message that carries the buttons: the last answer, or the greeting."""
    answered = next((turn.reply_ids[-1] for turn in reversed(past) if turn.reply_ids), None)
    return answered or (int(known.greeting_message_id) if known.greeting_message_id else None)
