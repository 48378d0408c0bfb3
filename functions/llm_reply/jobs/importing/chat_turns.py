"""The turns of a brought chat are checked, stored and indexed piece by piece, then its summary is begun.

The index says how far an import is: a job that comes again goes on with the next piece.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise

from functions.llm_reply import settings
from functions.llm_reply.jobs.importing.chat_partners import names_of
from functions.llm_reply.jobs.remembering.catching_up import beginning, queue_step
from functions.llm_reply.queue_work.batch import PostponedError, Task
from functions.llm_reply.safety.card_check import are_within_rules
from functions.llm_reply.safety.moderation import Moderation
from troupe import user_marks
from troupe.brought_chats import place, shelf
from troupe.brought_chats.chat import BroughtChat, ChatTurn
from troupe.clock import now_ms
from troupe.conversations.conversation import Conversation
from troupe.conversations.jobs.brought_chats import ImportChatJob
from troupe.conversations.jobs.remembering import SummarizeJob
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import CONTINUE, DELIVERED, JOINED
from troupe.memories import index_store
from troupe.memories.index_store import IndexChangedError
from troupe.memories.segments import Manifest
from troupe.observability import count
from troupe.retention import expires_at, lasting
from troupe.spending.ledger import Spender
from troupe.spending.limits import LimitReachedError
from troupe.users import User

# Seconds that a piece may take: two rounds of moderation at their slowest, then some for storing and indexing it.
PIECE_S = 25


class ChatRefusedError(Exception):
    """`reason` is the name of a text among `card_texts.refusals`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class _Import:
    """`own`: the place of the character among the chat's names. `sizes`: the turns in each piece."""

    job: ImportChatJob
    conversation: Conversation
    chat: BroughtChat
    sizes: list[int]
    own: int

    @property
    def ids(self) -> range:
        first = int(self.conversation.begins_after) + 1
        return range(first, first + self.chat.turns)

    @property
    def left(self) -> Iterator[tuple[int, range]]:
        """The numbers of the pieces that are not stored yet, with their turns' ids."""
        through = Manifest.of(self.conversation.index).through
        starts = [0, *accumulate(self.sizes)]
        for number, (start, end) in enumerate(pairwise(starts)):
            ids = self.ids[start:end]
            if ids[-1] > through:
                yield number, ids


async def bring_in(job: ImportChatJob, conversation: Conversation, task: Task, moderation: Moderation) -> None:
    """:raises ChatRefusedError: it is gone, or against the rules; then nothing of it is left"""
    found = await asyncio.to_thread(shelf.find, job.person_id, job.digest)
    if found is None:
        raise ChatRefusedError("chat_gone")
    chat, sizes = found
    names = await asyncio.to_thread(names_of, job.character_id)
    own = next((number for number, name in enumerate(chat.names) if name.casefold() in names), 0)
    doing = _Import(job, conversation, chat, sizes, own)
    opening = ChatTurn(0, "", chat.opening).answer(chat.names, own)
    await _check(doing, [opening], moderation)
    for number, ids in doing.left:
        if task.left_s() < PIECE_S:
            raise PostponedError(0)
        piece = await asyncio.to_thread(shelf.piece, job.person_id, job.digest, number)
        if piece is None:
            raise ChatRefusedError("chat_gone")
        rows = [_row(doing, message_id, turn) for message_id, turn in zip(ids, piece, strict=True)]
        await _check(doing, [text for row in rows for text in (row.text, row.answer or "")], moderation)
        await asyncio.to_thread(_store, doing, rows)
    await asyncio.to_thread(_finish, doing, opening)


async def _check(doing: _Import, texts: list[str], moderation: Moderation) -> None:
    """:raises ChatRefusedError: against the rules, or not checked because a limit of money is reached"""
    user = await asyncio.to_thread(User.find, doing.job.person_id)
    try:
        is_fine = await are_within_rules(texts, Spender(doing.job.person_id, settings.limits.of(user)), moderation)
        reason = "" if is_fine else "chat_against_rules"
    except LimitReachedError:
        reason = "chat_at_limit"
    if reason:
        await asyncio.to_thread(place.give_back, doing.conversation, doing.job.chat_id, doing.ids)
        await asyncio.to_thread(shelf.drop, doing.job.person_id, doing.job.digest)
        raise ChatRefusedError(reason)


def _row(doing: _Import, message_id: int, turn: ChatTurn) -> Turn:
    job, answer = doing.job, turn.answer(doing.chat.names, doing.own)
    return Turn(
        job.chat_id,
        message_id,
        person_id=job.person_id,
        update_id=0,
        thread_id=job.thread_id,
        conversation_id=doing.conversation.conversation_id,
        character_id=job.character_id,
        language=job.language,
        kind="text" if turn.text else CONTINUE,
        text=turn.text,
        # A message without an answer was answered together with the message after it.
        status=DELIVERED if answer else JOINED,
        answer=answer or None,
        answered_at=turn.answered_at or None,
        sent_s=turn.sent_at // 1000,
        received_at=turn.sent_at,
        # Kept as long as messages of today: by its own dates an old chat would be deleted at once.
        expires_at=expires_at(now_ms()),
    )


def _store(doing: _Import, rows: list[Turn]) -> None:
    """:raises PostponedError: another worker has changed the index"""
    with Turn.batch_write() as batch:
        for row in rows:
            batch.save(row)
    try:
        index_store.add(doing.conversation, rows)
    except IndexChangedError as error:
        raise PostponedError(1) from error
    count("TurnsImported", len(rows))


def _finish(doing: _Import, opening: str) -> None:
    job, conversation, ids = doing.job, doing.conversation, doing.ids
    since = beginning(job.chat_id, ids) if ids else int(conversation.begins_after)
    conversation.update(
        actions=[
            Conversation.greeting.set(opening),
            Conversation.greeted_at.set(now_ms()),
            Conversation.summarised_through.set(since),
            lasting(Conversation.expires_at, now_ms()),
        ]
    )
    user_marks.mark_imported(job.person_id)
    count("ChatsImported")
    if ids:
        summary = SummarizeJob(
            person_id=job.person_id,
            chat_id=job.chat_id,
            conversation_id=conversation.conversation_id,
            character_id=job.character_id,
            through_id=ids[-1],
            until_id=ids[-1],
            summarised_through=since,
            correlation_id=f"import-{job.digest}",
        )
        queue_step(summary)
    shelf.drop(job.person_id, job.digest)
