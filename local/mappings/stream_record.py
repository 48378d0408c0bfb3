"""A record of a DynamoDB stream, in Lambda's form."""

import base64
from collections.abc import Sequence
from datetime import datetime
from typing import Any

Record = dict[str, Any]


def sequence_number(record: Record) -> str:
    number: str = record["dynamodb"]["SequenceNumber"]
    return number


def created_at(record: Record) -> float:
    """Seconds since the epoch."""
    seconds: float = record["dynamodb"]["ApproximateCreationDateTime"]
    return seconds


def lambda_record(record: Any, arn: str) -> Record:
    """Converts boto3's form of a stream record to Lambda's."""
    plain = _plain(record)
    identity = plain.pop("userIdentity", None)
    if identity:
        plain["userIdentity"] = {"principalId": identity["PrincipalId"], "type": identity["Type"]}
    return {**plain, "eventSourceARN": arn}


def _plain(value: Any) -> Any:
    match value:
        case bytes():
            return base64.b64encode(value).decode()
        case datetime():
            return value.timestamp()
        case dict():
            return {key: _plain(part) for key, part in value.items()}
        case str():
            return value
        case Sequence():
            return [_plain(part) for part in value]
    return value
