"""A person's words and names that a job needs. They are a row of the turns table, and the job names the row: so neither
a queue nor a dead letter holds them.
"""

from dataclasses import asdict

from troupe.clock import now_ms
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import COMMAND, UNADDRESSED
from troupe.users import Person

# SQS keeps a dead letter for as long.
LIFETIME_S = 14 * 24 * 3600
# The names are below the ids of all messages: those of Telegram are positive, those of imported chats just below 0.
HIGHEST = -(1 << 50)


def keep(person: Person, chat_id: int, update_id: int, words: str = "") -> int:
    """Returns the row's name for the job. A repeat of the update writes the same row."""
    now = now_ms()
    name = HIGHEST - update_id % -HIGHEST
    row = Turn(chat_id, name, person_id=person.user_id, update_id=update_id, kind=COMMAND, status=UNADDRESSED)
    row.text, row.writer = words, asdict(person)
    row.sent_s, row.received_at, row.expires_at = now // 1000, now, now // 1000 + LIFETIME_S
    row.save()
    return name


def find(chat_id: int, name: int) -> Turn | None:
    """The words; None once the job is done."""
    return Turn.find(chat_id, name)


def forget(chat_id: int, name: int) -> None:
    """Deletes the words: the job is done."""
    with Turn.batch_write() as batch:
        batch.delete(Turn(chat_id, name))
