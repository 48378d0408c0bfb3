"""Queries of a chat's turns, each with the attributes that it needs."""

from collections.abc import Iterable, Iterator, Sequence

from troupe.conversations.conversation import Conversation
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import ANSWERED, DELIVERED, WITHDRAWN

# Only the analytics function, from the table's stream, and the page "why" read these attributes.
NOT_FOR_PROMPTS = {"recalled", "usage", "answered_at", "delivered_at", "failed_at", "held_at", "spoken_at"}
# The attributes that `Turn.said` and the answer need, with the key.
SAID = ("chat_id", "message_id", "kind", "text", "picture", "seen", "answer")


# After SMALL_PAGES pages the turns that a caller looks for lie far back. From then on a page has LARGE_PAGE turns,
# because each request takes longer than the reading of its turns.
SMALL_PAGES, LARGE_PAGE = 4, 250


def newest_first(chat_id: int, page: int, before: int | None = None) -> Iterator[Turn]:
    """The chat's turns, or those before a message, without NOT_FOR_PROMPTS, at first `page` turns in a request."""
    turn, read = None, 0
    for turn in _newest_first(chat_id, page, before, SMALL_PAGES * page):
        yield turn
        read += 1
    if turn is not None and read == SMALL_PAGES * page:
        yield from _newest_first(chat_id, max(page, LARGE_PAGE), int(turn.message_id), None)


def _newest_first(chat_id: int, page: int, before: int | None, most: int | None) -> Iterable[Turn]:
    return Turn.query(
        chat_id,
        None if before is None else Turn.message_id < before,
        attributes_to_get=[name for name in Turn.get_attributes() if name not in NOT_FOR_PROMPTS],
        scan_index_forward=False,
        page_size=page,
        limit=most,
        # The answer before this one may have been saved milliseconds ago.
        consistent_read=True,
    )


def across_import(earlier: Iterable[Turn], conversation: Conversation, page: int, *, before: int) -> Iterator[Turn]:
    """The turns as they come, without those of other conversations between an imported chat and its import.

    :param earlier: the chat's turns before the message `before`, newest first
    """
    gap = conversation.imported
    for turn in earlier:
        # A new bot on the same tables begins with low ids again: then no id says what came before the import.
        if gap and gap["asked_by"] < before and turn.message_id <= gap["asked_by"]:
            yield from newest_first(int(turn.chat_id), page, before=gap["through"] + 1)
            return
        yield turn


def oldest_first(chat_id: int, page: int, *, after: int) -> Iterator[Turn]:
    """The chat's turns after a message, with what was said in them, `page` turns in a request."""
    names = [*SAID, "conversation_id", "status", "received_at"]
    return iter(Turn.query(chat_id, Turn.message_id > after, attributes_to_get=names, page_size=page))


def count_answered(chat_id: int, conversation_id: str, *, before: int) -> int:
    """The conversation's answers before a message. Reads the chat's index, so ask only where the number matters."""
    answered = (Turn.conversation_id == conversation_id) & Turn.status.is_in(ANSWERED, DELIVERED)
    return int(Turn.count(chat_id, Turn.message_id < before, filter_condition=answered))


def with_later(chat_id: int, message_id: int) -> list[Turn]:
    """That turn and up to three later ones, with the attributes that tell whether its answer is still wanted."""
    telling = ["message_id", "status", "kind", "stopped_at", "chat_id", "thread_id", "conversation_id", "received_at"]
    found = Turn.query(chat_id, Turn.message_id >= message_id, attributes_to_get=telling, limit=4)
    return list(found)


def of_conversation(chat_id: int, conversation_id: str, *, after: int, through: int) -> Iterator[Turn]:
    """The conversation's turns of any status between two message ids, the second included, oldest first."""
    if through <= after:
        return iter(())
    names = [*SAID, "person_id", "conversation_id", "status", "received_at"]
    reading = Turn.query(
        chat_id, Turn.message_id.between(after + 1, through), attributes_to_get=names, consistent_read=True
    )
    return (turn for turn in reading if turn.conversation_id == conversation_id)


def are_kept(chat_id: int, message_ids: Sequence[int]) -> bool:
    """False if one of them was taken back or forgotten."""
    names = ["chat_id", "message_id", "status"]
    keys = [(chat_id, message_id) for message_id in message_ids]
    return all(row.status != WITHDRAWN for row in Turn.batch_get(keys, consistent_read=True, attributes_to_get=names))
