"""The whole policy: the action for each category of moderation, in a person's message and in a character's answer.

docs/safety.md has the same table in words. The categories are those of omni-moderation-latest; the Decisions API is
asked the questions of `decisions.py` under the same names.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import IntEnum


class Action(IntEnum):
    """In order of weight. WATCH: the message is answered, and the answer is checked before anybody sees it."""

    ALLOW = 0
    WATCH = 1
    REFUSE = 2


class Signs(IntEnum):
    """Signs of self-harm. TALK is about it; INTENT is somebody who may do it, or asks how."""

    NONE = 0
    TALK = 1
    INTENT = 2


# Help lines are not sent again within six hours, unless the signs are graver than before: a person who finds them under
# every message stops reading them.
QUIET_MS = 6 * 3600 * 1000


@dataclass(frozen=True)
class Row:
    message: Action
    answer: Action
    signs: Signs = Signs.NONE


POLICY = {
    # Stories have quarrels, villains and battles, and people swear at characters.
    "harassment": Row(Action.ALLOW, Action.ALLOW),
    "violence": Row(Action.ALLOW, Action.ALLOW),
    "harassment/threatening": Row(Action.WATCH, Action.ALLOW),
    "violence/graphic": Row(Action.WATCH, Action.ALLOW),
    "hate": Row(Action.WATCH, Action.REFUSE),
    "hate/threatening": Row(Action.REFUSE, Action.REFUSE),
    "illicit": Row(Action.WATCH, Action.ALLOW),
    "illicit/violent": Row(Action.REFUSE, Action.REFUSE),
    # The model's provider has rules of its own for what it writes.
    "sexual": Row(Action.WATCH, Action.ALLOW),
    "sexual/minors": Row(Action.REFUSE, Action.REFUSE),
    "self-harm": Row(Action.WATCH, Action.ALLOW, Signs.TALK),
    "self-harm/intent": Row(Action.WATCH, Action.ALLOW, Signs.INTENT),
    # Someone who asks how gets help lines, and no character tells them how.
    "self-harm/instructions": Row(Action.WATCH, Action.REFUSE, Signs.INTENT),
}
# The categories that a picture may have. All others are refused, unknown ones too.
DRAWN = {"harassment", "harassment/threatening", "violence", "illicit"}
# A category that is newer than this table.
UNKNOWN = Row(Action.WATCH, Action.ALLOW)


@dataclass(frozen=True)
class Verdict:
    action: Action = Action.ALLOW
    signs: Signs = Signs.NONE


def of_message(flagged: Collection[str]) -> Verdict:
    rows = _rows(flagged)
    action = max((row.message for row in rows), default=Action.ALLOW)
    return Verdict(action, max((row.signs for row in rows), default=Signs.NONE))


def of_picture(flagged: Collection[str]) -> Verdict:
    """As a message, but for what is sexual: no server can say of a picture whether it shows a minor."""
    verdict = of_message(flagged)
    return Verdict(Action.REFUSE, verdict.signs) if "sexual" in flagged else verdict


def of_answer(flagged: Collection[str]) -> Verdict:
    """For what a character says or a card holds: its own talk of death is a story's, so it shows no signs."""
    return Verdict(max((row.answer for row in _rows(flagged)), default=Action.ALLOW))


def may_be_drawn(flagged: Collection[str]) -> bool:
    """:param flagged: the categories of the description of a picture"""
    return DRAWN.issuperset(flagged)


def _rows(flagged: Collection[str]) -> list[Row]:
    return [POLICY.get(category, UNKNOWN) for category in flagged]
