"""Clients of the AWS emulator. They carry made-up keys, so that no real ones can ever reach it, or it them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from local.emulator import REGION

if TYPE_CHECKING:  # stubs: there to check with, not to run with
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodbstreams.client import DynamoDBStreamsClient
    from mypy_boto3_sqs.client import SQSClient

ACCESS_KEY = "test"
# A poller knows better than a client when to try again; a long poll lasts a second or two, on a busy machine
# some more, so a minute means trouble.
CONFIG = Config(retries={"total_max_attempts": 1}, connect_timeout=10, read_timeout=60, max_pool_connections=50)


@dataclass(frozen=True)
class Aws:
    endpoint_url: str
    dynamodb: "DynamoDBClient"
    streams: "DynamoDBStreamsClient"
    sqs: "SQSClient"

    @classmethod
    def at(cls, endpoint_url: str) -> "Aws":
        session = boto3.Session(aws_access_key_id=ACCESS_KEY, aws_secret_access_key=ACCESS_KEY, region_name=REGION)
        return cls(
            endpoint_url,
            session.client("dynamodb", endpoint_url=endpoint_url, config=CONFIG),
            session.client("dynamodbstreams", endpoint_url=endpoint_url, config=CONFIG),
            session.client("sqs", endpoint_url=endpoint_url, config=CONFIG),
        )

    def settings(self) -> dict[str, str]:
        """The environment variables Lambda itself gives a function, pointing here."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": ACCESS_KEY,
            "AWS_SESSION_TOKEN": "",  # a real one may be set
        }
