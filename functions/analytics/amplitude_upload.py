"""Amplitude's own client, made to say of each event whether it was taken. Retrying is the stream's part."""

import logging
import threading
from concurrent.futures import wait

from amplitude import Amplitude, BaseEvent, Config
from amplitude.constants import EventLogLevel
from amplitude.storage import Storage, StorageProvider

from troupe.observability import count, logger

# Twice what the client itself gives a connection.
TIMEOUT_S = 25
TAKEN = 200
LEFT_TO_STREAM = "left to the stream"

# At its usual level the client logs events whole.
logging.getLogger("amplitude").setLevel(logging.CRITICAL)


class Outbox(Storage):  # type: ignore[misc]  # the client ships no types
    """Keeps what is tracked until it is flushed; what comes back for another try is left to the stream.

    The client's own storage starts a thread that sends at times of its choosing, frozen or not.
    """

    def __init__(self) -> None:
        self._events: list[BaseEvent] = []

    def setup(self, configuration: Config, workers: object) -> None:
        """Part of the client's protocol; there is nothing to set up."""

    def push(self, event: BaseEvent, delay: int = 0) -> tuple[bool, str | None]:
        del delay
        if event.retry:
            return False, LEFT_TO_STREAM
        self._events.append(event)
        return True, None

    def pull(self, batch_size: int) -> list[BaseEvent]:
        pulled, self._events = self._events[:batch_size], self._events[batch_size:]
        return pulled

    def pull_all(self) -> list[BaseEvent]:
        return self.pull(len(self._events))


class OutboxProvider(StorageProvider):  # type: ignore[misc]  # the client ships no types
    def get_storage(self) -> Outbox:
        return Outbox()


class Uploader:
    def __init__(self, api_key: str, server_url: str) -> None:
        configuration = Config(
            server_url=server_url,
            # A stream's batch goes in one request; Amplitude takes up to 2000 events in one.
            flush_queue_size=1000,
            storage_provider=OutboxProvider(),
            callback=self._settle,
            event_log_level=EventLogLevel.NONE,
        )
        self._client = Amplitude(api_key, configuration)
        self._outcomes: list[tuple[BaseEvent, int, str | None]] = []
        # On a laptop several streams are read by one process.
        self._one_at_a_time = threading.Lock()

    def upload(self, events: list[BaseEvent]) -> set[str]:
        """The insert ids of the events that need no other try: taken, or refused for what they are."""
        with self._one_at_a_time:
            self._outcomes = []
            for event in events:
                self._client.track(event)
            # A connection that breaks shows as an event that nothing was said of, and so is not settled.
            wait([flushed for flushed in self._client.flush() if flushed is not None], timeout=TIMEOUT_S)
            return {event.insert_id for event, code, message in self._outcomes if _is_settled(event, code, message)}

    def _settle(self, event: BaseEvent, code: int, message: str | None) -> None:
        """Called on the client's threads."""
        self._outcomes.append((event, code, message))


def _is_settled(event: BaseEvent, code: int, message: str | None) -> bool:
    if message == LEFT_TO_STREAM:
        count("EventsPostponed")
        return False
    if code != TAKEN:
        # Another try would end the same way, and would hold up every event behind it.
        count("EventsRefused")
        logger.error("Amplitude refuses an event", extra={"event": event.event_type, "code": code})
    return True
