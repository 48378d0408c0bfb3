"""An owner's changes to people's rows: allowances, bans, admissions and broadcasts."""

from troupe.clock import now_ms
from troupe.users import User, change_if


def set_allowance(user_id: int, *, messages_per_day: int | None, dollars_per_day: float | None) -> bool:
    """Limits of this person's own; None for those of the settings, 0 for no limit. False if there is no such person."""
    wanted = [(User.messages_per_day, messages_per_day), (User.dollars_per_day, dollars_per_day)]
    actions = [attribute.remove() if value is None else attribute.set(value) for attribute, value in wanted]
    return change_if(user_id, User.user_id.exists(), *actions)


def page_after(user_id: int | None, size: int) -> tuple[list[User], int | None]:
    """A page of all people, in the table's own order, and the id after which the next one begins: None at the end.

    :param user_id: the id after which the page begins; None for the first page
    """
    after = None if user_id is None else {"user_id": {"N": str(user_id)}}
    reading = User.scan(limit=size, page_size=size, last_evaluated_key=after)
    people = list(reading)
    last = reading.last_evaluated_key
    return people, None if last is None else int(last["user_id"]["N"])


def mark_broadcast(user_id: int, broadcast_id: str) -> bool:
    """False if the broadcast was sent to the person already."""
    is_new = User.last_broadcast.does_not_exist() | (User.last_broadcast != broadcast_id)
    return change_if(user_id, User.user_id.exists() & is_new, User.last_broadcast.set(broadcast_id))


def unmark_broadcast(user_id: int, broadcast_id: str) -> None:
    """Takes the mark back: the broadcast was not sent after all."""
    change_if(user_id, User.last_broadcast == broadcast_id, User.last_broadcast.remove())


def ids_of(username: str) -> list[int]:
    """:param username: as Telegram spells it: capitals count"""
    return [int(user.user_id) for user in User.by_username.query(username, limit=10)]


def ban(user_id: int) -> bool:
    """Makes a row for an id that never wrote. False if the person is banned already."""
    return change_if(user_id, User.banned_at.does_not_exist(), User.banned_at.set(now_ms()))


def unban(user_id: int) -> bool:
    """False if the person is not banned."""
    return change_if(user_id, User.banned_at.exists(), User.banned_at.remove())


def admit(user_id: int) -> bool:
    """Makes a row for an id that never wrote. False if the person was let in before."""
    return change_if(user_id, User.admitted_at.does_not_exist(), User.admitted_at.set(now_ms()))
