"""The outcome of an event after a request, and what follows from it."""

from typing import NamedTuple

from amplitude import BaseEvent

from troupe.observability import count, logger

TAKEN, THROTTLED = 200, 429
# A request with an event that Amplitude does not take, and one that is too large.
REFUSED = (400, 413)
LEFT_TO_STREAM, LEFT_FOR_LONGER = "left to the stream", "its user sends too much"


class Outcome(NamedTuple):
    code: int
    message: str | None

    @property
    def is_left(self) -> bool:
        return self.message in (LEFT_TO_STREAM, LEFT_FOR_LONGER)

    @property
    def is_refused(self) -> bool:
        """Amplitude has refused the request, for this event or for another one in it."""
        return self.code in REFUSED


def is_settled(event: BaseEvent, outcomes: dict[str, Outcome], events_in_request: int) -> bool:
    outcome = outcomes.get(event.insert_id)
    if outcome is None or outcome.code == TAKEN:
        return outcome is not None
    settled = events_in_request == 1 if outcome.is_refused else not outcome.is_left
    if settled:
        # Another try would end the same way, and would hold up every event behind it.
        count("EventsRefused")
        logger.error("Amplitude refuses an event", extra={"event": event.event_type, "code": outcome.code})
    return settled


def parts(batch: list[BaseEvent], outcomes: dict[str, Outcome]) -> list[list[BaseEvent]]:
    """The parts of a request to send again at once, cut smaller each time until a refused event is alone."""
    found = {event.insert_id: outcomes[event.insert_id] for event in batch if event.insert_id in outcomes}
    told = [event for event in batch if event.insert_id in found]
    refused = [event for event in told if found[event.insert_id].is_refused]
    if refused:
        named = [event for event in refused if not found[event.insert_id].is_left]
        if 0 < len(named) < len(refused):
            return [*([event] for event in named), [event for event in refused if event not in named]]
        half = (len(refused) + 1) // 2
        return [part for part in (refused[:half], refused[half:]) if part]
    slowed = [event for event in told if found[event.insert_id].message == LEFT_FOR_LONGER]
    others = [event for event in told if found[event.insert_id].code == THROTTLED and event not in slowed]
    return [others] if slowed and others else []
