"""What was said before: the turns of a conversation since its summary, as far as a budget of tokens goes."""

from collections.abc import Sequence
from itertools import accumulate

from functions.llm_reply.prompt import Exchange
from troupe.conversations.turns import ANSWERED, DELIVERED, JOINED, Turn

# A page costs what it reads, whatever the filter leaves of it.
PAGE = 20
# Turns leave the prompt this many at a time. One at a time would change its beginning with every turn, and with that
# nothing of it could come from the provider's cache.
BLOCK = 8


def tokens(text: str) -> int:
    """An estimate on the safe side, for any language: a token is four bytes of English, and more of most others."""
    return len(text.encode()) // 4 + 4


def cost(exchange: Exchange) -> int:
    return tokens(exchange.text) + tokens(exchange.answer)


def exchanges(chat_id: int, conversation_id: str, *, after: int, before: int, budget: int) -> list[Exchange]:
    """Oldest first: the conversation's turns between two message ids, both left out. Joined ones have no answer.

    Reads backwards, and no further than twice the budget: so far back it is the summary's to know.
    """
    if before - after < 2:  # noqa: PLR2004 - no message id lies between them, and DynamoDB refuses such a range
        return []
    earlier = Turn.query(
        chat_id,
        Turn.message_id.between(after + 1, before - 1),
        filter_condition=(Turn.conversation_id == conversation_id) & Turn.status.is_in(ANSWERED, DELIVERED, JOINED),
        attributes_to_get=["message_id", "text", "answer", "kind", "reply_ids"],
        scan_index_forward=False,
        page_size=PAGE,
        # The answer before this one may have been saved a moment ago.
        consistent_read=True,
    )
    found: list[Exchange] = []
    left = 2 * budget
    for past in earlier:
        exchange = Exchange(past.text, past.answer or "", int(past.message_id), tuple(past.reply_ids))
        left -= cost(exchange)
        if left < 0:
            break
        found.append(exchange)
    return found[::-1]


def window(past: Sequence[Exchange], budget: int) -> Sequence[Exchange]:
    """The newest that fit, cut at the boundary of a block: the same boundary from turn to turn, until it must move."""
    start = 0
    while sum(map(cost, past[start:])) > budget:
        start += BLOCK
    return past[start:]


def newest_within(past: Sequence[Exchange], budget: int) -> int:
    """How many of the newest fit."""
    return sum(total <= budget for total in accumulate(map(cost, reversed(past))))
