"""Facts in the prompt: some always, in its unchanging beginning; others when they bear on the message."""

from collections.abc import Mapping, Sequence

from functions.llm_reply.prompting import house
from functions.llm_reply.prompting.data_marks import as_data
from troupe.memories.facts import Fact
from troupe.recall.index import Postings
from troupe.recall.kinds import kinds_of
from troupe.recall.query import Query
from troupe.recall.ranking import rarity
from troupe.recall.words import terms
from troupe.tokens import tokens

# The kinds of facts that a person expects a friend to know at any time, and their tokens in a prompt.
ALWAYS, MAX_ALWAYS = ("person", "people", "relationship", "promise"), 220
# Facts that bear on a message, at most.
MAX_BEARING = 8


def always_known(facts: Sequence[Fact]) -> list[Fact]:
    """The newest facts that fit, oldest first. They change only when facts are learned, together with the summary."""
    kept: list[Fact] = []
    left = MAX_ALWAYS
    for fact in sorted(facts, key=lambda fact: (-fact.said_at, fact.text)):
        left -= tokens(fact.text) if fact.kind in ALWAYS else 0
        if left < 0:
            break
        kept += [fact] if fact.kind in ALWAYS else []
    return kept[::-1]


def learned_section(facts: Sequence[Fact]) -> str:
    listed = "\n".join(f"- {fact.text}" for fact in facts)
    return f"{house.LEARNED}\n{as_data('facts', listed)}" if facts else ""


def bearing(
    query: Query, facts: Sequence[Fact], postings: Postings | Mapping[str, Sequence[int]], lines: int
) -> list[Fact]:
    """The facts that hold words of the query, or words of the same kind; of those, the best ones, oldest first."""
    worth = {fact.id: _worth(query, fact, postings, lines) for fact in facts}
    best = sorted((fact for fact in facts if worth[fact.id] > 0), key=lambda fact: (-worth[fact.id], -fact.said_at))
    return sorted(best[:MAX_BEARING], key=lambda fact: fact.said_at)


def _worth(query: Query, fact: Fact, postings: Mapping[str, Sequence[int]], lines: int) -> float:
    held = set(terms(fact.text))
    held |= {kind for term in held for kind in kinds_of(term)}
    return sum(
        weight * rarity(len(postings.get(term, ())), max(1, lines))
        for term, weight in query.weights.items()
        if term in held
    )
