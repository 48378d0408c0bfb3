"""The body of a request to the picker's API."""

import base64
import json
from typing import Any

import pytest
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from functions.webapp_select.request import MalformedRequestError, body_of, fields


def event(body: str, **more: Any) -> APIGatewayProxyEventV2:
    return APIGatewayProxyEventV2({"body": body, **more})


def body_text(length: int) -> str:
    """A JSON object that long."""
    return json.dumps({"name": "x" * (length - len('{"name": ""}'))})


def test_the_named_fields_come_in_the_order_asked_for() -> None:
    body = json.dumps({"a": "1", "b": "2", "c": 3})
    assert fields(body_of(event(body)), "b", "a") == ["2", "1"]
    assert fields(body_of(event(base64.b64encode(body.encode()).decode(), isBase64Encoded=True)), "a") == ["1"]


def test_a_body_of_16384_characters_is_read_and_a_longer_one_is_not() -> None:
    assert len(body_text(16_384)) == 16_384
    assert fields(body_of(event(body_text(16_384))), "name")
    with pytest.raises(MalformedRequestError, match="sensible size"):
        fields(body_of(event(body_text(16_385))), "name")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[" * 10_000, "not JSON"),
        ("[]", "not a JSON object"),
        ("{}", "name is not a non-empty string"),
        ('{"name": ""}', "name is not a non-empty string"),
        ('{"name": 5}', "name is not a non-empty string"),
    ],
)
def test_a_body_without_the_named_string_is_refused_with_the_reason(body: str, reason: str) -> None:
    with pytest.raises(MalformedRequestError, match=reason):
        fields(body_of(event(body)), "name")
