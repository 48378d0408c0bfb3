"""DynamoDB and SQS that answer at once and always the same: what is left is what the caller itself does.

Run as a program, in a process of its own, so that its work is nobody else's; prints its port.
"""

import asyncio
import json
import sys
import zlib

ANSWERS = {
    b"PutItem": {},
    b"SendMessage": {"MessageId": "1", "SequenceNumber": "1", "MD5OfMessageBody": "1"},
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

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        if not end:
            return
        headers = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:])
        lower = {name.lower(): value for name, value in headers.items()}
        if len(body) < int(lower[b"content-length"]):
            return
        self._received = b""
        operation = lower[b"x-amz-target"].rpartition(b".")[2]
        self._transport.write(PACKED[operation])  # type: ignore[attr-defined]  # of a socket, so it can be written to


async def main() -> None:
    server = await asyncio.get_running_loop().create_server(Stub, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    # Ends with whoever started it, however that ends.
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
