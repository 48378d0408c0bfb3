"""Reads files in the shape of LoCoMo (Maharana and others, 2024): long dialogues of two people, with questions.

`session_<n>`: lines with "speaker", "dia_id", "text" and perhaps "blip_caption"; `session_<n>_date_time`; `qa`:
"question", "category", "evidence" (dia_ids). Category 5 has no answer in the dialogue, and is left out.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.recall.dialogue import Dialogue, Question, Spoken

CATEGORIES = {1: "multi-hop", 2: "time", 3: "inference", 4: "single-hop"}
LINE_ID = re.compile(r"D\d+:\d+")


class DataError(ValueError):
    """The folder has no such files."""


def read(folder: Path) -> list[Dialogue]:
    """:raises DataError: see there"""
    try:
        found = [
            _dialogue(file.stem, json.loads(file.read_text(encoding="utf-8"))) for file in sorted(folder.glob("*.json"))
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"{folder} has a file that is not in LoCoMo's shape: {type(error).__name__} {error}") from error
    if not found:
        raise DataError(f"{folder} has no .json files")
    return found


def _dialogue(name: str, stored: dict[str, Any]) -> Dialogue:
    """The first speaker's lines are the person's, the second one's the character's."""
    speakers = (str(stored["speaker_a"]), str(stored["speaker_b"]))
    turns: list[Spoken] = []
    place: dict[str, int] = {}
    for at, lines in _sessions(stored):
        turns.append(Spoken("", "", at))
        for line in lines:
            side = speakers.index(line["speaker"])
            if turns[-1].line(side) or (side == 0 and turns[-1].answer):
                turns.append(Spoken("", "", at))
            words = f"{line['text']} [{line['blip_caption']}]" if line.get("blip_caption") else line["text"]
            last = turns[-1]
            turns[-1] = Spoken(words, last.answer, at) if side == 0 else Spoken(last.text, words, at)
            place[line["dia_id"]] = 2 * (len(turns) - 1) + side
    return Dialogue(name, *speakers, turns, [_question(each, speakers, place) for each in _asked(stored)])


def _sessions(stored: dict[str, Any]) -> Iterator[tuple[datetime, list[dict[str, Any]]]]:
    number = 1
    while f"session_{number}_date_time" in stored:
        at = datetime.strptime(stored[f"session_{number}_date_time"], "%I:%M %p on %d %B, %Y").replace(tzinfo=UTC)
        if lines := stored.get(f"session_{number}"):
            yield at, lines
        number += 1


def _asked(stored: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return (each for each in stored["qa"] if each["category"] in CATEGORIES and LINE_ID.search(str(each["evidence"])))


def _question(asked: dict[str, Any], speakers: tuple[str, str], place: dict[str, int]) -> Question:
    named = LINE_ID.findall(str(asked["evidence"]))
    lines = frozenset(place[each] for each in named if each in place)
    about = [side for side, name in enumerate(speakers) if name.lower() in asked["question"].lower()]
    return Question(
        asked["question"],
        CATEGORIES[asked["category"]],
        lines,
        answer=str(asked.get("answer", "")),
        speaker=about[0] if len(about) == 1 else None,
        missing=sum(each not in place for each in named),
    )
