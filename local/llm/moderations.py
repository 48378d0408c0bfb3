# ruff: noqa: RUF001 - Russian text is Russian
"""The moderation endpoint: flags the scripted categories, and without a script only plain talk of self-harm."""

import re
import uuid
from collections.abc import Collection
from typing import Any

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


def moderation(model: str, texts: list[str], flagged: Collection[str]) -> dict[str, Any]:
    results = [
        _result(flagged or (("self-harm", "self-harm/intent") if _SELF_HARM.search(text) else ())) for text in texts
    ]
    return {"id": f"modr-{uuid.uuid4().hex}", "model": model, "results": results}


def _result(flagged: Collection[str]) -> dict[str, Any]:
    return {
        "flagged": bool(flagged),
        "categories": {name: name in flagged for name in CATEGORIES},
        "category_scores": {name: 0.97 if name in flagged else 0.0001 for name in CATEGORIES},
        "category_applied_input_types": {name: ["text"] for name in CATEGORIES},
    }
