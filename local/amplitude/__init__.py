"""A stand-in for Amplitude: takes what its SDK sends, and shows what arrived."""

from local.amplitude.server import Amplitude

__all__ = ["Amplitude"]
