"""The certificates that a new connection to AWS loads and trusts, over real sockets, by a proxy to our own server."""

import asyncio
import json
import os
import shutil
import ssl
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bench.certificates import Certificates, make
from local.emulator import ROOT

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl here to make a certificate with")

HOST = "dynamodb.us-east-1.amazonaws.com"
# Two requests, each on a connection of its own, as the server closes them. Prints, for each file that was loaded into
# the trust of a connection, how many certificates are in it; and what came of the last request.
PROGRAM = """
import json, ssl
loaded = []

class Context(ssl.SSLContext):
    def load_verify_locations(self, cafile=None, capath=None, cadata=None):
        counted = ssl._ssl._SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        counted.load_verify_locations(cafile)
        loaded.append(counted.cert_store_stats()["x509_ca"])
        super().load_verify_locations(cafile, capath, cadata)

import urllib3.util.ssl_
urllib3.util.ssl_.SSLContext = Context
from troupe import aws
came = ""
for _ in range(2):
    try:
        aws.client("dynamodb").get_item(TableName="users", Key={"user_id": {"N": "1"}})
        came = "an answer"
    except Exception as error:
        came = type(error).__name__
print(json.dumps([loaded, came]))
"""
ANSWER = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make(tmp_path_factory.mktemp("certificates"), f"DNS:{HOST}", "IP:127.0.0.1")


@asynccontextmanager
async def proxy(certificates: Certificates) -> AsyncIterator[str]:
    """Where a proxy listens that is, behind its back, every server that it is asked for."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            await writer.start_tls(certificates.of_server())
            await answer(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass  # the client did not trust us
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@asynccontextmanager
async def server(certificates: Certificates) -> AsyncIterator[str]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await answer(reader, writer)
        writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=certificates.of_server())
    async with listening:
        yield f"https://127.0.0.1:{listening.sockets[0].getsockname()[1]}"


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    await reader.readexactly(next(int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length:")))
    writer.write(ANSWER)
    await writer.drain()


async def connections(**told: str) -> Any:
    """How many certificates each connection loaded, and what came of the last."""
    passed = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "SSL_", "REQUESTS_"))}
    variables = {
        **passed, "AWS_DEFAULT_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_CONFIG_FILE": os.devnull, "AWS_MAX_ATTEMPTS": "1", **told,
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, cwd=ROOT, env=variables, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    return json.loads(output)


async def test_a_connection_to_aws_loads_five_certificates_and_trusts_no_other(certificates: Certificates) -> None:
    async with proxy(certificates) as url:
        loaded, came = await connections(HTTPS_PROXY=url)
    assert set(loaded) == {5}
    assert came == "SSLError"


async def test_a_bundle_that_the_environment_names_is_what_a_connection_trusts(certificates: Certificates) -> None:
    bundle = str(certificates.one_authority)
    async with proxy(certificates) as url:
        loaded, came = await connections(HTTPS_PROXY=url, AWS_CA_BUNDLE=bundle)
    assert (loaded, came) == ([1, 1], "an answer")


async def test_another_server_than_aws_may_have_its_certificate_from_anybody(certificates: Certificates) -> None:
    async with server(certificates) as url:
        loaded, _ = await connections(AWS_ENDPOINT_URL_DYNAMODB=url)
    assert min(loaded) > 100


def test_the_file_in_place_of_amazons_roots_is_as_large(certificates: Certificates) -> None:
    assert [count(certificates.beside_amazon), count(certificates.one_authority)] == [5, 1]
    assert count(certificates.beside_all) > 100


def count(file: Path) -> int:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(file)
    return context.cert_store_stats()["x509_ca"]
