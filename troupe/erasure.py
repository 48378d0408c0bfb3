"""The mark on a person's row that says: everything about them is being erased. The webhook sets it, the worker ends it.

While the mark stands, the webhook, the picker and the jobs write nothing new for the person. Messages are the
exception, because the webhook stores them without a read: the worker erases them too.
"""

from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from pynamodb.exceptions import DeleteError, UpdateError
from pynamodb.expressions.update import Action

from troupe.spending.limits import Limits
from troupe.tables import condition_failed
from troupe.users import User


@dataclass(frozen=True)
class Erasure:
    """`counts` is by category of data. It contains `page` already, which is being erased: [category, keys]."""

    reference: str
    asked_at: int
    counts: dict[str, int] = field(default_factory=dict)
    page: tuple[str, list[Any]] | None = None

    @classmethod
    def of(cls, user: User | None) -> Self | None:
        return cls(**user.erasure) if user and user.erasure else None

    def begin(self, user_id: int) -> Self:
        """Marks the row, once: returns the erasure that is under way already, if there is one.

        :raises UpdateError: the table can't be reached
        """
        user = User(user_id)
        try:
            user.update(actions=[User.erasure.set(asdict(self))], condition=User.erasure.does_not_exist())
        except UpdateError as error:
            found = self.of(User.find(user_id)) if condition_failed(error) else None
            if found is None:
                raise
            return found
        return self

    def with_page(self, category: str, keys: list[Any]) -> Self:
        """Counts the keys before they are erased. A worker that goes on after a death erases them, counted once."""
        counts = self.counts | {category: self.counts.get(category, 0) + len(keys)}
        return replace(self, counts=counts, page=(category, keys))

    def without_page(self) -> Self:
        return replace(self, page=None)

    def save(self, user_id: int, before: Self) -> None:
        """:raises UpdateError: the table can't be reached, or another worker has gone on from `before`"""
        User(user_id).update(actions=[User.erasure.set(asdict(self))], condition=User.erasure == asdict(before))


def what_stays(user: User, limits: Limits) -> frozenset[str]:
    """The attributes of a person's row that outlive an erasure, because an owner has set them against the person: a
    block, or else an allowance below that of others.
    """
    return frozenset({"banned_at"}) if user.banned_at else limits.lowered_by(user)


def end(user_id: int, limits: Limits) -> None:
    """Deletes the row, if it is marked, or all of it but what stays.

    :raises DeleteError, UpdateError: the table can't be reached
    """
    while (user := User.find(user_id)) and user.erasure:
        staying = what_stays(user, limits)
        as_read = User.erasure.exists()
        for attribute in (User.banned_at, User.messages_per_day, User.dollars_per_day):
            value = getattr(user, attribute.attr_name)
            as_read &= attribute.does_not_exist() if value is None else attribute == value
        try:
            if staying:
                user.update(actions=_without_all_but(staying), condition=as_read)
            else:
                user.delete(condition=as_read)
        except (DeleteError, UpdateError) as error:
            # An owner has changed it meanwhile.
            if not condition_failed(error):
                raise


def _without_all_but(staying: frozenset[str]) -> list[Action]:
    return [
        attribute.remove()
        for name, attribute in User.get_attributes().items()
        if name != "user_id" and name not in staying
    ]
