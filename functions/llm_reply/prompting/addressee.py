"""The addressee of a message: the character that was chosen when it came in, and the conversation with it."""

from troupe.conversations.conversation import conversation_id
from troupe.conversations.turn import Turn
from troupe.users import User


def note_addressee(turn: Turn, user: User) -> bool:
    """Notes the addressee on the turn, unless it is noted already. False if no character was chosen yet."""
    if turn.conversation_id:
        return True
    if user.language_choice and user.language_choice != turn.language:
        turn.set_language(user.language_choice)
    found = _spoken_to(turn, user)
    if found:
        turn.set_addressee(*found)
    return bool(found)


def in_conversation(turn: Turn, user: User, conversation_id: str) -> bool:
    """True if the message was written in that conversation, whether the turn notes it already or not."""
    if turn.conversation_id:
        return bool(turn.conversation_id == conversation_id)
    found = _spoken_to(turn, user)
    return found is not None and found[1] == conversation_id


def _spoken_to(turn: Turn, user: User) -> tuple[str, str] | None:
    spoken_to = user.conversation_at(int(turn.received_at))
    if spoken_to is None:
        return None
    character_id, generation = spoken_to
    thread_id = int(turn.thread_id) if turn.thread_id else None
    return character_id, conversation_id(int(turn.chat_id), thread_id, character_id, generation)
