"""DynamoDB, SQS and SSM that answer at once and always the same, so that only the caller's own time is measured.

Run it as a program, so that its work is not its callers'; it prints its port. With a certificate and its key, it speaks
TLS.
"""

import asyncio
import json
import ssl
import sys
import zlib

SECRET = "local-secret"  # noqa: S105 - the sample event's
# The stub closes a connection after so many seconds without a request. AWS waits longer.
MAX_IDLE_S = 0.5
VALUES = {"webhook-secret": SECRET, "pseudonym-key": "0123456789abcdef0123456789abcdef"}
SECRETS = ("webhook-secret", "telegram-bot-token", "openai-api-key", "amplitude-api-key", "pseudonym-key")
ANSWERS = {
    b"PutItem": {},
    b"GetItem": {},
    b"SendMessage": {"MessageId": "1", "SequenceNumber": "1", "MD5OfMessageBody": "1"},
    b"SendMessageBatch": {"Successful": [], "Failed": []},
    b"GetParameters": {
        "Parameters": [{"Name": f"/bench/{name}", "Value": VALUES.get(name, "1:bench")} for name in SECRETS],
        "InvalidParameters": [],
    },
    # The answers of Telegram's and the model's servers.
    b"": {},
}


def _packed(answer: object) -> bytes:
    body = json.dumps(answer).encode()
    head = (
        "HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\n"
        f"Content-Length: {len(body)}\r\nx-amz-crc32: {zlib.crc32(body)}\r\n\r\n"
    )
    return head.encode() + body


PACKED = {operation: _packed(answer) for operation, answer in ANSWERS.items()}


class Stub(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport, self._received = transport, b""
        self._closing = asyncio.get_running_loop().call_later(MAX_IDLE_S, transport.close)

    def connection_lost(self, _: Exception | None) -> None:
        self._closing.cancel()

    def data_received(self, data: bytes) -> None:
        self._closing.cancel()
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        if not end:
            return
        headers = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:])
        lower = {name.lower(): value for name, value in headers.items()}
        if len(body) < int(lower.get(b"content-length", 0)):
            return
        self._received = b""
        operation = lower.get(b"x-amz-target", b"").rpartition(b".")[2]
        self._transport.write(PACKED[operation])  # type: ignore[attr-defined]  # of a socket, so it can be written to
        self._closing = asyncio.get_running_loop().call_later(MAX_IDLE_S, self._transport.close)


async def main() -> None:
    context = None
    if sys.argv[1:]:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*sys.argv[1:])
    server = await asyncio.get_running_loop().create_server(Stub, "127.0.0.1", 0, ssl=context)
    print(server.sockets[0].getsockname()[1], flush=True)
    # Ends with the program that started it, even if that is killed.
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
