"""Uploads events with Amplitude's client, and reports which events it has taken. The stream retries the others."""

import logging
import threading
import time
from concurrent.futures import wait

from amplitude import Amplitude, BaseEvent, Config
from amplitude.constants import EventLogLevel
from amplitude.storage import Storage, StorageProvider

from functions.analytics.outcomes import LEFT_FOR_LONGER, LEFT_TO_STREAM, Outcome, is_settled, parts
from troupe.observability import count

# Seconds for one upload, with its retries. Twice the client's own timeout of a connection.
TIMEOUT_S = 25
# After this many requests an invocation leaves the other events to the stream.
MAX_REQUESTS = 100

# At its usual level the client logs whole events.
logging.getLogger("amplitude").setLevel(logging.CRITICAL)


class Outbox(Storage):  # type: ignore[misc]  # the client ships no types
    """Keeps events until they are flushed. Events that Amplitude would have again are left to the stream.

    The client's own storage starts a thread that sends at times of its choosing, frozen or not.
    """

    def __init__(self) -> None:
        self._events: list[BaseEvent] = []

    def setup(self, configuration: Config, workers: object) -> None:
        """Part of the client's protocol; there is nothing to set up."""

    def push(self, event: BaseEvent, delay: int = 0) -> tuple[bool, str | None]:
        if event.retry:
            return False, LEFT_FOR_LONGER if delay else LEFT_TO_STREAM
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
            callback=self._note,
            event_log_level=EventLogLevel.NONE,
        )
        self._client = Amplitude(api_key, configuration)
        self._outcomes: dict[str, Outcome] = {}
        # On a laptop several streams are read by one process.
        self._one_at_a_time = threading.Lock()

    def upload(self, events: list[BaseEvent]) -> set[str]:
        """The insert ids of the events that need no other try: taken, or refused for good.

        Amplitude takes none of a request in which it refuses one event. The request is then sent again in parts, until
        the refused event has been refused alone and the others are taken.
        """
        settled: set[str] = set()
        requests, deadline = [events], time.monotonic() + TIMEOUT_S
        with self._one_at_a_time:
            for _ in range(MAX_REQUESTS):
                left_s = deadline - time.monotonic()
                if not requests or not requests[0] or left_s <= 0:
                    break
                batch = requests.pop(0)
                outcomes = self._send(batch, left_s)
                settled |= {event.insert_id for event in batch if is_settled(event, outcomes, len(batch))}
                left = [event for event in batch if event.insert_id not in settled]
                again = parts(left, outcomes)
                if left and not again:
                    # Amplitude is down or busy: the next request would fail too.
                    break
                requests = again + requests
        if postponed := sum(event.insert_id not in settled for event in events):
            count("EventsPostponed", postponed)
        return settled

    def _send(self, batch: list[BaseEvent], timeout_s: float) -> dict[str, Outcome]:
        """The outcomes by insert id. After a broken connection, events have none."""
        self._outcomes = {}
        for event in batch:
            event.retry = 0
            self._client.track(event)
        wait([flushed for flushed in self._client.flush() if flushed is not None], timeout=timeout_s)
        return self._outcomes

    def _note(self, event: BaseEvent, code: int, message: str | None) -> None:
        """Runs on the client's threads."""
        self._outcomes[event.insert_id] = Outcome(code, message)
