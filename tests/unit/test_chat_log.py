"""SillyTavern chats are read as its versions and other programs write them, and no line of one breaks the rest."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.card_files.reading.chat_lines import is_chat
from functions.card_files.reading.chat_log import read_chat_log
from functions.card_files.reading.send_dates import sent_ms
from tests.unit.brought_cards import v2, v3
from tests.unit.card_files import as_json
from tests.unit.tavern_chat import HEADER, chat, line
from troupe.brought_chats import chat as limits
from troupe.brought_chats.chat import BroughtChat, ChatTurn, Counts
from troupe.characters.card_refusal import CardRefusedError

NOW = 1_764_000_000_000


def read(*lines: object, header: object = HEADER) -> tuple[BroughtChat, list[ChatTurn]]:
    return read_chat_log(chat(*lines, header=header), NOW)


def said(turns: list[ChatTurn], names: list[str]) -> list[tuple[str, str]]:
    return [(turn.text, turn.answer(names, 0)) for turn in turns]


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        (1674563371558, "2023-01-24T12:29:31.558"),
        ("1674563371558", "2023-01-24T12:29:31.558"),
        (1674563371, "2023-01-24T12:29:31"),
        ("2023-6-2 @21h 09m 51s 363ms", "2023-06-02T21:09:51.363"),
        ("2025-09-26@15h04m33s123ms", "2025-09-26T15:04:33.123"),
        ("2026-08-31 @00h00m01s", "2026-08-31T00:00:01"),
        ("June 19, 2023 4:13pm", "2023-06-19T16:13:00"),
        ("December 31, 2024 12:01am", "2024-12-31T00:01:00"),
        ("May 23, 2026 3:10:05 PM", "2026-05-23T15:10:05"),
        ("2025-01-16 10:00:15", "2025-01-16T10:00:15"),
        ("2025-09-26T07:04:12.006Z", "2025-09-26T07:04:12.006"),
        ("2025-13-45@1h1m1s", None),
        ("Smarch 1, 2024 1:00am", None),
        ("yesterday", None),
        (17, None),
        (-5, None),
        (None, None),
        (True, None),
        ({}, None),
    ],
)
def test_a_date_is_read_in_each_of_its_spellings(written: object, read_as: str | None) -> None:
    expected = read_as and round(datetime.fromisoformat(read_as).replace(tzinfo=UTC).timestamp() * 1000)
    assert sent_ms(written) == expected


def test_each_message_of_the_person_becomes_a_turn_with_the_answers_to_it() -> None:
    found, turns = read(
        line("Vera", "Early.", 1_741_000_000_000),
        line("Anna", "Am I?", 1_741_000_060_000, is_user=True),
        line("Vera", "By an hour.", 1_741_000_090_000, swipes=["No.", "By an hour."], swipe_id=1),
        line("Anna", "Oh.", 1_741_000_120_000, is_user=True),
        line("Anna", "Well.", 1_741_000_150_000, is_user=True),
        line("Vera", "Sit."),
        line("Vera", "Tea?"),
    )
    assert found.opening == ((0, "Early."),)
    assert said(turns, found.names) == [("Am I?", "By an hour."), ("Oh.", ""), ("Well.", "Sit.\n\nTea?")]
    assert (turns[0].sent_at, turns[0].answered_at) == (1_741_000_060_000, 1_741_000_090_000)
    assert turns[2].answered_at == 1_741_000_150_000, "a line without a date has that of the line before it"
    assert (found.first, found.last, found.counts) == ("Early.", "Tea?", Counts(messages=7, swipes=1))
    assert (found.since, found.until) == (1_741_000_000_000, 1_741_000_150_000)


def test_broken_lines_are_counted_and_leave_the_others() -> None:
    found, turns = read(
        "{broken", "[1]", "null", '"text"', '{"name": "no message"}', line("Anna", "Here.", is_user=True), "\x00", ""
    )
    assert (said(turns, found.names), found.counts) == ([("Here.", "")], Counts(messages=1, unread=6))
    assert turns[0].sent_at == NOW


def test_what_the_program_says_is_left_out_and_what_the_person_hid_stays() -> None:
    found, turns = read(
        line("SillyTavern System", "Welcome!", is_system=True, extra={"type": "welcome"}),
        line("Note", "a comment", is_system=True, extra={"type": "comment"}),
        line("Anna", "Hidden.", is_user=True, is_system=True),
        line("Vera", "Hidden too.", is_system=True),
        line("Vera", ""),
        line("Snow", "It snows.", extra={"type": "narrator"}),
    )
    assert said(turns, found.names) == [("Hidden.", "Hidden too.\n\nIt snows.")]
    assert (found.names, found.counts) == (["Vera"], Counts(messages=3, system=3))


def test_in_a_group_the_lines_of_others_keep_their_names() -> None:
    found, turns = read(
        line("Odo", "Who is it?"), line("Anna", "Me.", is_user=True), line("Vera", "Her."), line("Odo", "Ah."),
        line("Vera", "Sit."), line("Vera", "Tea?"),
        header={"user_name": "unused", "character_name": "unused", "chat_metadata": {}},
    )  # fmt: skip
    assert found.names == ["Vera", "Odo"]
    assert said(turns, found.names) == [("Me.", "Her.\n\nOdo: Ah.\n\nSit.\n\nTea?")]
    assert ChatTurn(0, "", found.opening).answer(found.names, 1) == "Who is it?"


@pytest.mark.parametrize(
    "written",
    [
        line("Vera", {"message": "Sit.\r\nDown."}),
        {"name": "Vera", "is_user": "false", "swipes": ["No.", {"message": "Sit.\nDown."}], "swipe_id": 1},
        line("Vera", None, swipes=["Sit.\nDown."], swipe_id=7),
        line("Ve\u202era", "Sit.\nDown.\x00"),
        '{"name": "Vera", "mes": "Sit.\\nDown.", "is_user": false, "extra": NaN}',
    ],
)
def test_a_message_is_found_where_other_programs_put_it(written: object) -> None:
    found, _ = read(written, header=None)
    assert (found.opening, found.names) == (((0, "Sit.\nDown."),), ["Vera"])


def test_half_a_surrogate_pair_costs_no_message() -> None:
    _, turns = read('{"name": "Anna", "is_user": true, "mes": "Hi \\ud83d"}')
    turns[0].text.encode()
    assert turns[0].text.startswith("Hi")


def test_of_a_chat_that_is_too_long_the_newest_turns_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("functions.card_files.reading.chat_log.MAX_TURNS", 2)
    lines = [line("Anna", str(number), 1_741_000_000_000 + number, is_user=True) for number in range(5)]
    found, turns = read(line("Vera", "Early."), *lines)
    assert [turn.text for turn in turns] == ["3", "4"]
    assert (found.opening, found.counts) == ((), Counts(messages=2, older=4))
    assert found.first == "3"


def test_a_message_that_is_too_long_is_shortened() -> None:
    found, turns = read(line("Anna", "x" * (limits.MAX_MESSAGE + 1), is_user=True))
    assert (len(turns[0].text), found.counts.cut) == (limits.MAX_MESSAGE, 1)


def test_times_neither_go_back_nor_lie_in_the_future() -> None:
    dates = [NOW + 10_000_000, 1_741_000_000_000, None]
    _, turns = read(*(line("Anna", "x", date, is_user=True) for date in dates))
    assert [turn.sent_at for turn in turns] == [NOW, NOW, NOW]


@pytest.mark.parametrize(
    "other", [as_json(v2()), as_json(v3()), b"", b"{}\n{}", b"\x89PNG\n{", json.dumps([1]).encode()]
)
def test_other_files_are_no_chats(other: bytes) -> None:
    assert not is_chat(other)


def test_a_chat_is_known_without_a_header_and_behind_a_broken_line() -> None:
    assert is_chat(chat(line("Vera", "Early."), header=None))
    assert is_chat(chat("{", line("Vera", "Early."), header=None))
    assert is_chat(b"\xef\xbb\xbf" + chat())


def test_a_chat_without_a_message_is_refused() -> None:
    with pytest.raises(CardRefusedError, match="empty_chat"):
        read("{")


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
FIELDS = ("name", "is_user", "mes", "send_date", "swipes", "swipe_id", "extra", "is_system")
LINES = st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, JSON))


@settings(max_examples=60)
@given(st.lists(LINES.map(lambda each: json.dumps(each).encode()) | st.binary(max_size=40), max_size=6))
def test_any_chat_file_is_read_or_refused(lines: list[bytes]) -> None:
    try:
        found, turns = read_chat_log(b"\n".join(lines), NOW)
    except CardRefusedError:
        return
    json.dumps([found.stored, [turn.stored for turn in turns]]).encode()
    assert BroughtChat.of(json.loads(json.dumps(found.stored))) == found
    assert all(0 < turn.sent_at <= NOW and (turn.text or turn.answers) for turn in turns)
