"""Finds a free port for a server that another process starts in a moment."""

import random
import socket
from contextlib import suppress

# Below the ports that the system gives to outgoing connections (Linux: from 32768), or one could be given this port
# before the server listens on it.
FROM, BELOW = 20_000, 32_000


def free_port() -> int:
    """A random one, so that two processes that look for a port at the same time find different ones."""
    # Not from the seeded numbers: the workers of a test run have the same seed.
    for port in random.SystemRandom().sample(range(FROM, BELOW), BELOW - FROM):
        with suppress(OSError), socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError(f"No port between {FROM} and {BELOW} is free")
