"""What a person attaches on the chat page becomes a message: a voice message, music, a photo or a file."""

import asyncio

from aiohttp import web

from functions.llm_reply.text_to_speech.libsndfile import UnreadableSoundError, as_opus
from local.simulator.user import User


async def attach(user: User, data: bytes, request: web.Request) -> None:
    """:raises ValueError: no picture
    :raises UnreadableSoundError: no sound
    """
    name, kind, wanted = request.query.get("name", "file"), request.content_type, request.query.get("as")
    if wanted == "voice":
        user.send_recording(*await asyncio.to_thread(as_opus, data))
    elif kind.startswith("audio/"):
        user.send_music(data, name, await asyncio.to_thread(_seconds, data), kind)
    else:
        user.send_file(data, name, content_type=kind, as_photo=wanted == "photo")


def _seconds(sound: bytes) -> float:
    """0 if nothing here reads the format, as of M4A."""
    try:
        return as_opus(sound)[1]
    except UnreadableSoundError:
        return 0
