"""The validation of an upload, with Amplitude's errors."""

from typing import Any

_MAX_EVENTS = 2000
_MIN_ID_LENGTH = 5
_IDS = ("user_id", "device_id")
_STRINGS = ("event_type", *_IDS, "insert_id", "app_version", "platform", "language", "country")
_OBJECTS = ("event_properties", "user_properties", "groups")

Event = dict[str, Any]


class RefusedError(Exception):
    """`body` is Amplitude's answer; its `code` is the HTTP status."""

    def __init__(self, status: int, error: str, details: dict[str, Any] | None = None) -> None:
        super().__init__(error)
        self.body = {"code": status, "error": error, **(details or {})}


def checked_events(raw: bytes, body: Any, max_bytes: int) -> list[Any]:
    """:raises RefusedError: too large, no JSON, or without a required field"""
    if len(raw) > max_bytes:
        raise RefusedError(413, "Payload too large")
    if not isinstance(body, dict):
        raise RefusedError(400, "Invalid JSON request body")
    for name in ("api_key", "events"):
        if not body.get(name):
            raise RefusedError(400, "Request missing required field", {"missing_field": name})
    events = body["events"]
    if not isinstance(events, list) or not all(isinstance(event, dict) for event in events):
        raise RefusedError(400, "Invalid JSON request body")
    if len(events) > _MAX_EVENTS:
        raise RefusedError(413, "Payload too large")
    return [dict(event) for event in events]


def min_id_length(body: dict[str, Any]) -> int:
    """:raises RefusedError: the option is not a positive integer"""
    options = body.get("options") or {}
    length = options.get("min_id_length", _MIN_ID_LENGTH) if isinstance(options, dict) else None
    if not isinstance(length, int) or length < 1:
        raise RefusedError(400, "Invalid field values in the request", {"events_with_invalid_fields": {}})
    return length


def check_each(events: list[Event], min_length: int) -> None:
    """Drops an id that is too short if the event has the other one, as Amplitude does.

    :raises RefusedError: 400, with the indices of the invalid events
    """
    invalid: dict[str, list[int]] = {}
    missing: dict[str, list[int]] = {}
    too_short: dict[str, list[int]] = {}
    for index, event in enumerate(events):
        wrong = _wrong_fields(event)
        for name in wrong:
            invalid.setdefault(name, []).append(index)
        if not event.get("event_type"):
            missing.setdefault("event_type", []).append(index)
        short = [name for name in _IDS if name not in wrong and event.get(name) and len(event[name]) < min_length]
        for name in short:
            del event[name]
        if not any(event.get(name) for name in _IDS):
            for name in short or _IDS[:1]:
                (too_short if short else missing).setdefault(name, []).append(index)
    if invalid or missing or too_short:
        error = (
            "Invalid id length for user_id or device_id" if too_short else "Invalid or missing fields on some events"
        )
        details = {
            "events_with_invalid_fields": invalid,
            "events_with_missing_fields": missing,
            "events_with_invalid_id_lengths": too_short,
        }
        raise RefusedError(400, error, details)


def _wrong_fields(event: Event) -> list[str]:
    """The names of the fields with a wrong type. Null counts as absent."""
    given = {name: value for name, value in event.items() if value is not None}
    wrong = [name for name in _STRINGS if not isinstance(given.get(name, ""), str)]
    wrong += [name for name in _OBJECTS if not isinstance(given.get(name, {}), dict)]
    moment = given.get("time", 0)
    return wrong + ([] if isinstance(moment, int) and not isinstance(moment, bool) and moment >= 0 else ["time"])
