"""Pictures that a person sends, as Telegram's clients and servers make them."""

import io

import telegram
from PIL import Image

from local.simulator import Simulator, files
from local.simulator.api_models import built, types


def picture(width: int, height: int) -> bytes:
    saved = io.BytesIO()
    Image.new("RGB", (width, height), (200, 30, 30)).save(saved, "PNG")
    return saved.getvalue()


def test_a_photo_comes_in_sizes_that_real_libraries_read(simulator: Simulator) -> None:
    sent = simulator.user(7).send_file(picture(4000, 2000), "sea.png", as_photo=True, caption="Look")

    for photo in (built(types.Message).model_validate(sent).photo, telegram.Message.de_json(sent, None).photo):
        assert [(size.width, size.height) for size in photo or ()] == [(90, 45), (320, 160), (800, 400), (1280, 640)]
    assert len(simulator.user(7).send_file(picture(90, 90), "dot.png", as_photo=True)["photo"]) == 1


def test_an_image_that_is_a_document_has_a_small_picture_and_its_own_bytes(simulator: Simulator) -> None:
    original = picture(900, 600)
    sent = simulator.user(7).send_file(original, "sea.png", content_type="image/png")

    document = built(types.Message).model_validate(sent).document
    assert document
    assert document.thumbnail
    assert (document.thumbnail.width, document.thumbnail.height) == (320, 213)
    assert files.contents(simulator.server.state, document.file_id) == original
    assert "thumbnail" not in simulator.user(7).send_file(b"words", "words.txt")["document"]


def test_the_samples_are_pictures(simulator: Simulator) -> None:
    user = simulator.user(7)
    for file_id in (user.send_photo()["photo"][-1]["file_id"], user.send_sticker()["sticker"]["file_id"]):
        with Image.open(io.BytesIO(files.contents(simulator.server.state, file_id) or b"")) as opened:
            assert opened.size in {(800, 600), (512, 512)}
