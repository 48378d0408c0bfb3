"""sendVoice: https://core.telegram.org/bots/api#sendvoice"""

from local.simulator.files import contents, unique_id
from local.simulator.messages import captioned, post
from local.simulator.ogg import is_opus
from local.simulator.refusal import Json, bad_request
from local.simulator.telegram_server import TelegramServer

MAX_VOICE_BYTES = 50 * 1024 * 1024
MP3 = (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")
M4A = b"ftyp"


def send_voice(server: TelegramServer, params: Json) -> Json:
    """A file of another format goes out as a document, as Telegram does it."""
    data = contents(server.state, params["voice"])
    if data is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if not data:
        raise bad_request("file must be non-empty")
    kind = _type(data)
    person = server.state.people.get(server.chat_open_to_bot(params["chat_id"]).id)
    if kind and person and person.forbids_voice:
        raise bad_request("VOICE_MESSAGES_FORBIDDEN")
    file_id = params["voice"]
    file: Json = {"file_id": file_id, "file_unique_id": unique_id(file_id), "file_size": len(data)}
    if not kind or len(data) > MAX_VOICE_BYTES:
        return post(server, params, {"document": file | {"file_name": "voice"}} | captioned(params))
    voice = file | {"duration": params.get("duration", 0), "mime_type": kind}
    return post(server, params, {"voice": voice} | captioned(params))


def _type(data: bytes) -> str | None:
    if is_opus(data):
        return "audio/ogg"
    if data.startswith(MP3):
        return "audio/mpeg"
    return "audio/mp4" if data[4:8] == M4A else None
