"""Updates as some Bot API servers and relays write them: a null for each optional field that has no value."""

from typing import Any

from local.simulator.api_models import built, types
from local.simulator.refusal import Json


def with_nulls(update: Json) -> Json:
    """The update with the optional fields of aiogram's models, at every depth, set to null where they are absent."""
    filled: Json = _filled(update, built(types.Update).model_validate(update).model_dump(mode="json", by_alias=True))
    return filled


def _filled(value: Any, dumped: Any) -> Any:
    if isinstance(value, dict) and isinstance(dumped, dict):
        absent = {name: None for name, default in dumped.items() if name not in value and default is None}
        return {name: _filled(part, dumped.get(name)) for name, part in value.items()} | absent
    if isinstance(value, list) and isinstance(dumped, list):
        return [_filled(part, other) for part, other in zip(value, dumped, strict=True)]
    return value
