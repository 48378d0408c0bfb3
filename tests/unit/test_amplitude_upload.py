"""One event that Amplitude refuses holds up no other, however Amplitude says which one it is."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from amplitude import BaseEvent
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.analytics.amplitude_upload import MAX_REQUESTS, Uploader
from troupe.observability import measuring

Answer = tuple[int, dict[str, Any]]
Rule = Callable[[list[str]], Answer]
TAKEN: Answer = (200, {"code": 200})


class Server(ThreadingHTTPServer):
    """Amplitude as far as these tests need it: `rule` answers the insert ids of one request."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.rule: Rule = lambda _: TAKEN
        self.requests: list[list[str]] = []
        self.taken: list[str] = []

    @contextmanager
    def answering(self, rule: Rule) -> Iterator[None]:
        self.rule, self.requests, self.taken = rule, [], []
        yield


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        ids = [event["insert_id"] for event in body["events"]]
        self.server.requests.append(ids)
        status, answer = self.server.rule(ids)
        if status == 200:
            self.server.taken += ids
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps({"code": status, **answer}).encode())

    def log_message(self, *_: object) -> None:
        """Tests print nothing."""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("POWERTOOLS_SERVICE_NAME", "troupe")
        environment.setenv("POWERTOOLS_METRICS_NAMESPACE", "Troupe")
        yield server
    server.shutdown()
    thread.join()
    server.server_close()


def upload(server: Server, ids: list[str]) -> set[str]:
    uploader = Uploader("key", f"http://127.0.0.1:{server.server_port}/2/httpapi")
    with measuring():
        return uploader.upload([BaseEvent("message_sent", user_id="somebody", insert_id=name) for name in ids])


def by_index(bad: set[str]) -> Rule:
    def rule(ids: list[str]) -> Answer:
        places = [place for place, name in enumerate(ids) if name in bad]
        return (400, {"error": "Invalid fields", "events_with_invalid_fields": {"time": places}}) if places else TAKEN

    return rule


def always_the_first(bad: set[str]) -> Rule:
    return lambda ids: (400, {"error": "?", "events_with_missing_fields": {"time": [0]}}) if bad & {*ids} else TAKEN


def without_naming_it(bad: set[str]) -> Rule:
    return lambda ids: (400, {"error": "Invalid JSON request body"}) if bad & {*ids} else TAKEN


def as_a_field_of_the_request(bad: set[str]) -> Rule:
    return lambda ids: (400, {"error": "?", "missing_field": "time"}) if bad & {*ids} else TAKEN


def as_too_large(bad: set[str]) -> Rule:
    return lambda ids: (413, {"error": "Payload too large"}) if bad & {*ids} else TAKEN


RULES = [by_index, always_the_first, without_naming_it, as_a_field_of_the_request, as_too_large]


@pytest.mark.parametrize("refusing", RULES)
@settings(max_examples=15, deadline=None)
@given(length=st.integers(1, 12), chosen=st.sets(st.integers(0, 11), max_size=3))
def test_everything_but_the_refused_events_arrives_once(
    server: Server, refusing: Callable[[set[str]], Rule], length: int, chosen: set[int]
) -> None:
    ids = [f"event-{number}" for number in range(length)]
    bad = {ids[place] for place in chosen if place < length}
    with server.answering(refusing(bad)):
        assert upload(server, ids) == set(ids)
        assert sorted(server.taken) == sorted(set(ids) - bad)


@pytest.mark.parametrize("status", [401, 403, 408, 500, 503])
def test_an_amplitude_that_takes_nothing_is_asked_once_and_nothing_is_lost(server: Server, status: int) -> None:
    with server.answering(lambda _: (status, {"error": "not now"})):
        assert upload(server, ["a", "b", "c"]) == set()
        assert len(server.requests) == 1


def test_the_events_of_others_do_not_wait_with_those_of_a_user_who_sends_too_much(server: Server) -> None:
    def throttled(ids: list[str]) -> Answer:
        return (429, {"error": "?", "throttled_events": [ids.index("b")]}) if "b" in ids else TAKEN

    with server.answering(throttled):
        assert upload(server, ["a", "b", "c"]) == {"a", "c"}


def test_more_refused_events_than_one_upload_can_single_out_are_gone_on_with_from_there(server: Server) -> None:
    ids = [f"event-{number}" for number in range(2 * MAX_REQUESTS)]
    with server.answering(without_naming_it(set(ids))):
        settled = upload(server, ids)

        assert len(server.requests) == MAX_REQUESTS
        assert settled == set(ids[: len(settled)]) != set()
