"""A message as a query: weighted terms."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from troupe.recall.dates import terms_asked_for
from troupe.recall.idioms import idioms_in
from troupe.recall.index import CHARACTER, PERSON
from troupe.recall.kinds import kinds_asked_for
from troupe.recall.stems import stem
from troupe.recall.words import ABOUT_LISTENER, ABOUT_SPEAKER, plain_words, terms

# Weights of terms; a message's own words have 1.
NAME_WEIGHT, KIND_WEIGHT, DATE_WEIGHT, BEFORE_WEIGHT, NAMING_WEIGHT = 0.1, 0.6, 1.0, 0.25, 0.3
# A message names more words than help, and each of them is read from every segment of the index: a long question is
# looked up by its last ones, where people put what they ask for; another message by its longest, which are rare mostly.
MAX_WORDS, MAX_TOLD = 16, 3
# A shorter message is filled up to so many words with those that were said before it.
MAX_BEFORE = 3
# Words about remembering itself say nothing of what is to be remembered.
_REMEMBER = frozenset(
    map(stem, "remember recall forget remind memory told tell said say mention talk помнить помнишь вспомни вспомнить "
        "забыл забыла напомни говорил говорила рассказывал рассказывала сказал сказала упоминал упоминала".split())
)  # fmt: skip
# "What is she called": "called" stands in the question, and seldom in its answer.
_NAMING = frozenset(map(stem, "name called call зовут звать имя назвать".split()))
_ASKS = re.compile(
    r"\?|\b(?:remember|remind|recall|who|what|when|where|which|whose|how (?:many|much|long|old)|"
    r"помнишь|напомни|вспомни|кто|что|когда|где|куда|как(?:ой|ая|ое|ие|ого|ую) |сколько|чей|чья)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Query:
    """`own` are the terms of the message itself, by which it is judged whether anything bears on it."""

    weights: dict[str, float]
    own: frozenset[str]
    # Kinds of things by the word that asks for them.
    kinds: dict[str, frozenset[str]]
    # The speaker whose lines bear more on it, if the words say so.
    speaker: int | None
    asks: bool


def query_of(message: str, today: date, *, before: str = "", names: Iterable[str] = ()) -> Query:
    """:param before: what was said just before, which a short message goes on from
    :param names: of the two who talk: they stand in too many lines to tell one from another
    """
    called = {word for name in names for word in terms(name)}
    said, asks = dict.fromkeys(terms(message)), bool(_ASKS.search(message))
    words = [word for word in said if word not in _REMEMBER][-MAX_WORDS:]
    if not asks:
        words = sorted(words, key=len, reverse=True)[:MAX_TOLD]
    own = [word for word in words if word not in called]
    naming = dict.fromkeys(_NAMING & set(own), NAMING_WEIGHT) if len(own) > 1 else {}
    weights = {word: NAME_WEIGHT if word in called else naming.get(word, 1.0) for word in words}
    kinds = {word: kinds_asked_for(word) for word in own}
    for idiom, meant in idioms_in(message):
        kinds |= {word: kinds[word] | meant for word in idiom & kinds.keys()}
    for term in terms_asked_for(message, today):
        weights.setdefault(term, DATE_WEIGHT)
    if len(own) < MAX_BEFORE:
        for word in list(dict.fromkeys(terms(before)))[: MAX_BEFORE - len(own)]:
            if word not in called and word not in _REMEMBER:
                weights.setdefault(word, BEFORE_WEIGHT)
    for found in kinds.values():
        for kind in found:
            weights.setdefault(kind, KIND_WEIGHT)
    return Query(weights, frozenset(own), kinds, _speaker(message), asks)


def _speaker(message: str) -> int | None:
    words = set(plain_words(message))
    speaks_of_self, speaks_of_other = bool(words & ABOUT_SPEAKER), bool(words & ABOUT_LISTENER)
    if speaks_of_self == speaks_of_other:
        return None
    return PERSON if speaks_of_self else CHARACTER
