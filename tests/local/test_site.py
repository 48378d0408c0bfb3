"""The picker's page, served as by CloudFront."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from local.site import add_site

Client = TestClient[web.Request, web.Application]


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[Client]:
    site = tmp_path / "site"
    (site / "avatars").mkdir(parents=True)
    (site / "index.html").write_text("<!doctype html><p>Труппа" + "а" * 2000, encoding="utf-8")
    (site / "app.js").write_text("1", encoding="utf-8")
    (site / "avatars" / "ada.svg").write_text("<svg/>", encoding="utf-8")
    (site / "avatars" / "ada.png").write_bytes(b"\x89PNG")
    (site / ".hidden").write_text("hidden", encoding="utf-8")
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    (site / "way_out").symlink_to(tmp_path / "secret")
    app = web.Application()
    add_site(app, site)
    async with TestClient(TestServer(app), auto_decompress=False) as running:
        yield running


@pytest.mark.parametrize(
    ("path", "content_type", "caching"),
    [
        ("/", "text/html; charset=utf-8", "public, max-age=60"),
        ("/index.html", "text/html; charset=utf-8", "public, max-age=60"),
        ("/app.js", "text/javascript; charset=utf-8", "public, max-age=60"),
        ("/avatars/ada.svg", "image/svg+xml; charset=utf-8", "public, max-age=604800"),
        ("/avatars/ada.png", "image/png", "public, max-age=604800"),
    ],
)
async def test_files_come_with_type_caching_and_security_headers(
    client: Client, path: str, content_type: str, caching: str
) -> None:
    response = await client.get(path)
    assert response.status == 200
    assert response.headers["Content-Type"] == content_type
    assert response.headers["Cache-Control"] == caching
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'self' https://web.telegram.org https://*.telegram.org"
    )


async def test_text_is_compressed_if_the_client_accepts_it(client: Client) -> None:
    plain = await client.get("/", headers={"Accept-Encoding": "identity"})
    packed = await client.get("/", headers={"Accept-Encoding": "br, gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert len(await packed.read()) < len(await plain.read()) / 10
    picture = await client.get("/avatars/ada.png", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in picture.headers


@pytest.mark.parametrize("path", ["/gone.html", "/avatars", "/.hidden", "/way_out", "/a%00b", "/avatars/../.hidden"])
async def test_a_missing_hidden_or_outside_file_is_not_found(client: Client, path: str) -> None:
    response = await client.get(path)
    assert response.status == 404
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "target",
    [
        "/../secret",
        "/avatars/../../secret",
        "/%2e%2e/secret",
        "/..%2fsecret",
        "//etc/passwd",
        "/%2fetc/passwd",
        "/..\\secret",
    ],
)
async def test_no_path_leads_out_of_the_site(client: Client, target: str) -> None:
    """Writes the path to the socket as it is, because a client would normalise it."""
    reader, writer = await asyncio.open_connection(client.host, client.port)
    writer.write(f"GET {target} HTTP/1.0\r\nHost: x\r\n\r\n".encode())
    answer = (await reader.read()).decode()
    writer.close()
    await writer.wait_closed()
    assert answer.split(" ")[1] in {"400", "404"}
    assert "secret" not in answer
    assert "root:" not in answer
