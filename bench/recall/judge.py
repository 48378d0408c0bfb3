"""Asks the questions of our own set through the whole product, and judges the answers without a model.

python -m bench.recall.judge [--turns N]   for the model that OPENAI_API_KEY, OPENAI_BASE_URL or MODEL=auto names
"""

import argparse
import asyncio
import io
import os
import re
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence

from bench.recall import own_set
from bench.recall.dialogue import Dialogue, Question
from bench.recall.measure import mean
from bench.recall.stored import IDS_PER_TURN, store
from bench.table import show
from local import settings
from local.model_servers import with_local_model
from local.ports import free_port
from local.simulator import User
from local.stack import Stack, running_stack
from troupe.clock import now_ms
from troupe.conversations.conversation import Conversation, conversation_id
from troupe.recall.words import terms
from troupe.users import User as Row

CHARACTER = "sherlock"
FIRST_ID = 810_001
PATIENCE_S = 120
# Turns that the summary does not cover: they stand in the prompts.
NEWEST = 10
# No limits: the questions come faster than a person's.
WITHOUT_LIMITS = {"MESSAGES_PER_MINUTE": "0", "MESSAGES_PER_DAY": "0", "DOLLARS_PER_PERSON_DAY": "0"}
_NO = re.compile(r"\b(?:no|not|never|none|\w+n['’]t|не|нет|никогда|ни)\b", re.IGNORECASE)
_ABSTAINS = re.compile(
    r"\b(?:don['’]t|do not|can['’]t|cannot|can not|never|haven['’]t|have not|didn['’]t|did not|no)\b[^.!?]*"
    r"\b(?:remember|recall|know|told|tell|mention\w*|said|say|spoke\w*|memory|recollection|idea)\b"
    r"|\bне\s+(?:помню|припомню|припоминаю|знаю|говорил\w*|упоминал\w*|рассказывал\w*|сообщал\w*|называл\w*)"
    r"|\bникогда[^.!?]*(?:говорил|упоминал|рассказывал|называл)\w*|\bнет[^.!?]*(?:воспоминани|сведени)\w*",
    re.IGNORECASE,
)


def is_right(question: Question, answer: str) -> bool:
    """True if the answer holds the expected words in any form, or, for an expected negation, denies them."""
    if question.kind == "never":
        return bool(_ABSTAINS.search(answer))
    if question.kind == "negation":
        return bool(_NO.search(answer)) and not _ABSTAINS.search(answer)
    return question.answer.casefold() in answer.casefold() or set(terms(question.answer)) <= set(terms(answer))


async def judged(stack: Stack, dialogue: Dialogue, user: User) -> Mapping[str, Sequence[bool]]:
    """By kind of question. The dialogue becomes the person's conversation first."""
    await asyncio.to_thread(_begin, dialogue, user.id)
    chat = stack.simulator.server.state.chats[user.id]
    chat.last_message_id = IDS_PER_TURN * len(dialogue.turns) + 1
    right: defaultdict[str, list[bool]] = defaultdict(list)
    for question in dialogue.questions:
        right[question.kind].append(is_right(question, await _answer(stack, user, question.words)))
    return right


async def _answer(stack: Stack, user: User, words: str) -> str:
    before = len(_heard(stack, user))
    user.send_text(words)
    await stack.simulator.wait_for(lambda: len(_heard(stack, user)) > before, timeout=PATIENCE_S)
    return _heard(stack, user)[-1]


def _begin(dialogue: Dialogue, person_id: int) -> None:
    """All but the newest turns are summed up, as far as a prompt is concerned."""
    name = conversation_id(person_id, None, CHARACTER)
    Row(person_id, first_name=dialogue.person, registered_at=1, character_id=CHARACTER, chosen_at=1).save()
    Row(person_id).update([Row.switches.set([[1, CHARACTER, 0]])])
    conversation = Conversation.of(person_id, name)
    store(dialogue, person_id, conversation, ended_at_ms=now_ms())
    conversation.save_summary("They have talked for a long time.", IDS_PER_TURN * (len(dialogue.turns) - NEWEST))


def _heard(stack: Stack, user: User) -> list[str]:
    chat = stack.simulator.server.state.chats[user.id].messages
    return [message.get("text", "") for message in chat if message["from"]["is_bot"]]


async def main(turns: int) -> str:
    given = {**os.environ, **WITHOUT_LIMITS, "PORT": str(free_port())}
    wanted = settings.read(with_local_model(given))
    if wanted.offline_model:
        return "No model is configured: set OPENAI_API_KEY, OPENAI_BASE_URL or MODEL=auto."
    dialogues = [own_set.conversation(language, turns) for language in own_set.LANGUAGES]
    async with running_stack(wanted) as stack:
        rows = []
        for number, dialogue in enumerate(dialogues):
            right = await judged(stack, dialogue, stack.simulator.user(FIRST_ID + number))
            known = [each for kind, marks in right.items() if kind != "never" for each in marks]
            shares = [mean(known), *(mean(right[kind]) for kind in (*own_set.KINDS, "never"))]
            rows.append([dialogue.name, *(f"{100 * share:.1f}" for share in shares)])
    return show(["answers that are right, %", "all", *own_set.KINDS, "abstains where never said"], rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="make bench", description="Judge what characters answer.")
    parser.add_argument("--turns", type=int, default=300, choices=own_set.LENGTHS, help="of each conversation")
    chosen = parser.parse_args()
    terminal, sys.stdout = sys.stdout, io.StringIO()
    print(asyncio.run(main(chosen.turns)), file=terminal)
