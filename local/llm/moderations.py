# ruff: noqa: RUF001 - Russian text is Russian
"""The moderation and decisions endpoints: they flag the scripted categories; without a script, plain talk of self-harm
and the categories that a text names itself, as in "[flag sexual/minors]".
"""

import re
import uuid
from collections.abc import Collection
from typing import Any

from local.llm.errors import RefusedError
from local.llm.sight import seen

CATEGORIES = (
    "harassment",
    "harassment/threatening",
    "hate",
    "hate/threatening",
    "illicit",
    "illicit/violent",
    "self-harm",
    "self-harm/intent",
    "self-harm/instructions",
    "sexual",
    "sexual/minors",
    "violence",
    "violence/graphic",
)
_SELF_HARM = re.compile(
    r"kill myself|end my life|want to die|hurt myself"
    r"|убить себя|убью себя|покончить с собой|не хочу (?:больше )?жить|хочу умереть",
    re.IGNORECASE,
)


_NAMED = re.compile(r"\[flag ([a-z/-]+)\]")


def moderation(model: str, texts: list[str], flagged: Collection[str]) -> dict[str, Any]:
    results = [_result(flagged or flagged_in(text)) for text in texts]
    return {"id": f"modr-{uuid.uuid4().hex}", "model": model, "results": results}


def read_inputs(given: str | list[Any]) -> list[str]:
    """One text to judge for each input, as OpenAI judges all its parts together. A picture's text is its description.

    :raises RefusedError: 400, a picture that is none, or several in one input
    """
    if isinstance(given, str):
        return [given]
    if all(isinstance(each, str) for each in given):
        return given
    parts = [part for each in given for part in (each.get("content") or [each])]
    urls = [part["image_url"] for part in parts if "image_url" in part]
    shown = [seen(url if isinstance(url, str) else url["url"], "en") for url in urls]
    if len(urls) > 1 and any(isinstance(url, dict) for url in urls):
        raise RefusedError(400, "Invalid 'input': at most one image is allowed.", "invalid_value", "input")
    return ["\n".join([*shown, *(part["text"] for part in parts if "text" in part)])]


def flagged_in(text: str) -> Collection[str]:
    named = set(_NAMED.findall(text)) & set(CATEGORIES)
    return named | {"self-harm", "self-harm/intent"} if _SELF_HARM.search(text) else named


def decision(model: str, names: list[str | None], flagged: Collection[str], tokens: int) -> dict[str, Any]:
    """Answers only predicates: true for a question that has the name of a flagged category."""
    return {
        "model": model,
        "answers": [
            {"type": "predicate", "name": name, "probability": 0.97 if name in flagged else 0.01} for name in names
        ],
        "usage": {
            "input_tokens": tokens,
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens": 0,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": tokens,
        },
    }


def _result(flagged: Collection[str]) -> dict[str, Any]:
    return {
        "flagged": bool(flagged),
        "categories": {name: name in flagged for name in CATEGORIES},
        "category_scores": {name: 0.97 if name in flagged else 0.0001 for name in CATEGORIES},
        "category_applied_input_types": {name: ["text"] for name in CATEGORIES},
    }
