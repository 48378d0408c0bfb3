"""A double of OpenAI's API: an offline model that improvises in character, and follows a script in tests."""

from local.llm.server import OfflineModel

__all__ = ["OfflineModel"]
