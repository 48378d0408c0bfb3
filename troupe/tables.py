"""The base of every table's model: it uses the process's one DynamoDB client, and a name from the environment."""

import os
from typing import Any, Self

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.connection.table import TableConnection
from pynamodb.exceptions import PynamoDBException
from pynamodb.models import Model

from troupe.aws import client

# Raised when a table or a queue can't be reached, or refuses a request.
ERRORS = (BotoCoreError, ClientError, PynamoDBException)


def condition_failed(error: PynamoDBException) -> bool:
    """True if DynamoDB refused a conditional write because its condition was false.

    PynamoDB's own `cause_response_code` raises on a broken connection: botocore gives that error an empty response.
    """
    cause = error.cause
    return isinstance(cause, ClientError) and cause.response["Error"]["Code"] == "ConditionalCheckFailedException"


def never_succeeds(error: Exception) -> bool:
    """True if DynamoDB will refuse the same write every time: an item over 400 kB, or a value that it does not take."""
    cause = error.cause if isinstance(error, PynamoDBException) else error
    codes = {"ValidationException", "ItemCollectionSizeLimitExceededException", "SerializationException"}
    return isinstance(cause, ClientError) and cause.response["Error"]["Code"] in codes


class Table(Model):
    """A PynamoDB model whose table is named by an environment variable, read at its first use."""

    class Meta:
        setting: str
        table_name: str

    @classmethod
    def _get_connection(cls) -> TableConnection:
        if cls._connection is None:
            cls.Meta.table_name = os.environ[cls.Meta.setting]
            # PynamoDB would make a client for each model: four times the start-up cost and memory.
            super()._get_connection().connection._client = client("dynamodb")  # noqa: SLF001 - no public way in
        return super()._get_connection()

    @classmethod
    def find(cls, hash_key: str | int, range_key: str | int | None = None) -> Self | None:
        """Reads consistently: another process may have written the row milliseconds ago."""
        try:
            return cls.get(hash_key, range_key, consistent_read=True)
        except cls.DoesNotExist:
            return None

    @classmethod
    def connect(cls) -> None:
        """Makes the client now, at import, rather than inside the first request."""
        cls._get_connection()

    @classmethod
    def connected_name(cls) -> str:
        """The table's name in DynamoDB."""
        cls._get_connection()
        return cls.Meta.table_name

    @classmethod
    def key(cls, *values: str | int) -> dict[str, Any]:
        """As DynamoDB writes it: the hash key first."""
        keys = sorted(
            (each for each in cls.get_attributes().values() if each.is_hash_key or each.is_range_key),
            key=lambda each: each.is_range_key,
        )
        return {
            each.attr_name: {each.attr_type: each.serialize(value)} for each, value in zip(keys, values, strict=True)
        }


def read_together(*wanted: tuple[type[Table], tuple[str | int, ...]]) -> list[Any]:
    """Rows of different tables in one request, read consistently, in the order in which they are asked for; None for
    a row that does not exist.

    :param wanted: each table once, with the values of a key
    """
    tables = [table.connected_name() for table, _ in wanted]
    keys = [table.key(*values) for table, values in wanted]
    asked = {name: {"Keys": [key], "ConsistentRead": True} for name, key in zip(tables, keys, strict=True)}
    found = client("dynamodb").batch_get_item(RequestItems=asked)
    rows: list[Any] = []
    for name, (table, values) in zip(tables, wanted, strict=True):
        items = found["Responses"].get(name, ())
        if name in found["UnprocessedKeys"]:
            # The table is busy. A request for this row alone is retried.
            rows.append(table.find(*values))
        else:
            rows.append(table.from_raw_data(items[0]) if items else None)
    return rows
