"""The personal data of an account: its profile, invitations and spending."""

from collections.abc import Iterator, Sequence

from functions.llm_reply.privacy.data_category import PAGE, DataSubject, Key, Row, values
from troupe import invitations
from troupe.invitations import Invitation
from troupe.spending.days import PersonDay, account_of
from troupe.users import User


class Profile:
    """The person's own row. It is the last one to go, because it says that the erasure is under way."""

    name, models = "profile", (User,)

    def rows(self, subject: DataSubject, after: str) -> Iterator[tuple[str, Row]]:
        user = User.find(subject.person_id)
        if user and not after:
            yield self.name, values(user.attribute_values)

    def keys(self, _subject: DataSubject) -> list[Key]:
        return []

    def erase(self, subject: DataSubject, keys: Sequence[Key]) -> None:
        """Does nothing: `troupe.erasure.end` deletes the row."""


class Invitations:
    """The invitations that let the person in. The person's id goes; the invitation stays used."""

    name, models = "invitations", (Invitation,)

    def rows(self, subject: DataSubject, after: str) -> Iterator[tuple[str, Row]]:
        for each in invitations.redeemed(subject.person_id):
            if each.conversation_id > after:
                yield str(each.conversation_id), {"invitation": each.code, "expires_at": each.expires_at}

    def keys(self, subject: DataSubject) -> list[Key]:
        return [each.code for each in invitations.redeemed(subject.person_id)]

    def erase(self, subject: DataSubject, keys: Sequence[Key]) -> None:
        for code in keys:
            invitations.forget(code, subject.person_id)


class Spending:
    """Sums of money and counts of messages by day, without words. They stay for their 40 days.

    Otherwise /delete would renew a person's limits, and the day's sums would not agree with the provider's bill.
    """

    name, models = "spending", (PersonDay,)

    def rows(self, subject: DataSubject, after: str) -> Iterator[tuple[str, Row]]:
        later = PersonDay.day > after if after else None
        for day in PersonDay.query(account_of(subject.person_id), later, page_size=PAGE):
            yield str(day.day), values(day.attribute_values)

    def keys(self, _subject: DataSubject) -> list[Key]:
        return []

    def erase(self, subject: DataSubject, keys: Sequence[Key]) -> None:
        """Does nothing: the sums stay."""
