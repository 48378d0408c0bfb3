"""A conversation's greeting is said like an answer: as a turn that is never stored."""

from typing import Any

from troupe.conversations.conversation import Conversation
from troupe.conversations.jobs.answering import SpeakJob
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import DELIVERED


def greeting_of(job: SpeakJob) -> Turn | None:
    """None before the greeting was sent, and for the bot's own words in the place of one."""
    known = Conversation.find(job.person_id, job.conversation_id)
    if known is None or not known.greeting or not known.greeting_message_id:
        return None
    return Turn(
        job.chat_id,
        int(known.greeting_message_id),
        person_id=job.person_id,
        character_id=job.character_id,
        conversation_id=job.conversation_id,
        thread_id=job.thread_id,
        language=job.language,
        status=DELIVERED,
        answer=known.greeting,
        speech=known.greeting_speech,
    )


def record(greeting: Turn, speech: dict[str, Any]) -> bool:
    """False if another greeting is shown by now."""
    known = Conversation(int(greeting.person_id), str(greeting.conversation_id))
    return known.record_greeting_speech(str(greeting.answer), speech)
