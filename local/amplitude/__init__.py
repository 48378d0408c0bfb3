"""A double of Amplitude: accepts its SDK's uploads and lists the events."""

from local.amplitude.server import Amplitude

__all__ = ["Amplitude"]
