"""A voice of tones: one for each word, as high as the voice. It carries no words."""

import array
import math
import re
from functools import lru_cache

RATE = 24_000
WORD_S, TONE_S, PAUSE_S = 0.25, 0.19, 0.3
LOUDNESS = 9000
LOWEST_HZ, STEP_HZ = 110, 17


def pcm(words: str, voice: str) -> bytes:
    """16 bits a sample, little-endian, in one channel, RATE samples a second."""
    found = re.findall(r"\w+|[.!?…]+", words)
    return b"".join(_silence(PAUSE_S) if not word[0].isalnum() else _word(voice, len(word) % 4) for word in found)


@lru_cache(maxsize=64)
def _word(voice: str, length: int) -> bytes:
    hz = LOWEST_HZ + STEP_HZ * (sum(voice.encode()) % 12) + 5 * length
    count = round(RATE * TONE_S)
    samples = array.array("h")
    for number in range(count):
        swell = math.sin(math.pi * number / count)
        wave = math.sin(2 * math.pi * hz * number / RATE) + 0.4 * math.sin(4 * math.pi * hz * number / RATE)
        samples.append(round(LOUDNESS * swell * wave))
    return samples.tobytes() + _silence(WORD_S - TONE_S)


def _silence(seconds: float) -> bytes:
    return bytes(2 * round(RATE * seconds))
