"""Whether a fact's sources contain its words: a model may make things up."""

import re
from collections.abc import Iterable

from troupe.recall.kinds import kinds_of
from troupe.recall.words import terms

# The share of a fact's words that its sources must contain, in any form or as a word of the same kind.
MIN_SUPPORTED = 0.5
_NUMBER = re.compile(r"\d+")
_NAME = re.compile(r"(?<=[^.!?\s]\s)[A-ZА-ЯЁ][\w'-]+")


def is_supported(fact: str, sources: Iterable[str], names: Iterable[str] = ()) -> bool:
    """All of the fact's numbers and names, and half of its other words, stand in the sources.

    :param names: of the two who talk, which a fact names and its source does not
    """
    said = "\n".join(sources)
    speakers = {term for name in names for term in terms(name)}
    known = {*terms(said), *speakers}
    kinds = {kind for term in known for kind in kinds_of(term)}
    if set(_NUMBER.findall(fact)) - set(_NUMBER.findall(said)):
        return False
    if any(not set(terms(name)) <= known for name in _NAME.findall(fact)):
        return False
    own = set(terms(fact)) - speakers
    supported = [term for term in own if term in known or kinds_of(term) & kinds]
    return bool(own) and len(supported) >= MIN_SUPPORTED * len(own)
