"""The person who opened the picker, if they may come in."""

from typing import NamedTuple

from functions.webapp_select import settings
from functions.webapp_select.init_data import verified_person
from troupe.users import Person, User


class NotAdmittedError(Exception):
    """The person has no invitation, or an owner has blocked them."""


class Visitor(NamedTuple):
    """`signature` is the same for all requests of one opening of the page. `user` is None for a new person."""

    person: Person
    signature: str
    user: User | None


def visitor(init_data: str) -> Visitor:
    """:raises InitDataError: see `verified_person`
    :raises NotAdmittedError: nothing is stored of such a person
    """
    person, signature = verified_person(init_data, settings.telegram_bot_token())
    user = User.find(person.user_id)
    if not settings.policy.admits(person.user_id, user):
        raise NotAdmittedError
    return Visitor(person, signature, user)
