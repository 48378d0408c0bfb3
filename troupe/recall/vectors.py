"""Vectors as bytes, compared by their angle: brute force, over a bounded number of them."""

import heapq
import math
from array import array
from collections.abc import Iterable, Sequence
from operator import mul

SCALE = 127
# The usual constant of reciprocal rank fusion.
RRF = 60


def quantised(vector: Sequence[float]) -> bytes:
    """A signed byte per dimension, the longest possible one set to 127 times its share of the length."""
    length = math.sqrt(sum(value * value for value in vector)) or 1.0
    return array("b", (round(SCALE * value / length) for value in vector)).tobytes()


def nearest(wanted: bytes, vectors: Iterable[tuple[int, bytes]], most: int) -> list[int]:
    """The keys of the vectors that point most nearly the same way, the nearest first. Vectors of zeros are left out."""
    own = array("b", wanted)
    near = ((sum(map(mul, own, array("b", vector))), key) for key, vector in vectors if any(vector))
    return [key for _, key in heapq.nlargest(most, near)]


def fused(*rankings: Sequence[int]) -> list[int]:
    """One ranking of several: a number counts by its places in them, so that their scores need not be comparable."""
    worth: dict[int, float] = {}
    for ranking in rankings:
        for place, number in enumerate(ranking):
            worth[number] = worth.get(number, 0.0) + 1 / (RRF + place)
    return sorted(worth, key=lambda number: -worth[number])
