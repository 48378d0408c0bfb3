"""Serves the picker's page at `/*`, with the security and caching headers of the CloudFront distribution."""

import gzip
from pathlib import Path, PurePosixPath

from aiohttp import web

from publishing import site_files

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self' https://web.telegram.org https://*.telegram.org"
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def add_site(app: web.Application, root: Path) -> None:
    """Call this last, because its route matches every path."""
    site = _Site(root.resolve())
    app.router.add_get("/{path:.*}", site.serve)


class _Site:
    def __init__(self, root: Path) -> None:
        self._root = root

    async def serve(self, request: web.Request) -> web.Response:
        file = self._file(request.match_info["path"] or "index.html")
        if file is None:
            return web.Response(
                status=404, text="Not Found", headers={**SECURITY_HEADERS, "Cache-Control": site_files.SHORT}
            )
        content = file.read_bytes()
        headers = SECURITY_HEADERS | site_files.headers(file.relative_to(self._root))
        if site_files.content_type(file) in site_files.COMPRESSIBLE:
            headers["Vary"] = "Accept-Encoding"
            if "gzip" in request.headers.get("Accept-Encoding", ""):
                headers["Content-Encoding"] = "gzip"
                content = gzip.compress(content, compresslevel=6, mtime=0)
        return web.Response(body=content, headers=headers)

    def _file(self, path: str) -> Path | None:
        """The file, or None if it is outside of the root, hidden or missing."""
        parts = PurePosixPath(path).parts
        if "\0" in path or any(part.startswith(".") for part in parts):
            return None
        file = self._root.joinpath(*parts).resolve()
        return file if file.is_relative_to(self._root) and file.is_file() else None
