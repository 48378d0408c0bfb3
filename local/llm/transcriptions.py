"""The transcriptions endpoint: the scripted words, or the same ones every time."""

from email import message_from_bytes
from typing import Any

from local.llm.errors import RefusedError, refusal

WORDS = "Hello! Can you hear me?"
MODELS = {"gpt-transcribe", "gpt-4o-transcribe", "gpt-4o-mini-transcribe", "whisper-1"}
ENDINGS = ("flac", "mp3", "mp4", "mpeg", "mpga", "m4a", "ogg", "wav", "webm")


def read_form(content_type: str, raw: bytes) -> dict[str, Any]:
    """The fields of a multipart request; of the file, its name and its bytes' number.

    :raises RefusedError: 400, no such form, or a file of another kind
    """
    form = message_from_bytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + raw)
    fields: dict[str, Any] = {}
    parts: Any = form.get_payload() if form.is_multipart() else ()
    for part in parts:
        name = str(part.get_param("name", header="content-disposition"))
        content = part.get_payload(decode=True)
        fields[name] = [part.get_filename(), len(content)] if part.get_filename() else content.decode()
    if "file" not in fields:
        raise refusal(code="missing_required_parameter", param="file")
    if fields["file"][0].rpartition(".")[2] not in ENDINGS or not fields["file"][1]:
        raise RefusedError(400, f"Invalid file format. Supported formats: {list(ENDINGS)}", param="file")
    if fields.get("model") not in MODELS:
        raise refusal(code="model_not_found", param="model")
    return fields
