"""A request of a person who opened the Mini App."""

from typing import Any, NamedTuple

from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from functions.webapp_select import settings
from functions.webapp_select.init_data import verified_person
from functions.webapp_select.request import MAX_LENGTH, body_of, fields
from troupe.telegram.texts import interface_language
from troupe.users import Person, User


class NotAdmittedError(Exception):
    """The person has no invitation, or an owner has blocked them. Nothing is stored of them."""


class BeingErasedError(Exception):
    """The person's data is being erased: nothing new is stored of them until that is done."""


class Visit(NamedTuple):
    """`signature` is the same for all requests of one opening of the page. `user` is None for a new person."""

    person: Person
    signature: str
    user: User | None
    body: dict[str, Any]

    @property
    def person_id(self) -> int:
        return self.person.user_id

    @property
    def chat_language(self) -> str:
        """The language in which the bot speaks with them."""
        return interface_language((self.user and self.user.language_choice) or self.person.language)

    @property
    def page_language(self) -> str:
        """The language of the page."""
        named = self.body.get("language")
        return interface_language(named if isinstance(named, str) else self.person.language)


def visit(event: APIGatewayProxyEventV2, *required: str, max_length: int = MAX_LENGTH) -> Visit:
    """:param required: the fields of the body, beside init_data, that must be non-empty strings
    :raises MalformedRequestError: see `body_of` and `fields`
    :raises InitDataError: see `verified_person`
    :raises NotAdmittedError: see there
    :raises BeingErasedError: see there
    """
    body = body_of(event, max_length)
    init_data, *_ = fields(body, "init_data", *required)
    person, signature = verified_person(init_data, settings.telegram_bot_token())
    user = User.find(person.user_id)
    if not settings.policy.admits(person.user_id, user):
        raise NotAdmittedError
    if user and user.erasure:
        raise BeingErasedError
    return Visit(person, signature, user, body)
