"""Secrets in SSM's Parameter Store, read with one request."""

import threading
from collections.abc import Callable, Mapping

from botocore.exceptions import BotoCoreError

from troupe.aws import client


class MissingSecretsError(BotoCoreError):
    """SSM answers, and has no such parameters. `make secrets` stores them."""

    fmt = "SSM has no parameter {names}"


class ParameterStore:
    """SecureStrings by name. SSM is asked until it has answered once, and the values are kept from then on."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._optional: set[str] = set()
        self._values: dict[str, str] = {}
        self._one_at_a_time = threading.Lock()

    def secret(self, name: str, *, optional: bool = False) -> Callable[[], str]:
        """Returns a function that returns the value, empty for an optional one that SSM does not have.

        It raises what `read` raises.
        """
        client("ssm")
        if optional:
            self._optional.add(name)
        self._names.append(name)
        return lambda: self.read()[name]

    def read(self) -> Mapping[str, str]:
        """:raises BotoCoreError: also ClientError: SSM can't be reached, throttles, refuses or has no such parameter"""
        with self._one_at_a_time:
            if len(self._values) < len(self._names):
                answer = client("ssm").get_parameters(Names=self._names, WithDecryption=True)
                missing = [name for name in answer["InvalidParameters"] if name not in self._optional]
                if missing:
                    raise MissingSecretsError(names=", ".join(missing))
                found = {each["Name"]: each["Value"] for each in answer["Parameters"]}
                self._values = dict.fromkeys(self._optional, "") | found
            return self._values
