"""Finds earlier turns that bear on a message, and puts them into the prompt: as data, with the time of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import groupby
from typing import Any

from functions.llm_reply.prompting import house
from functions.llm_reply.prompting.data_marks import as_data, as_name
from functions.llm_reply.prompting.learned import bearing
from functions.llm_reply.prompting.prompt import Speakers
from troupe import tables
from troupe.clock import now_ms
from troupe.conversations.conversation import Conversation
from troupe.conversations.turn import Turn
from troupe.conversations.turn_reads import SAID
from troupe.memories import vector_store
from troupe.memories.facts import Fact
from troupe.memories.index_store import REMEMBERED, Found, found_in
from troupe.memories.segments import Manifest
from troupe.observability import count, logger
from troupe.recall.choosing import MIN_CONFIDENCE, SURE_CONFIDENCE, Line, chosen, to_read
from troupe.recall.elapsed import elapsed
from troupe.recall.index import CHARACTER
from troupe.recall.query import Query, query_of
from troupe.recall.ranking import Ranking, rank
from troupe.recall.vectors import fused, nearest
from troupe.tokens import tokens

# A message that asks for nothing gets this share of the budget: what it brings to mind, not what it wants to know; and
# only what is sure to bear on it. So most of a prompt stays cached from turn to turn.
SHARE_OF_STATEMENT = 0.25
NOTHING = Ranking((), 0.0)
# Turns that the vectors name.
MAX_NEAREST = 30


@dataclass(frozen=True)
class Occasion:
    """The message to recall for. `parts`: what the index says of the query, by the parts' names.

    `shown_from`: the first turn that the prompt repeats word for word anyway. `budget`: in tokens. `facts`: those that
    the prompt does not hold anyway.
    """

    query: Query
    parts: Mapping[str, Any]
    shown_from: int
    budget: int
    speakers: Speakers
    facts: Sequence[Fact] = ()
    # The texts that the prompt repeats.
    repeated: Sequence[str] = ()
    # The message's, if there is a model for vectors.
    vector: bytes = b""


@dataclass(frozen=True)
class Recalled:
    """`text` is empty if nothing was found; the ids say what the text was made from."""

    text: str = ""
    turn_ids: tuple[int, ...] = ()
    fact_ids: tuple[str, ...] = ()

    @property
    def stored(self) -> dict[str, list[Any]] | None:
        return {"turns": list(self.turn_ids), "facts": list(self.fact_ids)} if self.text else None


def query_for(message: str, before: str, speakers: Speakers) -> Query:
    """:param before: the text just before the message"""
    today = datetime.fromtimestamp(now_ms() / 1000, UTC).date()
    return query_of(message, today, before=before, names=(speakers.character, speakers.person))


def recall(turn: Turn, conversation: Conversation, occasion: Occasion) -> Recalled:
    """Reads the turns that it finds, in one request. If that fails, the answer is made without."""
    known, query = Manifest.of(conversation.index), occasion.query
    if not query.weights or occasion.budget <= 0 or not (known.segments or occasion.facts):
        return Recalled()
    try:
        found = found_in(known, query.weights, occasion.parts)
        ranking = _with_vectors(rank(query, found.postings, 2 * found.turns), conversation, occasion.vector)
        facts = bearing(query, occasion.facts, found.postings, 2 * found.turns)
        if ranking.confidence < (MIN_CONFIDENCE if query.asks else SURE_CONFIDENCE):
            ranking = NOTHING
        return _within_budget(turn, found, ranking, query, occasion, facts)
    except tables.ERRORS:
        count("RecallsFailed")
        logger.exception("Nothing can be recalled", extra={"turn": turn.log_name})
        return Recalled()


def shown(lines: Sequence[Line], facts: Sequence[Fact], speakers: Speakers, *, sure: bool) -> str:
    now = now_ms()
    paragraphs = [f"[learned {elapsed(now - fact.said_at)} ago] {fact.text}" for fact in facts]
    paragraphs += [
        "\n".join([f"[{ago}]", *(_spoken(line, speakers) for line in some)])
        for ago, some in groupby(lines, lambda line: f"{elapsed(now - line.at_ms)} ago")
    ]
    told = as_data("memories", "\n".join(paragraphs))
    return f"{house.RECALLED if sure else house.RECALLED_UNSURELY}\n{told}"


def line_cost(line: Line, speakers: Speakers) -> int:
    """In tokens, as history.tokens estimates them."""
    return len(_spoken(line, speakers).encode()) // 4 + 2


def _with_vectors(ranking: Ranking, conversation: Conversation, vector: bytes) -> Ranking:
    """Lines near in meaning, by their vectors. No number says how near is enough, so they are never given as sure."""
    if not vector or not conversation.vectors:
        return ranking
    blocks = vector_store.wanted(conversation, conversation.vectors["model"])
    near = nearest(vector, vector_store.vectors_of(conversation, blocks, len(vector)), MAX_NEAREST)
    lines = [number for place in near for number in (2 * place, 2 * place + 1)]
    numbers = fused(ranking.numbers, lines) if ranking.confidence >= MIN_CONFIDENCE else lines
    return Ranking(numbers, max(ranking.confidence, MIN_CONFIDENCE))


def _within_budget(  # noqa: PLR0917 - the steps before it
    turn: Turn, found: Found, ranking: Ranking, query: Query, occasion: Occasion, facts: Sequence[Fact]
) -> Recalled:
    budget = occasion.budget if query.asks else round(SHARE_OF_STATEMENT * occasion.budget)
    budget -= sum(tokens(fact.text) for fact in facts)
    numbers = [
        number
        for number in ranking.numbers
        if found.turn_at.get(number // 2, occasion.shown_from) < occasion.shown_from
    ]
    lines = _read(turn, {found.turn_at[place]: place for place in to_read(numbers, budget, query, found.items)})
    cost = partial(line_cost, speakers=occasion.speakers)
    kept = chosen(query, numbers, lines, budget=budget, cost=cost, said=occasion.repeated)
    if not kept and not facts:
        return Recalled()
    sure = bool(facts) or ranking.confidence >= SURE_CONFIDENCE
    return Recalled(
        shown(kept, facts, occasion.speakers, sure=sure),
        tuple(dict.fromkeys(line.turn_id for line in kept)),
        tuple(fact.id for fact in facts),
    )


def _read(turn: Turn, place_of: dict[int, int]) -> dict[int, Line]:
    """The lines as they are now: a turn that was taken back or forgotten has none."""
    names = [*SAID, "conversation_id", "status", "received_at"]
    keys = [(int(turn.chat_id), turn_id) for turn_id in place_of]
    lines = {}
    for row in Turn.batch_get(keys, attributes_to_get=names) if keys else ():
        if row.status not in REMEMBERED or row.conversation_id != turn.conversation_id:
            continue
        turn_id = int(row.message_id)
        for side, text in enumerate((row.said, row.answer or "")):
            number = 2 * place_of[turn_id] + side
            lines[number] = Line(number, turn_id, text, int(row.received_at))
    return lines


def _spoken(line: Line, speakers: Speakers) -> str:
    name = speakers.character if line.number % 2 == CHARACTER else speakers.person
    return f"{as_name(name)}: {line.text}"
