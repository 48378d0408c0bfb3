"""The model that draws, from the setting IMAGE_MODEL."""

from urllib.parse import urlsplit

OFF = "off"
OPENAI_HOST, OPENAI_MODEL = "api.openai.com", "gpt-image-2.6-flare"


def image_model(setting: str, base_url: str) -> str:
    """:param setting: a model's name; off; or auto: gpt-image-2.6-flare for OpenAI's own server, off for others"""
    if setting != "auto":
        return setting
    return OPENAI_MODEL if urlsplit(base_url).hostname == OPENAI_HOST else OFF
