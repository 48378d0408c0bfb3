"""The simulator takes and refuses the bot's photos as Telegram does."""

import io

import pytest
import telegram
from PIL import Image
from telegram.error import BadRequest

from local.simulator import Simulator
from local.simulator.api_models import built, types


def png(width: int, height: int) -> bytes:
    saved = io.BytesIO()
    Image.new("1", (width, height)).save(saved, "PNG")
    return saved.getvalue()


async def test_a_photo_becomes_a_jpeg_that_both_libraries_read(simulator: Simulator, bot: telegram.Bot) -> None:
    simulator.user(7)
    sent = await bot.send_photo(7, png(2000, 1000), caption="A sea")
    assert (sent.photo[-1].width, sent.photo[-1].height, sent.caption) == (1280, 640, "A sea")
    file = await (await bot.get_file(sent.photo[-1].file_id)).download_as_bytearray()
    with Image.open(io.BytesIO(file)) as picture:
        picture.load()
        assert (picture.format, picture.size) == ("JPEG", (1280, 640))
    read = built(types.Message).model_validate(simulator.messages(7)[0])
    assert read.photo
    assert read.photo[-1].file_size == len(file)
    again = await bot.send_photo(7, sent.photo[-1].file_id)
    assert again.photo[-1].width == 1280


@pytest.mark.parametrize(
    ("photo", "reason"),
    [
        (b"\x89PNG-bytes", "IMAGE_PROCESS_FAILED"),
        (png(7000, 3001), "PHOTO_INVALID_DIMENSIONS"),
        (png(210, 10), "PHOTO_INVALID_DIMENSIONS"),
        (png(8, 8) + bytes(10 * 2**20), "too big for a photo"),
        ("unknown", "wrong file identifier"),
    ],
    ids=["no picture", "too large", "too narrow", "too heavy", "no file"],
)
async def test_what_telegram_takes_for_no_photo_is_refused(
    simulator: Simulator, bot: telegram.Bot, photo: bytes | str, reason: str
) -> None:
    simulator.user(7)
    with pytest.raises(BadRequest, match=f"(?i){reason}"):
        await bot.send_photo(7, photo)
