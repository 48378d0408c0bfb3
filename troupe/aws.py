"""One botocore session and one client of each service for a whole process."""

import os
from functools import cache
from pathlib import Path
from typing import Any

import botocore.session
from botocore.config import Config

# urllib3 loads the trusted certificates anew for each connection: the 120 of the usual bundle take 16 ms of CPU each
# time, Amazon's five take less than one.
AMAZON_ROOTS = Path(__file__).with_name("amazon_roots.pem")

# The timeouts are short, because a caller waits: API Gateway gives up after 30 s, and Telegram sends the update again.
_CONFIG = Config(
    connect_timeout=2,
    read_timeout=5,
    retries={"mode": "standard", "total_max_attempts": 3},
    max_pool_connections=20,
    # botocore would validate the parameters and make a user agent for each request. PynamoDB and Troupe send valid
    # requests, and nothing reads the user agent.
    parameter_validation=False,
    user_agent="troupe",
)


@cache
def _session() -> botocore.session.Session:
    return botocore.session.get_session()


@cache
def client(service: str) -> Any:
    """A client for the process. Call it at import: botocore's making of clients is not thread-safe.

    Any, because botocore makes its clients' methods at run time.
    """
    return _session().create_client(service, config=_CONFIG, verify=_trusted())


def _trusted() -> str | None:
    """The file with the certificates to trust. None leaves the choice to botocore: AWS_CA_BUNDLE, or all of its own.

    A server that AWS_ENDPOINT_URL names, or the same variable for one service, may have any authority's certificate.
    """
    other_server = any(name.startswith("AWS_ENDPOINT_URL") and value for name, value in os.environ.items())
    return None if other_server or _session().get_config_variable("ca_bundle") else str(AMAZON_ROOTS)
