"""One botocore session, and one client of each service, for everything a process asks of AWS."""

from collections.abc import Callable
from functools import cache
from typing import Any

import botocore.session
from botocore.config import Config

# Short, for a caller waits: API Gateway gives up after 30 s, and Telegram sends again.
_CONFIG = Config(
    connect_timeout=2,
    read_timeout=5,
    retries={"mode": "standard", "total_max_attempts": 3},
    max_pool_connections=20,
    # Both are done anew for every request: what PynamoDB and we send is of one shape, and nobody reads who sent it.
    parameter_validation=False,
    user_agent="troupe",
)


@cache
def _session() -> botocore.session.Session:
    return botocore.session.get_session()


@cache
def client(service: str) -> Any:
    """A client for the process. Made at import by who needs it: botocore's making of clients is not thread-safe.

    Any, because botocore makes its clients' methods at run time.
    """
    return _session().create_client(service, config=_CONFIG)


def secret_parameter(name: str) -> Callable[[], str]:
    """A SecureString of SSM Parameter Store, read when first called for."""

    @cache
    def read() -> str:
        answer = client("ssm").get_parameter(Name=name, WithDecryption=True)
        return str(answer["Parameter"]["Value"])

    return read
