"""libsndfile, the library in the package `soundfile`, called directly: that package's own code needs NumPy.

It turns sound into Opus in Ogg, the one format that Telegram shows as a voice message with its waveform.
http://libsndfile.github.io/libsndfile/api.html
"""

import array
import ctypes
import io
import threading
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

READ, WRITE = 0x10, 0x20
OGG_OPUS = 0x200000 | 0x0064
SET_COMPRESSION_LEVEL, CALC_NORM_SIGNAL_MAX = 0x1301, 0x1041
# Of 0 to 1: some 57 kbit/s, with less work than the default level.
COMPRESSION = 0.8
# Frames that are decoded at once.
BLOCK = 24_000
# Opus has these rates alone.
RATES = (8000, 12_000, 16_000, 24_000, 48_000)
MAX_RATE, MAX_S = 192_000, 600


class UnreadableSoundError(Exception):
    """No sound, or none that can become a voice message."""


class _Info(ctypes.Structure):
    _fields_ = (
        ("frames", ctypes.c_int64), ("rate", ctypes.c_int), ("channels", ctypes.c_int), ("format", ctypes.c_int),
        ("sections", ctypes.c_int), ("seekable", ctypes.c_int),
    )  # fmt: skip


_count = ctypes.c_int64
_length = ctypes.CFUNCTYPE(_count, ctypes.c_void_p)
_seek = ctypes.CFUNCTYPE(_count, _count, ctypes.c_int, ctypes.c_void_p)
_move = ctypes.CFUNCTYPE(_count, ctypes.c_void_p, _count, ctypes.c_void_p)


class _File(ctypes.Structure):
    """A file that is in memory."""

    _fields_ = (("length", _length), ("seek", _seek), ("read", _move), ("write", _move), ("tell", _length))


@cache
def _library() -> Any:
    spec = find_spec("_soundfile_data")
    if spec is None or spec.origin is None:
        raise UnreadableSoundError("The package soundfile has no libsndfile for this machine")
    library = ctypes.CDLL(str(next(Path(spec.origin).parent.glob("libsndfile*"))))
    library.sf_open_virtual.restype = ctypes.c_void_p
    library.sf_open_virtual.argtypes = ctypes.POINTER(_File), ctypes.c_int, ctypes.POINTER(_Info), ctypes.c_void_p
    library.sf_command.argtypes = ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_int
    for name in ("sf_write_short", "sf_readf_short"):
        getattr(library, name).restype = _count
        getattr(library, name).argtypes = ctypes.c_void_p, ctypes.c_char_p, _count
    library.sf_close.argtypes = (ctypes.c_void_p,)
    return library


class OpusFile:
    """Takes sound piece by piece, so that the work is done while more of it comes in.

    :param rate: samples per second, one of RATES
    """

    def __init__(self, rate: int) -> None:
        self._rate, self._left, self._samples = rate, b"", 0
        # A thread that adds goes on when the task that waits for it is cancelled: it must not meet a closed handle.
        self._lock, self._is_open = threading.Lock(), True
        self._data = io.BytesIO()
        self._handle, self._kept = _open(self._data, WRITE, _Info(0, rate, 1, OGG_OPUS, 0, 0))
        level = ctypes.c_double(COMPRESSION)
        _library().sf_command(self._handle, SET_COMPRESSION_LEVEL, ctypes.byref(level), ctypes.sizeof(level))

    def add(self, pcm: bytes) -> None:
        """:param pcm: 16 bits a sample, little-endian, in one channel; a sample may be cut in two"""
        with self._lock:
            if not self._is_open:
                return
            pcm = self._left + pcm
            whole = len(pcm) // 2
            self._left = pcm[2 * whole :]
            self._samples += int(_library().sf_write_short(self._handle, pcm, whole))

    def close(self) -> tuple[bytes, float]:
        """Returns the file and its length in seconds. Sound that is added later is left out."""
        with self._lock:
            if self._is_open:
                _library().sf_close(self._handle)
            self._is_open = False
            return self._data.getvalue(), self._samples / self._rate


def loudest(sound: bytes) -> float:
    """The largest sample, 0 to 1.

    :raises UnreadableSoundError: a format that libsndfile does not read
    """
    handle, _kept = _open(io.BytesIO(sound), READ, _Info())
    try:
        found = ctypes.c_double()
        _library().sf_command(handle, CALC_NORM_SIGNAL_MAX, ctypes.byref(found), ctypes.sizeof(found))
        return found.value
    finally:
        _library().sf_close(handle)


def as_opus(sound: bytes) -> tuple[bytes, float]:
    """Any format that libsndfile reads (WAV, MP3, FLAC, Vorbis) as Opus in Ogg, and its length in seconds.

    :raises UnreadableSoundError: another format
    """
    info = _Info()
    handle, _kept = _open(io.BytesIO(sound), READ, info)
    try:
        if not (RATES[0] <= info.rate <= MAX_RATE and 1 <= info.channels <= 2):  # noqa: PLR2004 - stereo
            raise UnreadableSoundError(f"{info.channels} channels of {info.rate} Hz")
        rate = next((each for each in RATES if each >= info.rate), RATES[-1])
        made = OpusFile(rate)
        block = ctypes.create_string_buffer(2 * BLOCK * info.channels)
        left = MAX_S * info.rate
        while left > 0 and (frames := int(_library().sf_readf_short(handle, block, BLOCK))) > 0:
            samples = array.array("h", block.raw[: 2 * frames * info.channels])[:: info.channels]
            made.add((samples if rate == info.rate else _resampled(samples, info.rate, rate)).tobytes())
            left -= frames
        return made.close()
    finally:
        _library().sf_close(handle)


def _resampled(samples: "array.array[int]", rate: int, wanted: int) -> "array.array[int]":
    """Between two samples, on the line from one to the other: good enough for speech."""
    count, last = len(samples) * wanted // rate, len(samples) - 1
    step, made = rate / wanted, array.array("h")
    for number in range(count):
        place = number * step
        at = int(place)
        here = samples[at]
        made.append(here + round((samples[min(at + 1, last)] - here) * (place - at)))
    return made


def _open(data: io.BytesIO, mode: int, info: _Info) -> tuple[int, object]:
    """The handle, and what must be kept as long as it is open.

    :raises UnreadableSoundError: libsndfile can't read it
    """

    def write(source: int, size: int, _: int | None) -> int:
        return data.write(ctypes.string_at(source, size))

    def read(target: int, size: int, _: int | None) -> int:
        found = data.read(size)
        ctypes.memmove(target, found, len(found))
        return len(found)

    tell: Callable[[int | None], int] = lambda _: data.tell()  # noqa: E731 - beside the others
    length: Callable[[int | None], int] = lambda _: data.getbuffer().nbytes  # noqa: E731 - beside the others
    file = _File(
        _length(length), _seek(lambda by, whence, _: data.seek(by, whence)), _move(read), _move(write), _length(tell)
    )
    handle = _library().sf_open_virtual(ctypes.byref(file), mode, ctypes.byref(info), None)
    if not handle:
        raise UnreadableSoundError("No sound that libsndfile reads")
    return int(handle), file
