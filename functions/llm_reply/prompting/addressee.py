"""To whom a message was written: the character that was the chosen one when it came in, and their conversation."""

from troupe.conversations.conversation import conversation_id
from troupe.conversations.turns import Turn
from troupe.users import User


def note_addressee(turn: Turn, user: User) -> bool:
    """Notes it on the turn, if that was not done before. False if nobody was chosen yet."""
    if turn.conversation_id:
        return True
    if user.language_choice and user.language_choice != turn.language:
        turn.set_language(user.language_choice)
    found = _spoken_to(turn, user)
    if found:
        turn.address(*found)
    return bool(found)


def in_conversation(turn: Turn, user: User, conversation_id: str) -> bool:
    """Whether it was written in that conversation, noted or not."""
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
