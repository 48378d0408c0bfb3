"""The validation of each endpoint's requests. Errors name the parameter, as OpenAI's do."""

from typing import Any

from local.llm.catalogue import Model, check_fits, find_model
from local.llm.errors import RefusedError
from local.llm.parameters import COMPLETION, DECISION, MODERATION, RESPONSE

MAX_QUESTIONS = 400


def check_response_request(body: Any) -> Model:
    """:raises RefusedError: 400 or 404"""
    RESPONSE(body, "")
    if body.get("previous_response_id"):
        message = f"Previous response with id '{body['previous_response_id']}' not found."
        raise RefusedError(400, message, "previous_response_not_found", "previous_response_id")
    if not body.get("input"):
        raise RefusedError(400, "Missing required parameter: 'input'.", "missing_required_parameter", "input")
    _stream_options_need_stream(body)
    model = find_model(body["model"])
    check_fits(model, body, (body.get("reasoning") or {}).get("effort"), "reasoning.effort")
    return model


def check_completion_request(body: Any) -> Model:
    """:raises RefusedError: 400 or 404"""
    COMPLETION(body, "")
    if not body["messages"]:
        message = (
            "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead."
        )
        raise RefusedError(400, message, "empty_array", "messages")
    _stream_options_need_stream(body)
    model = find_model(body["model"])
    check_fits(model, body, body.get("reasoning_effort"), "reasoning_effort")
    return model


def check_moderation_request(body: Any) -> None:
    """:raises RefusedError: 400 or 404"""
    MODERATION(body, "")
    name = body.get("model") or "omni-moderation-latest"
    find_model(name)
    if not name.startswith("omni-moderation"):
        raise RefusedError(400, f"Invalid value: '{name}' is not a moderation model.", "invalid_value", "model")


def check_decision_request(body: Any) -> None:
    """:raises RefusedError: 400"""
    DECISION(body, "")
    if not 1 <= len(body["questions"]) <= MAX_QUESTIONS:
        message = f"Invalid 'questions': ask 1 to {MAX_QUESTIONS}, not {len(body['questions'])}."
        raise RefusedError(400, message, "invalid_value", "questions")


def _stream_options_need_stream(body: dict[str, Any]) -> None:
    if body.get("stream_options") is not None and not body.get("stream"):
        message = "The 'stream_options' parameter is only allowed when 'stream' is enabled."
        raise RefusedError(400, message, "invalid_value", "stream_options")
