"""The name of a person where their Telegram id must not appear: in logs, in Amplitude, to the model's provider.

A plain hash of an id is undone by trying all ids. So the hash takes a secret of the deployment, PSEUDONYM_KEY, which
is used for nothing else and outlives every other secret: with another key each person gets another name.
"""

import hmac
from collections.abc import Callable

# 128 random bits or more, in base64url: `make secrets` makes 256.
KEY_PATTERN = r"[A-Za-z0-9_-]{22,256}"


class NoKeyError(RuntimeError):
    """The process has named no key. Each function's settings do."""


def _no_key() -> str:
    raise NoKeyError


_key: Callable[[], str] = _no_key


def use_key(key: Callable[[], str]) -> None:
    """:param key: returns the secret; it may be one that SSM holds"""
    global _key  # noqa: PLW0603 - a process belongs to one deployment
    _key = key


def pseudonym(user_id: int) -> str:
    """24 hexadecimal digits, the same for a person at all times.

    :raises BotoCoreError: also ClientError: SSM holds the key and has not answered yet, see `ParameterStore.read`
    """
    return keyed_hash(f"person:{user_id}")[:24]


def keyed_hash(text: str) -> str:
    """64 hexadecimal digits, from which nobody without the key finds the text. Raises what `pseudonym` raises."""
    return hmac.digest(_key().encode(), text.encode(), "sha256").hex()
