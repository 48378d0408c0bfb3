"""The product events of a row's changes, and the insert ids by which Amplitude drops repeats."""

from typing import Any

import pytest

from functions.analytics.events import turn_events, user_events
from troupe.pseudonym import pseudonym

Row = dict[str, Any]
USER: Row = {"user_id": 7, "registered_at": 1000, "language": "en"}
TURN: Row = {
    "chat_id": 7, "message_id": 5, "person_id": 7, "kind": "text", "text": "four", "status": "received",
    "sent_s": 1, "received_at": 1700,
}  # fmt: skip
ADDRESSED = TURN | {"character_id": "mario", "language": "en"}
ANSWERED = ADDRESSED | {"status": "answered", "answered_at": 2500, "answer": "sixsix"}
DELIVERED = ANSWERED | {"status": "delivered", "delivered_at": 2700}


def names(old: Row, new: Row) -> list[str]:
    return [event.event_type for event in turn_events(old, new)]


def ids(old: Row, new: Row) -> set[str]:
    return {event.insert_id for event in turn_events(old, new)}


@pytest.mark.parametrize(
    ("old", "new", "events"),
    [
        ({}, TURN, []),
        ({}, TURN | {"status": "unaddressed"}, ["message_sent"]),
        (TURN, ADDRESSED, ["message_sent"]),
        (TURN, ANSWERED, ["message_sent", "reply_received"]),
        (ADDRESSED, ANSWERED, ["reply_received"]),
        (ANSWERED, DELIVERED, ["reply_sent"]),
        (ANSWERED, ANSWERED | {"reply_ids": "[1]"}, []),
        (DELIVERED, DELIVERED | {"status": "withdrawn"}, []),
        (DELIVERED, DELIVERED | {"answered_at": 9000}, ["reply_received"]),
        (ADDRESSED, ADDRESSED | {"status": "given_up", "failed_at": 3000, "failure": "model_key"}, ["reply_failed"]),
        (ADDRESSED | {"failed_at": 3000}, ADDRESSED, []),
    ],
)
def test_a_change_of_a_turn_is_told_once_by_the_time_that_it_sets(old: Row, new: Row, events: list[str]) -> None:
    assert names(old, new) == events


def test_a_picture_is_told_by_its_kind_and_its_seconds_and_never_by_its_words() -> None:
    wish = ADDRESSED | {"kind": "drawing", "drawing": '{"of": "words", "by": "command"}'}
    sent = wish | {"status": "delivered", "delivered_at": 9700, "answer": "[a picture: four]"}
    (event,) = turn_events(wish, sent | {"usage": '{"model": "gpt-image-2.6-flare", "output": 272, "total_ms": 6543}'})
    assert event.event_type == "picture_sent"
    assert event.event_properties == {
        "character": "mario", "kind": "drawing", "length": 4, "language": "en", "waited_ms": 8000,
        "of": "words", "model": "gpt-image-2.6-flare", "seconds": 6.5,
    }  # fmt: skip


def test_the_same_change_has_the_same_ids_however_often_it_is_read() -> None:
    assert ids(TURN, DELIVERED) == ids(TURN, DELIVERED)
    assert len(ids(TURN, DELIVERED)) == 3


def test_a_second_answer_to_a_message_is_an_event_of_its_own() -> None:
    again = DELIVERED | {"answered_at": 9000, "delivered_at": 9100}
    assert names(DELIVERED, again) == ["reply_received", "reply_sent"]
    assert not ids(DELIVERED, again) & ids(TURN, DELIVERED)


@pytest.mark.parametrize("change", [{"message_id": 6}, {"chat_id": 8}, {"person_id": 8}])
def test_events_about_different_messages_and_people_have_different_ids(change: Row) -> None:
    assert not ids(TURN, DELIVERED) & ids(TURN | change, DELIVERED | change)


