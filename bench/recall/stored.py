"""A dialogue stored and indexed as a conversation of the product, and a message that something is recalled for."""

from bench.recall.dialogue import Dialogue
from functions.llm_reply.prompting.prompt import Speakers
from functions.llm_reply.prompting.recalled import Occasion, Recalled, recall
from troupe.conversations.conversation import Conversation, conversation_id
from troupe.conversations.turn import DELIVERED, Turn
from troupe.memories import index_store

BUDGET = 1500
# A message and its answer have an id each.
IDS_PER_TURN = 2


def store(dialogue: Dialogue, person_id: int) -> None:
    rows = [_row(dialogue, person_id, place) for place in range(len(dialogue.turns))]
    with Turn.batch_write() as batch:
        for row in rows:
            batch.save(row)
    index_store.add(Conversation.of(person_id, _name(dialogue, person_id)), rows)


def recall_one(dialogue: Dialogue, person_id: int, words: str, budget: int = BUDGET) -> Recalled:
    talk = Conversation.of(person_id, _name(dialogue, person_id))
    this = IDS_PER_TURN * len(dialogue.turns) + 1
    turn = Turn(person_id, this, conversation_id=talk.conversation_id)
    speakers = Speakers(dialogue.character, dialogue.person)
    return recall(turn, talk, Occasion(words, before="", shown_from=this, budget=budget, speakers=speakers))


def _name(dialogue: Dialogue, person_id: int) -> str:
    return conversation_id(person_id, None, f"of-{len(dialogue.turns)}")


def _row(dialogue: Dialogue, person_id: int, place: int) -> Turn:
    spoken, at = dialogue.turns[place], int(dialogue.turns[place].at.timestamp())
    return Turn(
        person_id, IDS_PER_TURN * place + 1, person_id=person_id, update_id=place, sent_s=at, received_at=1000 * at,
        conversation_id=_name(dialogue, person_id), text=spoken.text, answer=spoken.answer, status=DELIVERED,
    )  # fmt: skip
