"""Notes of the reply function and the Mini App's API on a person's row: events, and messages that they got.

A mark on a row that does not exist changes nothing. The webhook needs none of this.
"""

from collections.abc import Iterable

from troupe.clock import now_ms
from troupe.users import User, change_if


def mark_told_of_ai(user_id: int) -> None:
    change_if(user_id, User.user_id.exists() & User.told_of_ai_at.does_not_exist(), User.told_of_ai_at.set(now_ms()))


def mark_voice_refused(user_id: int) -> None:
    """The person forbids voice messages in Telegram, and was told what that means here."""
    change_if(user_id, User.user_id.exists(), User.voice_refused_at.set(now_ms()))


def note_asked_time_zone(user_id: int) -> bool:
    """True the first time, False if they were asked before."""
    is_first = User.user_id.exists() & User.asked_time_zone_at.does_not_exist()
    return change_if(user_id, is_first, User.asked_time_zone_at.set(now_ms()))


def mark_brought(user_id: int) -> None:
    change_if(user_id, User.user_id.exists(), User.brought_at.set(now_ms()))


def note_form(user_id: int, step: str, *, is_new: bool | None = None, why: Iterable[str] = ()) -> None:
    """:param step: started, saved or refused
    :param is_new: whether the form makes a new character; None if that is not known any more
    """
    happened = {"step": step, "at": now_ms(), "is_new": is_new, "why": sorted(why)}
    change_if(user_id, User.user_id.exists(), User.form.set(happened))


def mark_imported(user_id: int) -> None:
    change_if(user_id, User.user_id.exists(), User.imported_at.set(now_ms()))
