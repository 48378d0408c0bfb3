"""The data behind buttons: this bot's own is understood, and data that it cannot have made is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troupe.telegram.callback_data import CallbackData


@pytest.mark.parametrize(
    "data",
    [
        "retry:4", "again:0", "go_on:12", "take_back:9007199254740991", "alternative:12:0", "alternative:12:199",
        "greeting:3", "restart_undo:1", "forget:0123456789abcdef", "forget:summary", "language:ru", "language:auto",
    ],
)  # fmt: skip
def test_data_of_this_bots_buttons_is_understood(data: str) -> None:
    assert str(CallbackData.parse(data)) == data


@pytest.mark.parametrize(
    "data",
    [
        "", ":", "again", "again:", "again:-1", "again:01", "again:+1", "again: 1", "again:1 ", "again:1\n",
        "again:1:2", "again:²", "again:１２", f"again:{'9' * 57}", "alternative:²:0", "alternative:1:²",
        "alternative:1", "alternative:1:10000", "greeting:²", "forget:", "forget:XYZ", "forget:0123456789ABCDEF",
        "language:de", "hello:1", "take:1:0", "undo:1", "AGAIN:1",
    ],
)  # fmt: skip
def test_data_that_this_bot_cannot_have_made_is_not_understood(data: str) -> None:
    assert CallbackData.parse(data) is None


@given(st.text(max_size=80))
def test_all_data_that_is_understood_is_written_in_the_bots_own_form(data: str) -> None:
    parsed = CallbackData.parse(data)
    assert parsed is None or str(parsed) == data


@given(st.sampled_from(["retry", "again", "go_on", "take_back"]), st.integers(0, (1 << 53) - 1))
def test_every_id_that_telegram_can_have_given_a_message_fits(action: str, message_id: int) -> None:
    written = str(CallbackData(action, (str(message_id),)))
    assert len(written.encode()) <= 64
    parsed = CallbackData.parse(written)
    assert parsed is not None
    assert parsed.number() == message_id
