"""Stores and indexes a dialogue as a conversation of the product, with a message to recall for."""

from bench.recall.dialogue import Dialogue
from functions.llm_reply.prompting.prompt import Speakers
from functions.llm_reply.prompting.recalled import Occasion, Recalled, query_for, recall
from functions.llm_reply.prompting.stored_memory import StoredMemory
from troupe.conversations.conversation import Conversation
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import DELIVERED
from troupe.memories import index_store

BUDGET = 1500
# A message and its answer have an id each.
IDS_PER_TURN = 2


def store(dialogue: Dialogue, person_id: int, conversation: Conversation, *, ended_at_ms: int | None = None) -> None:
    """:param ended_at_ms: when the last turn was, if not at the dialogue's own time"""
    later_ms = 0 if ended_at_ms is None else ended_at_ms - _at_ms(dialogue, -1)
    rows = [_row(dialogue, person_id, conversation, place, later_ms) for place in range(len(dialogue.turns))]
    with Turn.batch_write() as batch:
        for row in rows:
            batch.save(row)
    index_store.add(conversation, rows)


def recall_one(dialogue: Dialogue, conversation: Conversation, words: str, before: str = "") -> Recalled:
    this = IDS_PER_TURN * len(dialogue.turns) + 1
    turn = Turn(int(conversation.person_id), this, conversation_id=conversation.conversation_id)
    speakers = Speakers(dialogue.character, dialogue.person)
    query = query_for(words, before, speakers)
    parts = StoredMemory.read(conversation, query, shares=False).parts
    return recall(turn, conversation, Occasion(query, parts, shown_from=this, budget=BUDGET, speakers=speakers))


def _row(dialogue: Dialogue, person_id: int, conversation: Conversation, place: int, later_ms: int) -> Turn:
    spoken, at_ms = dialogue.turns[place], _at_ms(dialogue, place) + later_ms
    return Turn(
        person_id, IDS_PER_TURN * place + 1, person_id=person_id, update_id=place, sent_s=at_ms // 1000,
        received_at=at_ms, conversation_id=conversation.conversation_id, text=spoken.text, answer=spoken.answer,
        status=DELIVERED, character_id=conversation.conversation_id.split(":")[2],
    )  # fmt: skip


def _at_ms(dialogue: Dialogue, place: int) -> int:
    return 1000 * int(dialogue.turns[place].at.timestamp())
