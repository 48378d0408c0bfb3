"""A package as one zip: the same files always make the same bytes."""

import io
import time
import zipfile
from pathlib import Path


def zipped(folder: Path) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in _files(folder):
            status = path.stat()
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), time.gmtime(status.st_mtime)[:6])
            entry.external_attr = status.st_mode << 16
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, compresslevel=9)
    return packed.getvalue()


def unzipped_bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in _files(folder))


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
