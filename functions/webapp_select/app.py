"""The API of the Mini App: the characters, the person's own ones, and the characters' memories."""

import hashlib
from functools import partial
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response, content_types
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.webapp_select import memory_requests, own_characters, picker_list, portraits, settings, writing
from functions.webapp_select.character_page import page_of
from functions.webapp_select.choosing import may_choose, may_open
from functions.webapp_select.responses import RESPONSES, as_json, no_route, unknown_character
from functions.webapp_select.visitor import BeingErasedError, visit
from troupe import aws, choices, first_calls
from troupe.characters.character import Character
from troupe.characters.ids import in_metrics
from troupe.conversations.jobs.answering import GreetJob
from troupe.conversations.jobs.queue import enqueue
from troupe.observability import correlate, count, observed
from troupe.telegram.texts import interface_language
from troupe.users import User

app = APIGatewayHttpResolver()
for error, response in RESPONSES.items():
    app.exception_handler(error)(response)
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
    return as_json(200, {"character_id": current, "language": here.chat_language, "recent": recent, **own})


@app.post("/api/character")
def character() -> Response[Any]:
    """The page of a character that the person may see."""
    here = visit(app.current_event, "character_id")
    character_id = here.body["character_id"]
    found = Character.with_card(character_id) if may_open(here, character_id) else None
    return as_json(200, page_of(*found, here.page_language)) if found else unknown_character()


@app.post("/api/select")
def select() -> Response[Any]:
    """Stores the choice, then has the character greet.

    A repeated request greets once. Choosing A, then B, then A again gives three greetings.
    """
    here = visit(app.current_event, "character_id")
    character_id = here.body["character_id"]
    if not may_choose(here, character_id):
        return unknown_character()
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
    return as_json(200, {})


@app.post("/api/form")
def form() -> Response[Any]:
    return as_json(200, own_characters.started_form(visit(app.current_event)))


@app.post("/api/save")
def save() -> Response[Any]:
    here = visit(app.current_event, max_length=own_characters.MAX_SAVED)
    return as_json(200, {"character_id": own_characters.save(here, _request_id())})


@app.post("/api/share")
def share() -> Response[Any]:
    own_characters.share(visit(app.current_event, "character_id"), _request_id())
    return as_json(200, {})


@app.post("/api/export")
def export() -> Response[Any]:
    own_characters.export(visit(app.current_event, "character_id"), _request_id())
    return as_json(200, {})


@app.post("/api/delete")
def delete() -> Response[Any]:
    """A repeat finds nothing to delete, and succeeds."""
    own_characters.delete(visit(app.current_event, "character_id"))
    return as_json(200, {})


@app.post("/api/suggest")
def suggest() -> Response[Any]:
    here = visit(app.current_event, "field", max_length=own_characters.MAX_SAVED)
    return as_json(200, writing.ask(here, _request_id()))


@app.post("/api/suggestion")
def suggestion() -> Response[Any]:
    return as_json(200, writing.read(visit(app.current_event, "suggestion_id")))


@app.post("/api/memory/<action>")
def memory(action: str) -> Response[Any]:
    here = visit(app.current_event, "character_id")
    body = memory_requests.answer(action, here, _request_id())
    return no_route() if body is None else as_json(200, body)


@app.get("/api/portraits/<name>")
def portrait(name: str) -> Response[Any]:
    return portraits.answer(name) or no_route()


def _request_id() -> str:
    return app.current_event.request_context.request_id


@observed
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """An API Gateway request (payload 2.0)."""
    correlate(event["requestContext"]["requestId"])
    return app.resolve(event, context)
