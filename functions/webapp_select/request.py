"""The body of a request to the picker's API: a JSON object of strings."""

import json

from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

MAX_LENGTH = 16_384


class MalformedRequestError(ValueError):
    """The message names what is missing or of the wrong type, for the developer of a page."""


def fields(event: APIGatewayProxyEventV2, *names: str) -> list[str]:
    """The named fields, in that order.

    :raises MalformedRequestError: the body is no JSON object, or a field is missing, empty or no string
    """
    try:
        text = event.decoded_body or ""
        body = json.loads(text) if len(text) <= MAX_LENGTH else None
    except (ValueError, RecursionError) as error:
        raise MalformedRequestError("the body is not JSON") from error
    if not isinstance(body, dict):
        raise MalformedRequestError("the body is not a JSON object of a sensible size")
    for name in names:
        if not isinstance(body.get(name), str) or not body[name]:
            raise MalformedRequestError(f"{name} is not a non-empty string")
    return [body[name] for name in names]
