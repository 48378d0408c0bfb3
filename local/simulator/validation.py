"""Validates each call against aiogram's models of the Bot API: the method, the parameters' names and types."""

import json
from typing import Any

from pydantic import BaseModel, ValidationError

from local.simulator.api_models import built, methods
from local.simulator.refusal import Json, Refused, bad_request

MethodModel = type[methods.TelegramMethod[Any]]
KNOWN: dict[str, MethodModel] = {
    model.__api_method__.lower(): model
    for name in methods.__all__
    if isinstance(model := getattr(methods, name), type)
    and issubclass(model, methods.TelegramMethod)
    and model is not methods.TelegramMethod
}


def method_model(method: str) -> MethodModel:
    try:
        return built(KNOWN[method.lower()])
    except KeyError:
        raise Refused(404, "Not Found: method not found") from None


def validated(model: MethodModel, params: Json) -> Json:
    """Returns the parameters in the models' types ("1" for an integer becomes 1).

    :raises Refused: a parameter is unknown, missing or of a wrong type
    """
    _refuse_unknown(set(params) - set(model.model_fields))
    try:
        call = model.model_validate({name: _decoded(model, name, value) for name, value in params.items()})
    except ValidationError as problem:
        raise _refusal(problem) from None
    _refuse_unknown(_extras(call))
    plain = call.model_dump(exclude_unset=True, exclude_none=True, by_alias=True)
    chat_id = plain.get("chat_id")
    # In a form, a number is text, as "@name" is.
    return plain | {"chat_id": int(chat_id)} if isinstance(chat_id, str) and chat_id.lstrip("-").isdecimal() else plain


def _decoded(model: MethodModel, name: str, value: Any) -> Any:
    """Objects and lists may be JSON text: always in a form, sometimes in a JSON body."""
    takes_objects = any(word in str(model.model_fields[name].annotation) for word in ("aiogram.types", "list["))
    if not (isinstance(value, str) and value[:1] in ("{", "[") and takes_objects):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise bad_request(f"can't parse {name} JSON object") from None


def _extras(value: Any) -> set[str]:
    """Field names, at any depth, that the Bot API does not have. Telegram ignores them; here they are mistakes."""
    if isinstance(value, list):
        return set().union(*(_extras(each) for each in value))
    if not isinstance(value, BaseModel):
        return set()
    own = set(value.model_extra or {})
    return own.union(*(_extras(getattr(value, name)) for name in value.model_fields_set - own))


def _refuse_unknown(names: set[str]) -> None:
    if names:
        raise bad_request(f"unknown parameter {', '.join(sorted(names))}")


def _refusal(problem: ValidationError) -> Refused:
    first = problem.errors(include_url=False, include_input=False)[0]
    name = ".".join(str(part) for part in first["loc"])
    if first["type"] != "missing":
        return bad_request(f"can't parse {name}: {first['msg']}")
    return bad_request("message text is empty" if name == "text" else f"{name} is empty")
