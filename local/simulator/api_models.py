"""aiogram's models of the Bot API, each built at its first use. All of them at once take 2 s of CPU."""

from typing import TypeVar
from unittest.mock import patch

from pydantic import BaseModel

# aiogram rebuilds each of its types when it is imported.
with patch.object(BaseModel, "model_rebuild"):
    from aiogram import methods, types
    from aiogram.client.default import Default

__all__ = ["built", "methods", "types"]

# The names that annotations of aiogram's types use, as in aiogram/types/__init__.py.
NAMES = {**vars(types), "List": list, "Default": Default}

Model = TypeVar("Model", bound=BaseModel)


def built(model: type[Model]) -> type[Model]:
    """The model, ready to validate."""
    model.model_rebuild(_types_namespace=NAMES)
    return model
