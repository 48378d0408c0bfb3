"""The name of a person in logs, events and prompts."""

import hashlib
import hmac
import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.settings import SIMULATED_TOKEN, pseudonym_key
from troupe.pseudonym import KEY_PATTERN, pseudonym, use_key

PERSON = 700_000_001


@pytest.fixture
def another_key() -> Iterator[str]:
    yield "another-key-of-22-signs"
    use_key(lambda: pseudonym_key(SIMULATED_TOKEN))


def test_it_is_an_hmac_of_the_id_with_the_key_of_the_deployment(another_key: str) -> None:
    use_key(lambda: another_key)
    assert pseudonym(PERSON) == hmac.new(another_key.encode(), b"person:700000001", hashlib.sha256).hexdigest()[:24]


def test_another_key_makes_another_name(another_key: str) -> None:
    before = pseudonym(PERSON)
    use_key(lambda: another_key)
    assert pseudonym(PERSON) != before


@given(st.integers(min_value=1, max_value=(1 << 52) - 1), st.integers(min_value=1, max_value=(1 << 52) - 1))
def test_two_people_have_two_names_and_one_person_has_one(one: int, other: int) -> None:
    assert (pseudonym(one) == pseudonym(other)) == (one == other)


def test_a_key_on_one_machine_has_the_form_of_a_deployed_one() -> None:
    assert re.fullmatch(KEY_PATTERN, pseudonym_key(SIMULATED_TOKEN))
