"""CHARX: a zip with card.json at its root, maybe behind a JPEG.

Nothing is written to a file system, and no name of a member is taken for a path. A header may lie about every size, so
members are read up to a limit.
"""

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass, field

from functions.card_files.reading.card_json import MAX_JSON_BYTES
from troupe.characters.card_refusal import CardRefusedError

MAX_MEMBERS = 5_000
# The limit for all members that are read, together.
MAX_INFLATED_BYTES = 16_000_000
# Of the list of members: a usual entry takes 100 bytes.
MAX_DIRECTORY_BYTES = 1_000_000
CARD = "card.json"

_END = b"PK\x05\x06"
_END_LENGTH = 22
_MAX_COMMENT = 65_535
_ENCRYPTED = 1
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, struct.error, OSError, ValueError)


@dataclass
class Archive:
    """:raises CardRefusedError: damaged, or with too many members"""

    raw: bytes
    _left: int = field(default=MAX_INFLATED_BYTES, init=False)

    def __post_init__(self) -> None:
        _check_directory(self.raw)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(self.raw))
        except _DAMAGED:
            raise CardRefusedError("damaged_archive") from None
        self._members = {member.filename: member for member in self._zip.infolist()}
        if len(self._zip.infolist()) > MAX_MEMBERS:
            raise CardRefusedError("many_members", MAX_MEMBERS)
        self._folder = self._card_folder()

    def card(self) -> bytes:
        """:raises CardRefusedError: encrypted, damaged or too large"""
        member = self._members[self._folder + CARD]
        if member.flag_bits & _ENCRYPTED:
            raise CardRefusedError("encrypted")
        found = self._read(member, MAX_JSON_BYTES)
        if found is None:
            raise CardRefusedError("large_json", MAX_JSON_BYTES // 1_000_000)
        return found

    def asset(self, path: str) -> bytes | None:
        """None if no member of exactly this name can be read."""
        member = self._members.get(self._folder + path)
        if member is None or member.flag_bits & _ENCRYPTED:
            return None
        try:
            return self._read(member, self._left)
        except CardRefusedError:
            return None

    def _card_folder(self) -> str:
        """Where card.json is: at the root, or in the one folder of an archive that was packed again."""
        if CARD in self._members:
            return ""
        folders = [name.removesuffix(CARD) for name in self._members if name.endswith(f"/{CARD}")]
        if len(folders) != 1 or folders[0].count("/") != 1:
            raise CardRefusedError("archive_without_card")
        return folders[0]

    def _read(self, member: zipfile.ZipInfo, most: int) -> bytes | None:
        """None if it is larger than the limit.

        :raises CardRefusedError: damaged, or packed in a way that CHARX does not know
        """
        if member.compress_type not in _METHODS:
            raise CardRefusedError("damaged_archive")
        most = min(most, self._left)
        try:
            with self._zip.open(member) as opened:
                found = opened.read(most + 1)
        except _DAMAGED:
            raise CardRefusedError("damaged_archive") from None
        self._left -= min(len(found), most)
        return found if len(found) <= most else None


def is_archive(raw: bytes) -> bool:
    """True if the bytes end as a zip does: a JPEG may come before it."""
    return _end_of_directory(raw) >= 0


def _end_of_directory(raw: bytes) -> int:
    return raw.rfind(_END, max(0, len(raw) - _END_LENGTH - _MAX_COMMENT))


def _check_directory(raw: bytes) -> None:
    """Checked before the list of members is read: a file of 20 MB can list a quarter of a million."""
    at = _end_of_directory(raw)
    if at < 0 or at + _END_LENGTH > len(raw):
        raise CardRefusedError("damaged_archive")
    (many, size) = struct.unpack_from("<HI", raw, at + 10)
    if many > MAX_MEMBERS or size > MAX_DIRECTORY_BYTES:
        raise CardRefusedError("many_members", MAX_MEMBERS)
