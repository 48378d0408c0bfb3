"""The image generation endpoint: it checks a request as OpenAI does, and draws a landscape in the prompt's own colours.

Parameters: https://developers.openai.com/api/reference/resources/images/methods/generate
"""

import base64
import hashlib
import io
import time
from typing import Any

from PIL import Image, ImageDraw, ImageOps

from local.llm.checks import Check, integer, one_of, string
from local.llm.errors import RefusedError, refusal
from local.llm.usage import tokens_in

MODELS = ("gpt-image-1-mini", "gpt-image-1.5", "gpt-image-2", "gpt-image-2.6-flare", "gpt-image-2.6-sunburst")
SIZES = {"1024x1024": 1, "1024x1536": 1.5, "1536x1024": 1.5}
# Tokens of a square picture.
TOKENS = {"low": 272, "medium": 1056, "high": 4160, "auto": 1056}
PARAMETERS: dict[str, Check] = {
    "prompt": string(32_000),
    "size": one_of("auto", *SIZES),
    "quality": one_of("auto", "low", "medium", "high"),
    "output_format": one_of("png", "jpeg", "webp"),
    "output_compression": integer(0, 100),
    "moderation": one_of("auto", "low"),
    "safety_identifier": string(64),
    "n": integer(1, 10),
}
HILLS = 4


def check_image_request(body: Any) -> None:
    """:raises RefusedError: OpenAI would refuse it"""
    if not isinstance(body, dict) or "prompt" not in body:
        raise refusal(code="missing_required_parameter", param="prompt")
    if body.get("model") not in MODELS:
        raise refusal(code="model_not_found", param="model")
    for name, value in body.items():
        if name == "model":
            continue
        if name not in PARAMETERS:
            raise RefusedError(400, f"Unknown parameter: '{name}'.", "unknown_parameter", name)
        PARAMETERS[name](value, name)


def image_answer(body: dict[str, Any]) -> dict[str, Any]:
    size = body.get("size", "auto").replace("auto", "1024x1024")
    quality, kind = body.get("quality", "auto"), body.get("output_format", "png")
    width, height = map(int, size.split("x"))
    read, drawn = tokens_in(body["prompt"]), round(TOKENS[quality] * SIZES[size])
    saved = io.BytesIO()
    landscape(body["prompt"], width, height).save(saved, kind)
    return {
        "created": int(time.time()),
        "background": "opaque",
        "data": [{"b64_json": base64.b64encode(saved.getvalue()).decode()}],
        "output_format": kind,
        "quality": "medium" if quality == "auto" else quality,
        "size": size,
        "usage": {
            "input_tokens": read,
            "input_tokens_details": {"image_tokens": 0, "text_tokens": read},
            "output_tokens": drawn,
            "output_tokens_details": {"image_tokens": drawn, "text_tokens": 0},
            "total_tokens": read + drawn,
        },
    }


def landscape(prompt: str, width: int, height: int) -> Image.Image:
    """The same for the same prompt: a sky, a sun, and hills that grow darker towards the front."""
    seed = hashlib.sha256(prompt.encode()).digest()
    sky, glow = tuple(seed[:3]), tuple(128 + value // 2 for value in seed[3:6])
    picture = ImageOps.colorize(Image.linear_gradient("L"), black=sky, white=glow).resize((width, height))
    draw = ImageDraw.Draw(picture)
    x, y, radius = seed[6] * width // 256, height // 8 + seed[7] * height // 768, width // 12
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=(255, 244, 214))
    for hill in range(HILLS):
        top = height // 2 + hill * height // (2 * HILLS)
        middle = seed[8 + hill] * width // 256
        shade = tuple(value * (HILLS - hill) // (HILLS + 2) for value in glow)
        draw.ellipse((middle - width, top, middle + width, top + 2 * height), fill=shade)
    return picture
