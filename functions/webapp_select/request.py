"""The body of a request to the picker's API: a JSON object."""

import json
from typing import Any

from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

MAX_LENGTH = 16_384


class MalformedRequestError(ValueError):
    """The message names what is missing or of the wrong type, for the developer of a page."""


def body_of(event: APIGatewayProxyEventV2, max_length: int = MAX_LENGTH) -> dict[str, Any]:
    """:param max_length: in characters
    :raises MalformedRequestError: no JSON object, or a longer one
    """
    try:
        text = event.decoded_body or ""
        body = json.loads(text) if len(text) <= max_length else None
    except (ValueError, RecursionError) as error:
        raise MalformedRequestError("the body is not JSON") from error
    if not isinstance(body, dict):
        raise MalformedRequestError("the body is not a JSON object of a sensible size")
    return body


def fields(body: dict[str, Any], *names: str) -> list[str]:
    """The named fields, in that order.

    :raises MalformedRequestError: a field is missing, empty or no string
    """
    for name in names:
        if not isinstance(body.get(name), str) or not body[name]:
            raise MalformedRequestError(f"{name} is not a non-empty string")
    return [body[name] for name in names]
