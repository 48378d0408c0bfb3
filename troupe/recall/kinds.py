"""Kinds of things, so that "Do you remember my family?" finds "my daughter", and "страны" finds "Испания".

A kind has words that ask for it, before the colon, and words that are examples of it. Behind "=" stand words for one
thing: each of them asks for the others. A line of the chat that holds an example is indexed under the kind as well.
"""

from collections import defaultdict

from troupe.recall.kind_words import KINDS
from troupe.recall.stems import stem


def _frozen(table: dict[str, set[str]]) -> dict[str, frozenset[str]]:
    return {word: frozenset(kinds) for word, kinds in table.items()}


def _tables() -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """Kinds by the stems that ask for them, and by the stems of their examples."""
    asked: defaultdict[str, set[str]] = defaultdict(set)
    examples: defaultdict[str, set[str]] = defaultdict(set)
    for line in KINDS.replace("\n ", " ").splitlines():
        heads, _, members = line.partition(":")
        if not members:
            # Words for one thing: each of them asks for all of them.
            name, _, members = line.partition(" = ")
            heads = f"={name} {members}"
        kind = "@" + heads.split()[0]
        for word in heads.split():
            asked[stem(word)].add(kind)
        for word in members.split():
            examples[stem(word)].add(kind)
    return _frozen(asked), _frozen(examples)


# Made while the function starts, when it has a whole processor.
_ASKED, _EXAMPLES = _tables()


def kinds_asked_for(word: str) -> frozenset[str]:
    """:param word: a stem"""
    return _ASKED.get(word, frozenset())


def kinds_of(word: str) -> frozenset[str]:
    return _EXAMPLES.get(word, frozenset())
