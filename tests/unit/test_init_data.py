"""How long init data proves who opened the Mini App, and how much of it is read."""

import json
from datetime import timedelta
from urllib.parse import quote

import pytest
from init_data_py import sign

from functions.webapp_select.init_data import InitDataError, verified_person
from troupe.clock import ahead_by, now_ms

TOKEN = "1:a-token-of-the-tests"


def init_data(**fields: str) -> str:
    user = json.dumps({"id": 7, "first_name": "Anna"})
    return sign({"user": user, **fields}, TOKEN, auth_date=now_ms() // 1000)


@pytest.mark.parametrize("age", [timedelta(0), timedelta(minutes=59), timedelta(seconds=-55)], ids=str)
def test_init_data_is_good_for_an_hour_and_for_a_clock_that_is_a_minute_behind(age: timedelta) -> None:
    signed = init_data()
    with ahead_by(age):
        person, signature = verified_person(signed, TOKEN)

    assert (person.user_id, person.first_name) == (7, "Anna")
    assert f"hash={signature}" in signed


@pytest.mark.parametrize(
    ("age", "reason"),
    [
        (timedelta(hours=1, seconds=1), "ExpiredError"),
        (timedelta(minutes=61), "ExpiredError"),
        (timedelta(seconds=-65), "dated in the future"),
    ],
    ids=str,
)
def test_init_data_that_is_too_old_or_too_new_is_refused(age: timedelta, reason: str) -> None:
    signed = init_data()
    with ahead_by(age), pytest.raises(InitDataError, match=reason):
        verified_person(signed, TOKEN)


def test_init_data_of_8192_characters_is_read_and_longer_is_not() -> None:
    room = 8192 - len(init_data(start_param=""))
    longest, too_long = (init_data(start_param="x" * (room + more)) for more in (0, 1))

    assert len(longest) == 8192
    assert verified_person(longest, TOKEN)[0].user_id == 7
    with pytest.raises(InitDataError, match="too long"):
        verified_person(too_long, TOKEN)


def test_init_data_with_any_character_changed_is_refused() -> None:
    signed = init_data(start_param="mario")
    for at, character in enumerate(signed):
        for other in "x&" if character != "x" else "y&":
            if other != character:
                with pytest.raises(InitDataError):
                    verified_person(signed[:at] + other + signed[at + 1 :], TOKEN)


def test_a_signature_in_capitals_is_refused() -> None:
    signed = init_data()
    signature = signed.rpartition("hash=")[2].partition("&")[0]
    with pytest.raises(InitDataError):
        verified_person(signed.replace(signature, signature.upper()), TOKEN)


def test_init_data_that_names_no_person_is_refused() -> None:
    signed = sign({"query_id": quote("x")}, TOKEN, auth_date=now_ms() // 1000)
    with pytest.raises(InitDataError, match="names no person"):
        verified_person(signed, TOKEN)
