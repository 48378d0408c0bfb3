"""TLS in front of a server that speaks plain HTTP."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

CHUNK = 2**16


class Front:
    """A TLS server at `url`. It passes bytes on, both ways, until one side closes."""

    def __init__(self, behind: str) -> None:
        parts = urlsplit(behind)
        self._host, self._port = parts.hostname, parts.port
        self._open: set[asyncio.StreamWriter] = set()
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            plain_reader, plain_writer = await asyncio.open_connection(self._host, self._port)
            await asyncio.gather(_pass_on(reader, plain_writer), _pass_on(plain_reader, writer))
        finally:
            self._open.discard(writer)
            writer.close()

    def close_connections(self) -> None:
        """Closes all connections, as AWS closes idle ones."""
        for writer in self._open:
            writer.close()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    # A side that closed: ssl.SSLError is an OSError too.
    with suppress(OSError):
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def front(behind: str, context: ssl.SSLContext) -> AsyncIterator[Front]:
    found = Front(behind)
    server = await asyncio.start_server(found.serve, "127.0.0.1", 0, ssl=context)
    async with server:
        found.url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield found
        found.close_connections()
