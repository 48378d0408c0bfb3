"""Files of any kind and size: recognised by their bytes, and read within limits."""

import base64
import io
import json
import socket
import struct
import tracemalloc
import zipfile
import zlib
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from functions.card_files.reading.card_file import NoCardFileError, read_card_file
from functions.card_files.reading.portraits import MAX_SIZE, PictureRefusedError, portrait
from tests.unit.brought_cards import book, v1, v2, v3
from tests.unit.card_files import SIGNATURE, archive, as_json, chunk, encoded, picture, png, text_chunk
from troupe.characters.card_refusal import CardRefusedError

JPEG = picture("JPEG")
TEXT_BOMB = b"chara\0\0" + zlib.compress(bytes(50_000_000))
ICON = {"type": "icon", "uri": "embeded://assets/icon/main.png", "name": "main", "ext": "png"}


def name_in(raw: bytes) -> str:
    return str(read_card_file(raw).brought.card["data"]["name"])


def refusal(raw: bytes) -> str:
    with pytest.raises(CardRefusedError) as refused:
        read_card_file(raw)
    return refused.value.reason


@pytest.mark.parametrize("keyword", ["chara", "Chara", "ccv3", "CCV3"])
@pytest.mark.parametrize("before", [True, False])
def test_a_picture_carries_its_card_before_or_behind_its_data(keyword: str, before: bool) -> None:
    raw = png((keyword, v3()), before=before)
    assert read_card_file(raw).brought.card == v3()
    assert read_card_file(raw).picture == raw


@pytest.mark.parametrize("card", [v1(), v2(), v3()])
def test_every_standard_is_read_from_json_and_pictures(card: dict[str, Any]) -> None:
    assert read_card_file(as_json(card)).brought == read_card_file(png(("chara", card))).brought


def test_the_first_v3_card_counts_and_else_the_first_v2_card() -> None:
    v2s = [("chara", v2(name=name)) for name in ("First", "Second")]
    v3s = [("ccv3", v3(name=name)) for name in ("Third", "Fourth")]
    assert name_in(png(*v2s)) == "First"
    assert name_in(png(*v2s, *v3s)) == "Third"


@pytest.mark.parametrize("broken", [b"???", base64.b64encode(b"{"), encoded([]), b"rcc||x", encoded(v3(name=""))])
def test_an_unreadable_v3_card_gives_way_to_the_v2_card_beside_it(broken: bytes) -> None:
    found = read_card_file(png(("ccv3", broken), ("chara", v2(name="Beside"))))
    assert (found.brought.card["data"]["name"], found.fell_back) == ("Beside", True)


@pytest.mark.parametrize(
    "text",
    [
        encoded(v2(name="ÿ>?")).rstrip(b"="),
        encoded(v2(name="ÿ>?")).replace(b"+", b"-").replace(b"/", b"_"),
        b"\n".join(encoded(v2(name="ÿ>?"))[at : at + 76] for at in range(0, 9999, 76)),
        as_json(v2(name="ÿ>?")),
    ],
)
def test_base64_is_taken_as_other_programs_take_it(text: bytes) -> None:
    assert name_in(png(("chara", text))) == "ÿ>?"