def test_a_second_choice_is_an_event_of_its_own_and_names_the_character_before() -> None:
    first = USER | {"character_id": "mario", "chosen_at": 2000}
    (registered, chose), (chose_again,) = user_events({}, first), user_events(first, first | {"chosen_at": 3000})

    assert [registered.event_type, chose.event_type] == ["registered", "character_selected"]
    assert (registered.time, chose.time, chose_again.time) == (1000, 2000, 3000)
    assert chose.event_properties == {"character": "mario", "language": "en"}
    assert chose_again.event_properties["previous"] == "mario"
    assert chose.insert_id != chose_again.insert_id
    assert user_events(first, first | {"first_name": "Anna"}) == []


def test_bringing_a_character_is_an_event_without_a_word_of_it() -> None:
    (brought,) = user_events(USER, USER | {"brought_at": 3000})
    assert (brought.event_type, brought.time, brought.event_properties) == (
        "character_brought",
        3000,
        {"language": "en"},
    )
    assert user_events(USER | {"brought_at": 3000}, USER | {"brought_at": 3000}) == []


def test_a_form_is_an_event_at_each_step_with_reasons_and_without_a_word_of_it() -> None:
    started = USER | {"form": '{"step": "started", "at": 3000, "is_new": true, "why": []}'}
    refused = USER | {"form": '{"step": "refused", "at": 4000, "is_new": null, "why": ["name:missing"]}'}
    (first,), (second,) = user_events(USER, started), user_events(started, refused)
    assert (first.event_type, first.time, first.event_properties) == (
        "form_started", 3000, {"is_new": True, "language": "en"},
    )  # fmt: skip
    assert (second.event_type, second.event_properties) == ("form_refused", {"why": ["name:missing"], "language": "en"})
    assert user_events(started, started) == []


def test_of_an_imported_chat_only_its_import_is_an_event() -> None:
    assert turn_events({}, DELIVERED | {"message_id": -1}) == []
    (imported,) = user_events(USER, USER | {"imported_at": 3000})
    assert (imported.event_type, imported.time) == ("chat_imported", 3000)


def test_an_event_tells_lengths_and_times_and_neither_words_nor_ids() -> None:
    usage = '{"model": "m", "input": 9, "output": 3}'
    sent, received, delivered = turn_events(TURN, DELIVERED | {"usage": usage})

    assert {event.user_id for event in (sent, received, delivered)} == {pseudonym(7)}
    assert (sent.time, received.time, delivered.time) == (1700, 2500, 2700)
    about = {"character": "mario", "kind": "text", "length": 4, "language": "en"}
    assert sent.event_properties == about
    assert received.event_properties == about | {
        "model": "m", "input": 9, "output": 3, "reply_length": 6, "waited_ms": 800,
    }  # fmt: skip
    assert delivered.event_properties == about | {"waited_ms": 1000}


def test_a_message_that_came_late_was_sent_within_the_second_that_telegram_names() -> None:
    (sent,) = turn_events({}, ADDRESSED | {"received_at": 60_000})
    assert sent.time == 1999


def test_an_answer_that_was_said_aloud_is_told_with_its_seconds() -> None:
    spoken = DELIVERED | {"spoken_at": 3000, "speech": '{"id": 8, "file_id": "f", "seconds": 4.5, "asked_by": "1"}'}
    (event,) = turn_events(DELIVERED, spoken)
    about = {"character": "mario", "kind": "text", "length": 4, "language": "en"}
    assert (event.event_type, event.time, event.event_properties) == (
        "reply_spoken",
        3000,
        about | {"spoken_seconds": 4.5},
    )


def test_a_failure_is_told_with_its_reason() -> None:
    failed = ADDRESSED | {"status": "given_up", "failed_at": 3000, "failure": "model_key"}
    (event,) = turn_events(ADDRESSED, failed)
    assert (event.event_properties["reason"], event.time) == ("model_key", 3000)


def test_a_picture_is_counted_and_nothing_of_it_is_told() -> None:
    photo = ADDRESSED | {"kind": "photo", "picture": '{"file_id": "f", "bytes": 9, "emoji": null}', "seen": "A bike."}
    (event,) = turn_events(TURN, photo)
    told = {"character": "mario", "kind": "photo", "length": 4, "pictures": 1, "language": "en"}
    assert event.event_properties == told
