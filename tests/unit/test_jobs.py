"""Jobs as they stand on the queue: what goes in comes out, and what is no job is refused with a reason."""

import json
from dataclasses import fields
from typing import Any, ClassVar, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troupe.conversations.jobs.answering import AlternativeJob, AnswerJob, GreetJob
from troupe.conversations.jobs.kinds import KINDS
from troupe.conversations.jobs.parsing import MalformedJobError, parse
from troupe.conversations.jobs.queue import MAX_ID, to_json
from troupe.conversations.jobs.remembering import SummarizeJob

ids = st.integers(-MAX_ID, MAX_ID)
by_type = {
    int: ids,
    bool: st.booleans(),
    str: st.text(),
    int | None: st.none() | ids,
}


def jobs_of(kind: type[Any]) -> st.SearchStrategy[Any]:
    return st.builds(kind, **{field.name: by_type[get_type_hints(kind)[field.name]] for field in fields(kind)})


every_job = st.one_of(*map(jobs_of, KINDS.values()))


# Names of things, never a text that a person has written: a job may become a dead letter.
NAMES = {
    "action", "after", "argument", "broadcast_id", "character_id", "code", "command", "conversation_id",
    "correlation_id", "digest", "fact", "field", "file_id", "file_unique_id", "language", "notes", "person", "reason",
    "reference", "share_token", "suggestion_id",
}  # fmt: skip


def test_a_job_has_no_place_for_words_or_names_of_people() -> None:
    types = {field: kind for job in KINDS.values() for field, kind in get_type_hints(job).items()}
    told = {name for name, kind in types.items() if kind not in {int, int | None, bool, ClassVar[str]}}
    assert told <= NAMES


@given(every_job)
def test_a_job_comes_off_the_queue_as_it_was_put_on(job: Any) -> None:
    assert parse(to_json(job)) == job


def test_a_field_that_this_version_does_not_know_is_ignored() -> None:
    job = AnswerJob(person_id=1, chat_id=2, message_id=3)
    assert parse(json.dumps({**json.loads(to_json(job)), "mood": "new"})) == job


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"version": 99}, "version 99"),
        ({"kind": "sing"}, "sing"),
        ({"chat_id": "2"}, "chat_id is str"),
        ({"chat_id": True}, "chat_id is bool"),
        ({"message_id": None}, "message_id is NoneType"),
    ],
)
def test_a_job_with_a_field_of_another_type_is_refused_by_name(change: dict[str, Any], reason: str) -> None:
    body = {**json.loads(to_json(AnswerJob(person_id=1, chat_id=2, message_id=3))), **change}
    with pytest.raises(MalformedJobError, match=reason):
        parse(json.dumps(body))


@pytest.mark.parametrize("body", ["", "[]", "null", "7", '"answer"', "{}", "not a job"])
def test_a_message_that_is_no_job_is_refused(body: str) -> None:
    with pytest.raises(MalformedJobError):
        parse(body)


def test_only_a_summary_has_a_message_group_beside_its_chats() -> None:
    summary = SummarizeJob(
        person_id=1, chat_id=2, conversation_id="2:0:mario:0", character_id="mario", through_id=9, summarised_through=0
    )
    assert summary.group == "2:memory"
    assert GreetJob(person_id=1, chat_id=2, character_id="mario", language="en").group == "2"
    swipe = AlternativeJob(
        person_id=1, chat_id=2, conversation_id="c", character_id="mario", language="en", turn_id=4, number=1
    )
    assert swipe.group == "2"
