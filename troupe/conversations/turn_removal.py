"""Takes a turn out of later prompts, or forgets its words."""

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.update import Action

from troupe.conversations.turn import Turn, found_instead
from troupe.conversations.turn_states import DELIVERED, HELD, WITHDRAWN


def withdraw(turn: Turn) -> bool:
    """Takes the exchange, or a message that a limit holds back, out of all later prompts. The row stays."""
    try:
        turn.update(actions=[Turn.status.set(WITHDRAWN)], condition=Turn.status.is_in(DELIVERED, HELD))
    except UpdateError as error:
        current = found_instead(error, turn)
        return bool(current and current.status == WITHDRAWN)
    return True


_CONTENT = (
    Turn.answer, Turn.quote, Turn.edited_text, Turn.recalled, Turn.speech, Turn.sound, Turn.picture, Turn.seen,
)  # fmt: skip


def erase(chat_id: int, message_id: int) -> None:
    """Forgets the words of a turn for good: the row stays, so that a redelivered update changes nothing."""
    turn = Turn(chat_id, message_id)
    nothing: list[Action] = [
        Turn.status.set(WITHDRAWN),
        Turn.text.set(""),
        Turn.alternatives.set([]),
        *(name.remove() for name in _CONTENT),
    ]
    try:
        turn.update(actions=nothing, condition=Turn.chat_id.exists())
    except UpdateError as error:
        found_instead(error, turn)
