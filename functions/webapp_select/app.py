"""The API of the Mini App: the characters, the person's own ones, and the characters' memories."""

import hashlib
from functools import partial
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response, content_types
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.webapp_select import memory_requests, own_characters, picker_list, portraits, settings, writing
from functions.webapp_select.character_page import page_of
from functions.webapp_select.choosing import may_choose, may_open
from functions.webapp_select.form import InvalidFormError
from functions.webapp_select.init_data import InitDataError
from functions.webapp_select.memory_requests import RefusedError
from functions.webapp_select.own_characters import MayNotMakeError
from functions.webapp_select.request import MalformedRequestError
from functions.webapp_select.visitor import BeingErasedError, NotAdmittedError, visit
from troupe import aws, choices, first_calls, tables
from troupe.characters.character import Character
from troupe.characters.ids import in_metrics
from troupe.characters.owned import TooManyCharactersError, UnknownCharacterError
from troupe.characters.owners_list import MAX_CHARACTERS
from troupe.conversations.jobs.answering import GreetJob
from troupe.conversations.jobs.queue import enqueue
from troupe.observability import correlate, count, logger, observed
from troupe.telegram.texts import interface_language
from troupe.users import User

app = APIGatewayHttpResolver()
for table in (User, Character):
    table.connect()
aws.client("sqs")
first_calls.make(settings.read_secrets, partial(User.find, 0), first_calls.reach_queue)


@app.get("/api/characters")
def characters() -> Response[Any]:
    language = interface_language(app.current_event.get_query_string_value("lang"))
    answer = picker_list.answer(language)
    headers = {"Cache-Control": "public, max-age=60", "ETag": answer.tag}
    if answer.tag in (app.current_event.headers.get("if-none-match") or ""):
        return Response(304, headers=headers)
    return Response(200, content_types.APPLICATION_JSON, answer.body, headers=headers)


@app.post("/api/me")
def me() -> Response[Any]:
    here = visit(app.current_event)
    current = here.user.character_id if here.user else None
    recent = picker_list.recent(here.user, here.page_language) if here.user else []
    own = {"yours": own_characters.listed(here), "may_make": own_characters.may_make(here)}
    return _json(200, {"character_id": current, "language": here.chat_language, "recent": recent, **own})


@app.post("/api/character")
def character() -> Response[Any]:
    """The page of a character that the person may see."""
    here = visit(app.current_event, "character_id")
    character_id = here.body["character_id"]
    found = Character.with_card(character_id) if may_open(here, character_id) else None
    return _json(200, page_of(*found, here.page_language)) if found else _unknown()


@app.post("/api/select")
def select() -> Response[Any]:
    """Stores the choice, then has the character greet.

    A repeated request greets once. Choosing A, then B, then A again gives three greetings.
    """
    here = visit(app.current_event, "character_id")
    character_id = here.body["character_id"]
    if not may_choose(here, character_id):
        return _unknown()
    user = choices.choose(here.person, character_id)
    if user and user.erasure:
        raise BeingErasedError
    job = GreetJob(
        person_id=here.person_id,
        chat_id=here.person_id,
        character_id=character_id,
        language=here.chat_language,
        correlation_id=_request_id(),
        generation=user.generation(character_id) if user else 0,
    )
    # A repeat finds the character chosen already. Coming back to a character is a switch with a time of its own.
    switched_at = user.switches[-1][0] if user else 0
    enqueue(job, hashlib.sha256(f"{here.signature}:{character_id}:{switched_at}".encode()).hexdigest())
    count("CharactersChosen", character=in_metrics(character_id))
    return _json(200, {})


@app.post("/api/form")
def form() -> Response[Any]:
    return _json(200, own_characters.started_form(visit(app.current_event)))


@app.post("/api/save")
def save() -> Response[Any]:
    here = visit(app.current_event, max_length=own_characters.MAX_SAVED)
    return _json(200, {"character_id": own_characters.save(here, _request_id())})


@app.post("/api/share")
def share() -> Response[Any]:
    own_characters.share(visit(app.current_event, "character_id"), _request_id())
    return _json(200, {})


