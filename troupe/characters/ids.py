"""Names that nobody can guess: 128 random bits in 26 signs that deep links, addresses and button data take."""

import base64
import secrets

BYTES = 16


def new_id() -> str:
    return base64.b32encode(secrets.token_bytes(BYTES)).decode().rstrip("=").lower()
