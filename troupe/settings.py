"""Settings are environment variables, the same names in Lambda and on a laptop.

Only the standard library is used: the webhook reads its settings here too, and must start fast.
"""

import re
from collections.abc import Callable, Mapping

from troupe import aws


class SettingsError(ValueError):
    """Settings are missing or wrong. The message has one line for each of them."""


class Environment:
    """Reads settings one by one and keeps what is wrong with them, so that `check` can name it all at once."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self._problems: list[str] = []

    def text(self, name: str, *, default: str | None = None, pattern: str = r"\S+") -> str:
        value = self._values.get(name) or default
        if value is None:
            self._problems.append(f"{name} is not set")
            return ""
        if not re.fullmatch(pattern, value):
            # The value stays out of the message: it may be a secret put under the wrong name.
            self._problems.append(f"{name} does not look right: it should match {pattern}")
        return value

    def url(self, name: str, *, default: str | None = None) -> str:
        return self.text(name, default=default, pattern=r"https?://[^\s/]+(/\S*)?")

    def server(self, name: str, *, default: str | None = None) -> str:
        """The address of a server, to put a path behind: without the slash that it may end with."""
        return self.url(name, default=default).rstrip("/")

    def number(self, name: str, *, default: int, least: int, most: int) -> int:
        value = self._values.get(name) or str(default)
        if not re.fullmatch(r"[0-9]{1,9}", value) or not least <= int(value) <= most:
            self._problems.append(f"{name} should be a whole number from {least} to {most}")
            return default
        return int(value)

    def secret(self, name: str, *, pattern: str = r"\S+") -> Callable[[], str]:
        """Where a secret comes from: the variable itself, or the SSM parameter that <name>_PARAMETER names.

        What comes back is called for the value. SSM is asked at the first call, so importing a function touches no
        network, and the answer is kept for the life of the process.
        """
        if self._values.get(name):
            value = self.text(name, pattern=pattern)
            return lambda: value
        parameter = self._values.get(f"{name}_PARAMETER")
        if not parameter:
            self._problems.append(f"{name} is not set (nor {name}_PARAMETER, the SSM parameter that holds it)")
            return str
        return aws.secret_parameter(parameter)

    def check(self) -> None:
        """:raises SettingsError: anything read so far was missing or wrong"""
        if self._problems:
            raise SettingsError("\n".join(self._problems))
