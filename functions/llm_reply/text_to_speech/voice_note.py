"""A voice message as Telegram wants it: Opus in Ogg, with its length."""

from dataclasses import dataclass

from functions.llm_reply.text_to_speech import libsndfile

# https://www.rfc-editor.org/rfc/rfc7845: whatever the sound's own rate, positions count 48,000 samples a second.
RATE = 48_000
# A longer sound can't be a speech of a thousand characters.
MAX_SECONDS = 3600
PAGE, HEAD = b"OggS", b"OpusHead"
# Into a page: its position in the sound. Into the head: the samples that a player skips.
POSITION, SKIPPED = slice(6, 14), slice(10, 12)


@dataclass(frozen=True)
class VoiceNote:
    data: bytes
    seconds: float


def voice_note(sound: bytes) -> VoiceNote:
    """Takes about a thirtieth of the sound's length if it is in another format: call it on a thread.

    :raises UnreadableSoundError: it is none
    """
    if not sound.startswith(PAGE):
        return VoiceNote(*libsndfile.as_opus(sound))
    head, last = sound.find(HEAD, 0, 1000), sound.rfind(PAGE)
    if head < 0:
        return VoiceNote(*libsndfile.as_opus(sound))
    samples = int.from_bytes(sound[last:][POSITION], "little") - int.from_bytes(sound[head:][SKIPPED], "little")
    if not 0 < samples <= MAX_SECONDS * RATE:
        raise libsndfile.UnreadableSoundError("A sound without a length that can be")
    return VoiceNote(sound, samples / RATE)