@pytest.mark.parametrize(
    ("reason", "raw"),
    [
        ("picture_without_card", png()),
        ("picture_without_card", png(("Comment", b"hello"))),
        ("picture_without_card", SIGNATURE + chunk(b"zTXt", TEXT_BOMB) + chunk(b"IEND", b"")),
        ("picture_without_card", JPEG),
        ("picture_without_card", picture("GIF")),
        ("picture_without_card", picture("WEBP")),
        ("protected", png(("chara", b"rcc||v1||abc"))),
        ("not_json", png(("chara", b"%%%"))),
        ("not_utf8", png(("chara", base64.b64encode(b'{"name": "\xff"}')))),
        ("damaged", SIGNATURE),
        ("damaged", png(("chara", v2()))[:-30]),
        ("damaged", SIGNATURE + struct.pack(">I4s", 0xFFFFFFF0, b"tEXt") + bytes(400)),
        ("damaged", SIGNATURE + struct.pack(">I4s", 0x80000001, b"tEXt") + bytes(400)),
        ("empty", b""),
        ("web_page", b"  <!doctype html><title>Vera</title>"),
        ("web_page", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("not_json", b"{name: 'json5'}"),
        ("not_json", as_json(v2()) * 2),
        ("not_json", b'{"name": NaN}'),
        ("not_json", b'{"name": "\\ud800", "first_mes": "Hi"}'),
        ("not_json", b'{"name": "x", "first_mes": "Hi", "n": ' + b"9" * 5000 + b"}"),
        ("not_utf8", as_json(v2()).decode().encode("utf-16")),
        ("not_utf8", as_json(v2()).decode().encode("utf-16-be")),
        ("not_utf8", '{"name": "é"}'.encode("latin-1")),
        ("too_deep", b"[" * 100_000),
        ("too_deep", b'{"name": "x", "first_mes": "Hi", "extensions": ' + b'{"a":' * 60_000),
        ("large_json", b'{"name": "' + b"x" * 4_000_000),
        ("not_a_card", b"[]"),
        ("lorebook", as_json({"spec": "lorebook_v3", "data": book()})),
    ],
)  # fmt: skip
def test_a_file_without_a_usable_card_is_refused_with_its_reason(reason: str, raw: bytes) -> None:
    assert refusal(raw) == reason


@pytest.mark.parametrize("raw", [b"%PDF-1.7", b"hello", b"\x7fELF", b"ID3", b"\x1f\x8b"])
def test_a_document_of_another_kind_is_no_card_file(raw: bytes) -> None:
    with pytest.raises(NoCardFileError):
        read_card_file(raw)


def test_a_byte_order_mark_and_line_ends_of_windows_are_no_obstacle() -> None:
    assert name_in(b"\xef\xbb\xbf" + json.dumps(v2(), indent=1).replace("\n", "\r\n").encode()) == "Vera Stroud"


def test_many_small_chunks_are_walked_in_linear_time() -> None:
    tiny = chunk(b"tEXt", b"a\0b") * 60_000
    assert name_in(SIGNATURE + tiny + text_chunk("chara", encoded(v2())) + chunk(b"IEND", b"")) == "Vera Stroud"


@pytest.mark.parametrize(
    "uri", ["embeded://assets/icon/main.png", "embedded://assets/icon/main.png", "__asset:assets/icon/main.png"]
)
def test_the_main_icon_of_an_archive_is_the_portrait(uri: str) -> None:
    other = {"type": "icon", "uri": "embeded://other.png", "name": "other", "ext": "png"}
    members = {
        "card.json": v3(assets=[other, ICON | {"uri": uri}]),
        "assets/icon/main.png": JPEG,
        "other.png": b"other",
    }
    assert read_card_file(archive(members)).picture == JPEG


def test_an_archive_may_stand_behind_a_jpeg_and_in_a_folder() -> None:
    assert read_card_file(JPEG + archive({"card.json": v3()})).picture == JPEG + archive({"card.json": v3()})
    members = {"vera/card.json": v3(assets=[ICON]), "vera/assets/icon/main.png": JPEG}
    assert read_card_file(archive(members)).picture == JPEG


def encrypted(raw: bytes) -> bytes:
    at = raw.index(b"PK\x01\x02")
    return raw[: at + 8] + b"\x01" + raw[at + 9 :]


def lying(raw: bytes) -> bytes:
    """The list of members says that the card has 10 bytes."""
    at = raw.index(b"PK\x01\x02")
    return raw[: at + 24] + struct.pack("<I", 10) + raw[at + 28 :]


PICTURE = png(("chara", v2()))
CARD_ARCHIVE = archive({"card.json": v3()})


@pytest.mark.parametrize(
    ("reason", "raw"),
    [
        ("archive_without_card", archive({})),
        ("archive_without_card", archive({"word/document.xml": b"<w/>"})),
        ("archive_without_card", archive({"a/b/card.json": v3()})),
        ("large_json", archive({"card.json": bytes(30_000_000)})),
        ("encrypted", encrypted(CARD_ARCHIVE)),
        ("damaged_archive", lying(CARD_ARCHIVE)),
        ("damaged_archive", CARD_ARCHIVE[:-30]),
        ("damaged_archive", archive({"card.json": v3()}, zipfile.ZIP_LZMA)),
        ("many_members", archive({"card.json": v3()} | {f"{number}": b"" for number in range(5_000)})),
    ],
)  # fmt: skip
def test_an_archive_that_can_not_be_used_is_refused_with_its_reason(reason: str, raw: bytes) -> None:
    assert refusal(raw) == reason


@pytest.mark.parametrize("path", ["../../etc/passwd", "/etc/passwd", "assets/icon/MAIN.png", "bomb.png", ""])
def test_an_icon_that_is_no_small_member_of_exactly_its_name_is_none(path: str) -> None:
    members = {"card.json": v3(assets=[ICON | {"uri": f"embeded://{path}"}]), "bomb.png": bytes(20_000_000)}
    assert read_card_file(archive(members)).picture is None


def test_no_address_in_a_card_is_ever_fetched() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        here = f"http://127.0.0.1:{server.getsockname()[1]}/icon.png"
        uris = [here, here.replace("http", "https"), f"//{here}", "file:///etc/passwd", "ccdefault:"]
        card = v3(assets=[ICON | {"uri": uri} for uri in uris], creator_notes=f"![]({here})")
        for raw in (as_json(card), png(("ccv3", card)), archive({"card.json": card})):
            assert read_card_file(raw).brought.card == card
        with pytest.raises(BlockingIOError):
            server.accept()


def test_an_icon_may_stand_in_its_address() -> None:
    uri = "data:image/jpeg;base64," + base64.b64encode(JPEG).decode()
    assert read_card_file(as_json(v3(assets=[ICON | {"uri": uri}]))).picture == JPEG
    assert read_card_file(as_json(v3(assets=[ICON | {"uri": uri + "%"}]))).picture is None


def ends_well(raw: bytes) -> None:
    with suppress(CardRefusedError, NoCardFileError):
        read_card_file(raw)


@given(st.binary(max_size=200), st.sampled_from([b"", SIGNATURE, b"PK\x03\x04", b"{", JPEG]))
def test_any_bytes_end_in_a_card_or_a_reason(raw: bytes, start: bytes) -> None:
    ends_well(start + raw)


@given(st.integers(min_value=0), st.binary(min_size=1, max_size=4), st.sampled_from([PICTURE, CARD_ARCHIVE]))
def test_a_damaged_file_ends_in_a_card_or_a_reason(at: int, damage: bytes, raw: bytes) -> None:
    at %= len(raw)
    ends_well(raw[:at] + damage + raw[at + len(damage) :])


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_portrait_is_a_small_jpeg(form: str) -> None:
    small = Image.open(io.BytesIO(portrait(picture(form, (2000, 1000)))))
    assert (small.format, small.size) == ("JPEG", (MAX_SIZE[0], MAX_SIZE[0] // 2))


def test_a_portrait_holds_nothing_of_the_card() -> None:
    assert b"Vera" not in portrait(png(("chara", as_json(v2())), before=True) + b"<script>Vera</script>")


def test_a_picture_of_too_many_pixels_is_not_decoded() -> None:
    bomb = png(size=(9400, 9400))
    tracemalloc.start()
    with pytest.raises(PictureRefusedError):
        portrait(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


@pytest.mark.parametrize("raw", [b"", b"<svg/>", SIGNATURE, png()[:45], JPEG[:200]])
def test_a_damaged_picture_is_refused(raw: bytes) -> None:
    with pytest.raises(PictureRefusedError):
        portrait(raw)
