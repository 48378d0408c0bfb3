"""What was said before: the turns of a conversation since its summary, as far as a budget of tokens goes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Self

from functions.llm_reply.prompting.prompt import Exchange
from troupe.conversations import turns
from troupe.conversations.turn import ANSWERED, DELIVERED, JOINED, Turn

# A page costs what it reads, and few conversations are longer before they are summed up.
PAGE = 16
# Turns leave the prompt this many at a time. One at a time would change its beginning with every turn, and with that
# nothing of it could come from the provider's cache.
BLOCK = 8


def tokens(text: str) -> int:
    """An estimate on the safe side, for any language: a token is four bytes of English, and more of most others."""
    return len(text.encode()) // 4 + 4


def cost(exchange: Exchange) -> int:
    return tokens(exchange.text) + tokens(exchange.answer)


@dataclass(frozen=True)
class Neighbours:
    """A turn among the others of its chat, newest first. The earlier ones are read as they are asked for, once.

    Of the later ones, where the turn lies far back, the newest.
    """

    turn: Turn | None
    later: Sequence[Turn] = ()
    earlier: Iterator[Turn] = field(default_factory=lambda: iter(()))

    @classmethod
    def of(cls, chat_id: int, message_id: int) -> Self:
        """One request in nearly every case."""
        later: list[Turn] = []
        reading = turns.newest_first(chat_id, PAGE)
        for turn in reading:
            if turn.message_id == message_id:
                return cls(turn, later, reading)
            if turn.message_id > message_id:
                later.append(turn)
            if turn.message_id < message_id or len(later) == PAGE:
                break
        return cls(Turn.find(chat_id, message_id), later, turns.newest_first(chat_id, PAGE, before=message_id))


def exchanges(earlier: Iterable[Turn], conversation_id: str, *, after: int, budget: int) -> list[Exchange]:
    """Oldest first: the conversation's turns after a message id. Joined ones have no answer.

    Reads backwards, and no further than twice the budget: so far back it is the summary's to know.
    """
    found: list[Exchange] = []
    left = 2 * budget
    for past in earlier:
        if past.message_id <= after:
            break
        if past.conversation_id != conversation_id or past.status not in (ANSWERED, DELIVERED, JOINED):
            continue
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
