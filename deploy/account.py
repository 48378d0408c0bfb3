"""The AWS account and region of the terminal's credentials."""

import os
from dataclasses import dataclass
from functools import cache
from typing import Any

import boto3
from botocore.config import Config

from deploy.terminal import StoppedError

CONFIG = Config(connect_timeout=5, read_timeout=30, retries={"mode": "standard", "total_max_attempts": 4})


@dataclass(frozen=True)
class Account:
    number: str
    region: str

    @classmethod
    def open(cls) -> "Account":
        """:raises StoppedError: no region is set; botocore's own errors if the credentials are missing or wrong"""
        region = os.environ.get("AWS_REGION") or boto3.Session().region_name
        if not region:
            raise StoppedError("No AWS region is set: export AWS_REGION=eu-central-1, say, or `aws configure`.")
        # sam, and the tables of troupe, read them.
        os.environ["AWS_REGION"] = os.environ["AWS_DEFAULT_REGION"] = region
        identity = client("sts").get_caller_identity()
        return cls(identity["Account"], region)


@cache
def client(service: str) -> Any:
    """Any, because botocore makes the methods of its clients at run time."""
    return boto3.client(service, config=CONFIG)  # type: ignore[call-overload]  # typed by literal names only
