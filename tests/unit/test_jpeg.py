"""Portraits: what is needed to show them stays, all else a file can carry goes."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from functions.webapp_select.jpeg import MAX_SIDE, JpegError, bare
from tests.jpeg_file import jpeg

KINDS = [{}, {"progressive": True}, {"quality": 100, "subsampling": 0}, {"restart_marker_blocks": 2}]


def pixels(picture: bytes) -> bytes:
    return Image.open(io.BytesIO(picture)).tobytes()


@pytest.mark.parametrize("options", KINDS)
def test_the_picture_stays_and_its_metadata_goes(options: dict[str, int]) -> None:
    exif = Image.Exif()
    exif[0x010E] = "CANARY"
    written = jpeg(300, 200, comment=b"CANARY", exif=exif, **options) + b"CANARY"

    kept = bare(written)

    assert written.count(b"CANARY") == 3
    assert b"CANARY" not in kept
    assert pixels(kept) == pixels(written)
    assert bare(kept) == kept


@pytest.mark.parametrize("picture", [b"", b"\xff\xd8\xff", b"GIF89a", b"\xff\xd8\xff\xd9", jpeg(MAX_SIDE + 1, 9)])
def test_a_file_that_is_no_portrait_is_refused(picture: bytes) -> None:
    with pytest.raises(JpegError):
        bare(picture)


@given(st.data())
def test_a_damaged_file_is_refused_or_still_a_jpeg(data: st.DataObject) -> None:
    written = bytearray(jpeg(40, 40))
    at = data.draw(st.integers(0, len(written) - 1))
    written[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(written)))
    for damaged in (bytes(written), bytes(written[:cut])):
        try:
            kept = bare(damaged)
        except JpegError:
            continue
        assert kept.startswith(b"\xff\xd8")
        assert kept.endswith(b"\xff\xd9")