@app.post("/api/export")
def export() -> Response[Any]:
    own_characters.export(visit(app.current_event, "character_id"), _request_id())
    return _json(200, {})


@app.post("/api/delete")
def delete() -> Response[Any]:
    """A repeat finds nothing to delete, and succeeds."""
    own_characters.delete(visit(app.current_event, "character_id"))
    return _json(200, {})


@app.post("/api/suggest")
def suggest() -> Response[Any]:
    here = visit(app.current_event, "field", max_length=own_characters.MAX_SAVED)
    return _json(200, writing.ask(here, _request_id()))


@app.post("/api/suggestion")
def suggestion() -> Response[Any]:
    return _json(200, writing.read(visit(app.current_event, "suggestion_id")))


@app.post("/api/memory/<action>")
def memory(action: str) -> Response[Any]:
    here = visit(app.current_event, "character_id")
    body = memory_requests.answer(action, here, _request_id())
    return _not_found(NotFoundError()) if body is None else _json(200, body)


@app.get("/api/portraits/<name>")
def portrait(name: str) -> Response[Any]:
    return portraits.answer(name) or _not_found(NotFoundError())


def _request_id() -> str:
    return app.current_event.request_context.request_id


def _refuse(error: InitDataError) -> Response[Any]:
    count("InitDataRefused")
    logger.warning("Init data refused", extra={"reason": str(error)})
    return _error(401, "init_data", "This page was not opened from the chat, or too long ago. Open it again.")


def _turn_away(_: NotAdmittedError) -> Response[Any]:
    return _error(403, "not_admitted", "This bot is for invited people only.")


def _refuse_while_erased(_: BeingErasedError) -> Response[Any]:
    return _error(409, "being_erased", "Your data is being erased. Try again when the receipt has come.")


def _malformed(error: MalformedRequestError) -> Response[Any]:
    return _error(422, "malformed", str(error))


def _invalid(error: InvalidFormError) -> Response[Any]:
    wrong = {"fields": error.fields, "whole": error.whole}
    return _error(422, "invalid", f"This can't be stored as it is: {error}.", **wrong)


def _too_many(_: TooManyCharactersError) -> Response[Any]:
    return _error(409, "too_many", f"A person may have {MAX_CHARACTERS} characters.")


def _refused(error: RefusedError) -> Response[Any]:
    return _error(error.status, error.code, error.message)


def _may_not_make(_: MayNotMakeError) -> Response[Any]:
    return _error(409, "may_not_make", "This bot's operator has not let you make characters.")


def _not_theirs(_: UnknownCharacterError) -> Response[Any]:
    return _unknown()


def _unavailable(_: Exception) -> Response[Any]:
    logger.exception("Storing or queueing failed")
    return _error(503, "unavailable", "That did not work just now. Try again in a moment.")


def _not_found(_: NotFoundError) -> Response[Any]:
    return _error(404, "no_route", "There is nothing at this address.")


app.exception_handler(InitDataError)(_refuse)
app.exception_handler(NotAdmittedError)(_turn_away)
app.exception_handler(BeingErasedError)(_refuse_while_erased)
app.exception_handler(MalformedRequestError)(_malformed)
app.exception_handler(InvalidFormError)(_invalid)
app.exception_handler(TooManyCharactersError)(_too_many)
app.exception_handler(RefusedError)(_refused)
app.exception_handler(MayNotMakeError)(_may_not_make)
app.exception_handler(UnknownCharacterError)(_not_theirs)
app.exception_handler(list(tables.ERRORS))(_unavailable)
app.not_found(_not_found)


@observed
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """An API Gateway request (payload 2.0)."""
    correlate(event["requestContext"]["requestId"])
    return app.resolve(event, context)


def _unknown() -> Response[Any]:
    return _error(404, "unknown_character", "There is no such character.")


def _error(status: int, code: str, message: str, **more: Any) -> Response[Any]:
    return _json(status, {"error": code, "message": message, **more})


def _json(status: int, body: dict[str, Any], cache: str = "no-store") -> Response[Any]:
    return Response(status, content_types.APPLICATION_JSON, body, headers={"Cache-Control": cache})
