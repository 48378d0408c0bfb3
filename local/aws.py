"""boto3 clients of the AWS emulator, with made-up keys: real keys never reach the emulator, and no call reaches AWS."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from local.emulator import REGION

if TYPE_CHECKING:  # the stubs are installed for mypy only
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodbstreams.client import DynamoDBStreamsClient
    from mypy_boto3_sqs.client import SQSClient

ACCESS_KEY = "test"
# The pollers retry by themselves. A long poll lasts a second or two, and longer on a busy machine: a minute without an
# answer is an outage.
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
        """The AWS environment variables that Lambda sets, for this emulator."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": ACCESS_KEY,
            "AWS_SESSION_TOKEN": "",  # replaces a real one in the environment
        }
