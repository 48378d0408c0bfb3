"""How people are named where their Telegram id must not appear."""

import hashlib


def pseudonym(user_id: int) -> str:
    """Names a person in logs, in Amplitude and to the model provider: stable, and not the Telegram id."""
    return hashlib.sha256(f"troupe:{user_id}".encode()).hexdigest()[:24]
