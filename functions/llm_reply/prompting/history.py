"""The turns of a conversation since its summary, within a budget of tokens."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, chain, islice
from operator import itemgetter
from typing import Self

from functions.llm_reply.prompting.prompt import Exchange
from functions.llm_reply.prompting.said import words_of
from troupe.conversations import turn_reads
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import ANSWERED, DELIVERED, DRAWING, HELD, JOINED
from troupe.tokens import tokens

# DynamoDB bills all rows of a page, and most conversations are summarised before they have more turns than this.
PAGE = 16
RECENT = 4
# Turns of the chat that are read for a prompt: a person may have said thousands to other characters since this
# conversation's last one. With fewer, they could not come back to a conversation that has no summary yet.
MAX_READ = 2000
# Turns leave the prompt this many at a time: the provider caches a prompt's beginning, and leaving one by one would
# change the beginning with every turn.
BLOCK = 8
# Shares of the token budget. At FOLD_AT the oldest turns are summarised; KEEP of the newest turns stays word for word.
# Between the two a prompt only grows at its end, so that the provider's cache serves its beginning: the further apart
# they are, the longer. FOLD_AT leaves room for recalled turns, and KEEP holds on to the conversation's thread.
FOLD_AT, KEEP = 0.75, 0.25


def cost(exchange: Exchange) -> int:
    return tokens(exchange.text) + tokens(exchange.answer)


@dataclass(frozen=True)
class Neighbours:
    """A turn and its neighbours in the chat, newest first.

    `earlier` is a lazy iterator: consume it once. `recent` holds its first turns. `later` holds at most 16 turns, the
    newest ones.
    """

    turn: Turn | None
    later: Sequence[Turn] = ()
    recent: Sequence[Turn] = ()
    earlier: Iterator[Turn] = field(default_factory=lambda: iter(()))

    @classmethod
    def of(cls, chat_id: int, message_id: int) -> Self:
        """Makes one request of the table in nearly every case."""
        later: list[Turn] = []
        reading = turn_reads.newest_first(chat_id, PAGE)
        for turn in reading:
            if turn.message_id == message_id:
                return cls._with_earlier(turn, later, reading)
            if turn.message_id > message_id:
                later.append(turn)
            if turn.message_id < message_id or len(later) == PAGE:
                break
        earlier = turn_reads.newest_first(chat_id, PAGE, before=message_id)
        return cls._with_earlier(Turn.find(chat_id, message_id), later, earlier)

    @classmethod
    def _with_earlier(cls, turn: Turn | None, later: Sequence[Turn], earlier: Iterator[Turn]) -> Self:
        recent = tuple(islice(earlier, RECENT))
        return cls(turn, later, recent, chain(recent, earlier))


def exchanges(earlier: Iterable[Turn], conversation_id: str, *, before: int, after: int, budget: int) -> list[Exchange]:
    """The conversation's turns between two message ids, oldest first. Joined and held turns have no answer.

    Reads backwards and stops at twice the budget, as the summary covers what lies before, and after MAX_READ turns.
    """
    if after >= before:
        # The summary was made in the chat with an earlier bot, whose message ids were higher.
        after = 0
    found: list[tuple[int, Exchange]] = []
    left = 2 * budget
    for past in islice(earlier, MAX_READ):
        if past.message_id <= after:
            break
        if past.conversation_id != conversation_id or past.status not in (ANSWERED, DELIVERED, JOINED, HELD):
            continue
        if past.status == HELD and past.is_unchecked:
            continue
        if past.kind == DRAWING and past.status != DELIVERED:
            continue
        answer = "" if past.kind == DRAWING else past.answer or ""
        exchange = Exchange(words_of(past), answer, int(past.message_id), tuple(past.reply_ids), int(past.received_at))
        left -= cost(exchange)
        if left < 0:
            break
        found.insert(0, (int(past.received_at), exchange))
    # By time: the ids of an earlier bot's messages lie among those of this one's.
    return [exchange for _, exchange in sorted(found, key=itemgetter(0))]


def window(past: Sequence[Exchange], budget: int) -> Sequence[Exchange]:
    """All exchanges if they fit; else the newest ones within FOLD_AT of the budget, so that recall has the rest of it.

    The first one changes only every BLOCK exchanges.
    """
    if sum(map(cost, past)) <= budget:
        return past
    start = BLOCK
    while sum(map(cost, past[start:])) > FOLD_AT * budget:
        start += BLOCK
    return past[start:]


def newest_within(past: Sequence[Exchange], budget: int) -> int:
    """The number of newest exchanges that fit."""
    return sum(total <= budget for total in accumulate(map(cost, reversed(past))))
