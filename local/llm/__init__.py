"""A small model behind OpenAI's wire format: it improvises in character, and does as scripted in tests."""

from local.llm.server import OfflineModel

__all__ = ["OfflineModel"]
