"""Vectors and their fusion with the index, as the product does it, from any server with OpenAI's /v1/embeddings."""

import os
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Self

from openai import OpenAI

from bench.recall.dialogue import Question
from bench.recall.measure import Held, Method, Subject, held
from troupe.memories.vector_store import MAX_COMPARED, PER_ITEM
from troupe.recall.choosing import MIN_CONFIDENCE
from troupe.recall.vectors import fused, nearest, quantised

HOW = (
    "Vectors and fused are left out. Set EMBEDDINGS_MODEL and, for another server than OpenAI's, EMBEDDINGS_BASE_URL "
    "(https://.../v1); OPENAI_API_KEY is the key."
)
# The same limits as in the product: turns that the vectors name, and characters of a text that they cover.
MAX_NEAREST, MAX_TEXT = 30, 1000


class Server:
    """Each text is asked for once."""

    def __init__(self, client: OpenAI, model: str) -> None:
        self._client, self._model = client, model
        self.of_turns = cache(self._of_turns)
        self.of_question = cache(lambda words: self._of([words])[0])

    @classmethod
    def configured(cls) -> Self | None:
        """The client of the model that the environment names. None if it names none."""
        model, url = os.environ.get("EMBEDDINGS_MODEL"), os.environ.get("EMBEDDINGS_BASE_URL")
        if not model:
            return None
        base = url or os.environ.get("OPENAI_BASE_URL")
        return cls(OpenAI(base_url=base, api_key=os.environ.get("OPENAI_API_KEY") or "none"), model)

    def _of_turns(self, subject: Subject) -> list[tuple[int, bytes]]:
        texts = [f"{turn.text}\n{turn.answer}".strip() for turn in subject.dialogue.turns]
        first = max(0, len(texts) - MAX_COMPARED)
        vectors = [
            vector
            for start in range(first, len(texts), PER_ITEM)
            for vector in self._of(texts[start : start + PER_ITEM])
        ]
        return list(enumerate(vectors, start=first))

    def _of(self, texts: Sequence[str]) -> list[bytes]:
        shown = [text[:MAX_TEXT] or " " for text in texts]
        answer = self._client.embeddings.create(model=self._model, input=shown, encoding_format="float")
        return [quantised(each.embedding) for each in sorted(answer.data, key=lambda each: each.index)]


def vectors(server: Server, recall_tokens: int, window_tokens: int, *, fuse: bool) -> Method:
    """:param fuse: merge the index's turns with the vectors'; turns that only the vectors find are never sure"""

    def method(subject: Subject, question: Question) -> Held:
        ranking = subject.ranking(subject.query(question))
        near = nearest(server.of_question(question.words), server.of_turns(subject), MAX_NEAREST)
        lines = [number for place in near for number in (2 * place, 2 * place + 1)]
        is_found = fuse and ranking.confidence >= MIN_CONFIDENCE
        numbers = fused(ranking.numbers, lines) if is_found else lines
        confidence = max(MIN_CONFIDENCE, ranking.confidence if fuse else 0.0)
        found = replace(ranking, numbers=numbers, confidence=confidence)
        return held(subject, question, found, recall_tokens, window_tokens)

    return method
