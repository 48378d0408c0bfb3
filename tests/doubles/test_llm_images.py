"""The offline model draws real pictures, and answers as OpenAI's image generation does."""

import base64
import io

import pytest
from openai import AsyncOpenAI, BadRequestError
from PIL import Image

from local.llm import OfflineModel


@pytest.mark.parametrize(("kind", "size"), [("jpeg", "1024x1024"), ("png", "1024x1536")])
async def test_openais_client_reads_a_picture_that_opens(openai: AsyncOpenAI, kind: str, size: str) -> None:
    answer = await openai.images.generate(
        model="gpt-image-2.6-flare", prompt="A lighthouse", size=size, quality="low", output_format=kind  # type: ignore[call-overload]  # the texts are among the literals
    )  # fmt: skip

    assert answer.data
    assert answer.data[0].b64_json
    assert answer.usage
    assert answer.usage.output_tokens == (272 if size == "1024x1024" else 408)
    with Image.open(io.BytesIO(base64.b64decode(answer.data[0].b64_json))) as picture:
        picture.load()
        assert (picture.format, f"{picture.width}x{picture.height}") == (kind.upper(), size)


@pytest.mark.parametrize(
    ("wrong", "param"), [({"response_format": "b64_json"}, "response_format"), ({"size": "8x8"}, "size")]
)
async def test_it_refuses_what_openai_refuses(openai: AsyncOpenAI, wrong: dict[str, str], param: str) -> None:
    with pytest.raises(BadRequestError) as caught:
        await openai.images.generate(model="gpt-image-2.6-flare", prompt="A lighthouse", extra_body=wrong)
    assert caught.value.param == param


async def test_a_scripted_refusal_is_that_of_openais_safety_system(model: OfflineModel, openai: AsyncOpenAI) -> None:
    model.script(endpoint="images", code="moderation_blocked")
    with pytest.raises(BadRequestError) as caught:
        await openai.images.generate(model="gpt-image-2.6-flare", prompt="A lighthouse")
    assert (caught.value.code, caught.value.type) == ("moderation_blocked", "image_generation_user_error")
