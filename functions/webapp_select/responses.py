"""The responses of the Mini App's API: JSON, and what each error of a request is answered with."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.event_handler import Response, content_types
from aws_lambda_powertools.event_handler.exceptions import NotFoundError

from functions.webapp_select.form import InvalidFormError
from functions.webapp_select.init_data import InitDataError
from functions.webapp_select.memory_requests import RefusedError
from functions.webapp_select.own_characters import MayNotMakeError
from functions.webapp_select.request import MalformedRequestError
from functions.webapp_select.visitor import BeingErasedError, NotAdmittedError
from troupe import tables
from troupe.characters.owned import TooManyCharactersError, UnknownCharacterError
from troupe.characters.owners_list import MAX_CHARACTERS
from troupe.observability import count, logger


def unknown_character() -> Response[Any]:
    return _error(404, "unknown_character", "There is no such character.")


def _error(status: int, code: str, message: str, **more: Any) -> Response[Any]:
    return as_json(status, {"error": code, "message": message, **more})


def as_json(status: int, body: dict[str, Any], cache: str = "no-store") -> Response[Any]:
    return Response(status, content_types.APPLICATION_JSON, body, headers={"Cache-Control": cache})


def no_route() -> Response[Any]:
    return _error(404, "no_route", "There is nothing at this address.")


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
    return unknown_character()


def _unavailable(_: Exception) -> Response[Any]:
    logger.exception("Storing or queueing failed")
    return _error(503, "unavailable", "That did not work just now. Try again in a moment.")


RESPONSES: dict[type[Exception], Callable[..., Response[Any]]] = {
    InitDataError: _refuse,
    NotAdmittedError: _turn_away,
    BeingErasedError: _refuse_while_erased,
    MalformedRequestError: _malformed,
    InvalidFormError: _invalid,
    TooManyCharactersError: _too_many,
    RefusedError: _refused,
    MayNotMakeError: _may_not_make,
    UnknownCharacterError: _not_theirs,
    **dict.fromkeys(tables.ERRORS, _unavailable),
    NotFoundError: lambda _: no_route(),
}
