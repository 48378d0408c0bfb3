"""The picker's API: list the characters, say who is chosen, choose."""

import hashlib
from functools import partial
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response, content_types
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.webapp_select import settings
from functions.webapp_select.init_data import InitDataError, verified_person
from functions.webapp_select.picker_list import as_shown, listed_characters
from functions.webapp_select.request import MalformedRequestError, fields
from troupe import aws, choices, first_calls, tables
from troupe.characters.character import Character
from troupe.conversations import jobs
from troupe.observability import correlate, count, logger, observed
from troupe.telegram.texts import interface_language
from troupe.users import Person, User

app = APIGatewayHttpResolver()
for table in (User, Character):
    table.connect()
aws.client("sqs")
first_calls.make(settings.read_secrets, partial(User.find, 0), first_calls.reach_queue)


@app.get("/api/characters")
def characters() -> Response[Any]:
    language = interface_language(app.current_event.get_query_string_value("lang"))
    shown = [as_shown(character, language) for character in listed_characters()]
    return _json(200, {"characters": shown}, cache="public, max-age=60")


@app.post("/api/me")
def me() -> Response[Any]:
    (init_data,) = fields(app.current_event, "init_data")
    person, _ = verified_person(init_data, settings.telegram_bot_token())
    user = User.find(person.user_id)
    language = interface_language(_language(user, person))
    return _json(200, {"character_id": user.character_id if user else None, "language": language})


@app.post("/api/select")
def select() -> Response[Any]:
    """Stores the choice, then has the character greet. A repeated request greets once; A, then B, then A thrice."""
    init_data, character_id = fields(app.current_event, "init_data", "character_id")
    person, signature = verified_person(init_data, settings.telegram_bot_token())
    if not Character.may_choose(person.user_id, character_id):
        return _error(404, "unknown_character", "There is no such character.")
    user = choices.choose(person, character_id)
    request = app.current_event.request_context.request_id
    job = jobs.GreetJob(
        person_id=person.user_id,
        chat_id=person.user_id,
        character_id=character_id,
        language=interface_language(_language(user, person)),
        correlation_id=request,
        generation=user.generation(character_id) if user else 0,
    )
    # A repeat finds the character chosen already. Coming back to a character is a switch with a time of its own.
    switched_at = user.switches[-1][0] if user else 0
    jobs.enqueue(job, hashlib.sha256(f"{signature}:{character_id}:{switched_at}".encode()).hexdigest())
    count("CharactersChosen", character=character_id)
    return _json(200, {})


def _language(user: User | None, person: Person) -> str | None:
    return (user and user.language_choice) or person.language


def _refuse(error: InitDataError) -> Response[Any]:
    count("InitDataRefused")
    logger.warning("Init data refused", extra={"reason": str(error)})
    return _error(401, "init_data", "This page was not opened from the chat, or too long ago. Open it again.")


def _malformed(error: MalformedRequestError) -> Response[Any]:
    return _error(422, "malformed", str(error))


def _unavailable(_: Exception) -> Response[Any]:
    logger.exception("Storing or queueing failed")
    return _error(503, "unavailable", "That did not work just now. Try again in a moment.")


def _not_found(_: NotFoundError) -> Response[Any]:
    return _error(404, "no_route", "There is nothing at this address.")


app.exception_handler(InitDataError)(_refuse)
app.exception_handler(MalformedRequestError)(_malformed)
app.exception_handler(list(tables.ERRORS))(_unavailable)
app.not_found(_not_found)


@observed
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """An API Gateway request (payload 2.0)."""
    correlate(event["requestContext"]["requestId"])
    return app.resolve(event, context)


def _error(status: int, code: str, message: str) -> Response[Any]:
    return _json(status, {"error": code, "message": message})


def _json(status: int, body: dict[str, Any], cache: str = "no-store") -> Response[Any]:
    return Response(status, content_types.APPLICATION_JSON, body, headers={"Cache-Control": cache})
