"""Checks of one value in a request, with OpenAI's error messages."""

from collections.abc import Callable, Mapping
from typing import Any

from local.llm.errors import RefusedError

Check = Callable[[Any, str], None]  # the value, and its path in the request, such as `input[0].role`

_NAMES = {
    str: "a string",
    bool: "a boolean",
    int: "an integer",
    float: "a decimal",
    list: "an array",
    dict: "an object",
}


def wrong_type(value: object, name: str, expected: str) -> RefusedError:
    got = "null" if value is None else _NAMES[type(value)]
    return RefusedError(
        400, f"Invalid type for '{name}': expected {expected}, but got {got} instead.", "invalid_type", name
    )


def supported(values: list[str]) -> str:
    quoted = [f"'{value}'" for value in values]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])}, and {quoted[-1]}"


def boolean(value: Any, name: str) -> None:
    if not isinstance(value, bool):
        raise wrong_type(value, name, "a boolean")


def string(longest: int | None = None) -> Check:
    def check(value: Any, name: str) -> None:
        if not isinstance(value, str):
            raise wrong_type(value, name, "a string")
        if longest is not None and len(value) > longest:
            message = (
                f"Invalid '{name}': string too long. Expected a string with maximum length {longest}, "
                f"but got a string with length {len(value)} instead."
            )
            raise RefusedError(400, message, "string_above_max_length", name)

    return check


def integer(low: int, high: int | None = None) -> Check:
    def check(value: Any, name: str) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            raise wrong_type(value, name, "an integer")
        _within(value, name, low, high, "integer")

    return check


def decimal(low: float, high: float) -> Check:
    def check(value: Any, name: str) -> None:
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            raise wrong_type(value, name, "a decimal")
        _within(value, name, low, high, "decimal")

    return check


def _within(value: float, name: str, low: float, high: float | None, kind: str) -> None:
    if value < low:
        message = f"Invalid '{name}': {kind} below minimum value. Expected a value >= {low}, but got {value} instead."
        raise RefusedError(400, message, f"{kind}_below_min_value", name)
    if high is not None and value > high:
        message = f"Invalid '{name}': {kind} above maximum value. Expected a value <= {high}, but got {value} instead."
        raise RefusedError(400, message, f"{kind}_above_max_value", name)


def one_of(*values: str) -> Check:
    def check(value: Any, name: str) -> None:
        if not isinstance(value, str):
            raise wrong_type(value, name, "a string")
        if value not in values:
            message = f"Invalid value: '{value}'. Supported values are: {supported(list(values))}."
            raise RefusedError(400, message, "invalid_value", name)

    return check


def list_of(each: Check) -> Check:
    def check(value: Any, name: str) -> None:
        if not isinstance(value, list):
            raise wrong_type(value, name, "an array")
        for index, item in enumerate(value):
            each(item, f"{name}[{index}]")

    return check


def mapping_of(each: Check, most: int) -> Check:
    def check(value: Any, name: str) -> None:
        if not isinstance(value, dict):
            raise wrong_type(value, name, "an object")
        if len(value) > most:
            message = (
                f"Invalid '{name}': too many properties. Expected an object with at most {most} properties, "
                f"but got {len(value)} instead."
            )
            raise RefusedError(400, message, "object_above_max_properties", name)
        for key, item in value.items():
            each(item, f"{name}.{key}")

    return check


def record(fields: Mapping[str, Check], required: tuple[str, ...] = ()) -> Check:
    """An object with these fields and no others. Null counts as an absent optional field."""

    def check(value: Any, name: str) -> None:
        if not isinstance(value, dict):
            raise wrong_type(value, name or "body", "an object")
        for field, item in value.items():
            path = f"{name}.{field}" if name else field
            if field not in fields:
                raise RefusedError(400, f"Unknown parameter: '{path}'.", "unknown_parameter", path)
            if item is not None or field in required:
                fields[field](item, path)
        for field in required:
            if field not in value:
                path = f"{name}.{field}" if name else field
                raise RefusedError(400, f"Missing required parameter: '{path}'.", "missing_required_parameter", path)

    return check


def either(text: Check, otherwise: Check) -> Check:
    """Checks a string with `text`, and any other value with `otherwise`."""
    return lambda value, name: (text if isinstance(value, str) else otherwise)(value, name)


def not_offline(value: Any, name: str) -> None:
    """OpenAI accepts this parameter. The offline model refuses it instead of ignoring it."""
    del value
    message = f"Unsupported parameter: '{name}' is not supported by the offline model."
    raise RefusedError(400, message, "unsupported_parameter", name)
