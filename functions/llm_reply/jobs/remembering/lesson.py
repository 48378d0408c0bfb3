"""A structured request to the model for the facts in some turns, and the facts in its answer."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from functions.llm_reply.llm.generation import Generated
from functions.llm_reply.prompting.data_marks import as_data, as_name, without_marks
from functions.llm_reply.prompting.prompt import ChatMessage, Prompt, Speakers
from troupe.conversations.conversation import Conversation
from troupe.conversations.turn import Turn
from troupe.memories.facts import KINDS, MAX_TEXT, Fact, Learned
from troupe.observability import count
from troupe.pseudonym import pseudonym
from troupe.recall.support import is_supported

# Tokens of the answer. Known facts that the model is shown: the newest ones.
MAX_TOKENS = 900
MAX_SHOWN = 60
INSTRUCTIONS = """\
You note facts from a chat between "{char}" and "{user}". In the messages, each line begins with the number of its \
turn. Write JSON only: {{"facts": [{{"kind": "...", "text": "...", "turns": [numbers], "replaces": "id or empty"}}]}}.
Kinds: person (who {user} is: name, age, home, work, health), people (family, friends, animals of {user}), preference \
(likes, dislikes, habits), promise (what either has promised or planned), event (what happened to {user}), \
relationship (how the two stand to each other).
Only what lasts and what the messages say outright: no small talk, no guesses, nothing from jokes or from the \
character's own story. One short sentence each, in the third person, naming "{user}" or "{char}", in the language of \
{user}'s messages, with the names and numbers as they were written. "turns" are the turns that say it. If a fact makes \
a known one untrue, "replaces" is the known one's id. Repeat no known fact. At most twelve. None: {{"facts": []}}."""
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["facts"],
    "properties": {
        "facts": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["kind", "text", "turns", "replaces"],
                "properties": {
                    "kind": {"type": "string", "enum": list(KINDS)},
                    "text": {"type": "string"},
                    "turns": {"type": "array", "items": {"type": "integer"}},
                    "replaces": {"type": "string"},
                },
            },
        }
    },
}
_OBJECT = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True)
class Lesson:
    """The turns to learn from, oldest first, with the speakers' names, the known facts, and the pinned ones."""

    conversation: Conversation
    turns: Sequence[Turn]
    learned: Learned
    speakers: Speakers

    @property
    def prompt(self) -> Prompt:
        char, user = as_name(self.speakers.character), as_name(self.speakers.person)
        spoken = [
            f"[{int(turn.message_id)}] {who}: {' '.join(text.split())}"
            for turn in self.turns
            for who, text in ((user, turn.said), (char, turn.answer or ""))
            if text
        ]
        known = [f"({fact.id}) {fact.text}" for fact in self.learned.facts[-MAX_SHOWN:]]
        known += [f"(pinned) {' '.join(fact.split())}" for fact in self.conversation.facts]
        facts, messages = as_data("facts", "\n".join(known) or "(none)"), as_data("note", "\n".join(spoken))
        told = f"Known facts:\n{facts}\n\nMessages:\n{messages}"
        rules, person = INSTRUCTIONS.format(char=char, user=user), pseudonym(int(self.conversation.person_id))
        return Prompt(rules, (ChatMessage("user", told),), cache_key="memory", person=person, schema=SCHEMA)


def taken_in(lesson: Lesson, generated: Generated) -> Learned:
    """All facts after the answer. A fact that its turns do not support is dropped."""
    learned = lesson.learned
    for candidate in candidates(generated.text):
        fact = _fact(lesson, candidate)
        if fact is None:
            count("FactsDropped")
            continue
        replaces = str(candidate.get("replaces") or "")
        learned = learned.learn(fact, replaces)
        count("FactsLearned")
    return replace(learned, through=int(lesson.turns[-1].message_id))


def candidates(text: str) -> list[dict[str, Any]]:
    """The JSON objects with a "kind" in the text: words, a code block or a cut end around them do no harm."""
    found = []
    for written in _OBJECT.findall(text):
        try:
            value = json.loads(written)
        except ValueError:
            continue
        if isinstance(value, dict) and "kind" in value:
            found.append(value)
    return found


def _fact(lesson: Lesson, candidate: dict[str, Any]) -> Fact | None:
    kind, text, named = candidate.get("kind"), candidate.get("text"), candidate.get("turns")
    if kind not in KINDS or not isinstance(text, str) or not isinstance(named, list):
        return None
    text = without_marks(" ".join(text.split()))
    sources = [turn for turn in lesson.turns if int(turn.message_id) in named]
    said = [f"{turn.said}\n{turn.answer or ''}" for turn in sources]
    names = (lesson.speakers.character, lesson.speakers.person)
    if not text or len(text) > MAX_TEXT or not sources or not is_supported(text, said, names):
        return None
    ids = tuple(int(turn.message_id) for turn in sources)
    return Fact(kind, text, int(sources[-1].received_at), ids, lesson.conversation.conversation_id)
