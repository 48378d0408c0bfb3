"""Settings are environment variables, with the same names in Lambda and on a laptop.

This module imports little: the webhook reads its settings here too, and must start fast.
"""

import re
from collections.abc import Callable, Mapping

from troupe.parameter_store import ParameterStore


class SettingsError(ValueError):
    """Settings are missing or wrong. The message has one line for each of them."""


class Environment:
    """Reads settings one by one and collects what is wrong with them, so that `check` names every problem at once."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self._problems: list[str] = []
        self._parameters = ParameterStore()

    def text(self, name: str, *, default: str | None = None, pattern: str = r"\S+") -> str:
        value = self._values.get(name) or default
        if value is None:
            self._problems.append(f"{name} is not set")
            return ""
        if not re.fullmatch(pattern, value):
            # The message leaves the value out: it may be a secret under the wrong name.
            self._problems.append(f"{name} does not look right: it should match {pattern}")
        return value

    def url(self, name: str, *, default: str | None = None) -> str:
        return self.text(name, default=default, pattern=r"https?://[^\s/]+(/\S*)?")

    def server(self, name: str, *, default: str | None = None) -> str:
        """The address of a server, without a slash at the end, so that a path can be added."""
        return self.url(name, default=default).rstrip("/")

    def number(self, name: str, *, default: int, least: int, most: int) -> int:
        value = self._values.get(name) or str(default)
        if not re.fullmatch(r"[0-9]{1,9}", value) or not least <= int(value) <= most:
            self._problems.append(f"{name} should be a whole number from {least} to {most}")
            return default
        return int(value)

    def dollars(self, name: str, *, default: float) -> float:
        value = self._values.get(name) or str(default)
        if not re.fullmatch(r"[0-9]{1,7}(\.[0-9]{1,6})?", value):
            self._problems.append(f"{name} should be US dollars, as 0.25 or 10")
            return default
        return float(value)

    def ids(self, name: str) -> frozenset[int]:
        """Ids of people in Telegram, separated by commas; none if the setting is missing or empty."""
        value = self._values.get(name) or ""
        given = [each.strip() for each in value.split(",")] if value.strip() else []
        if not all(re.fullmatch(r"[0-9]{1,16}", each) for each in given):
            self._problems.append(f"{name} should be ids of people in Telegram, separated by commas")
            return frozenset()
        return frozenset(map(int, given))

    def secret(self, name: str, *, pattern: str = r"\S+") -> Callable[[], str]:
        """Returns a function that returns the secret: the variable's value, or that of the SSM parameter which
        <name>_PARAMETER names.

        Importing a function's settings touches no network: `read_secrets` does, or the first call for a value. Both
        raise what `ParameterStore.read` raises.
        """
        if self._values.get(name):
            value = self.text(name, pattern=pattern)
            return lambda: value
        parameter = self._values.get(f"{name}_PARAMETER")
        if not parameter:
            self._problems.append(f"{name} is not set (nor {name}_PARAMETER, the SSM parameter that holds it)")
            return str
        return self._parameters.secret(parameter)

    def optional_secret(self, name: str, *, pattern: str = r"\S+") -> Callable[[], str]:
        """As `secret`, but the value may be missing: it is empty then."""
        parameter = self._values.get(f"{name}_PARAMETER")
        if parameter and name not in self._values:
            return self._parameters.secret(parameter, optional=True)
        value = self.text(name, default="", pattern=f"({pattern})?")
        return lambda: value

    def read_secrets(self) -> None:
        """Asks SSM for all secrets that it holds, unless they are here or none is in SSM.

        :raises BotoCoreError: also ClientError, see `ParameterStore.read`
        """
        self._parameters.read()

    def check(self) -> None:
        """:raises SettingsError: anything read so far was missing or wrong"""
        if self._problems:
            raise SettingsError("\n".join(self._problems))
