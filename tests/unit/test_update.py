"""Telegram's Update as the webhook reads it."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import Update as TelegramUpdate

from functions.webhook.fields import MalformedUpdateError
from functions.webhook.parsing import CONTENT, parse
from functions.webhook.update import (
    ButtonPress,
    EditedMessage,
    Ignored,
    MembershipChange,
    Message,
)
from local.simulator.api_models import types

EVENTS = Path(__file__).parents[2] / "events"

json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
fields = st.sampled_from(["id", "type", "chat", "from", "date", "text", "message_id", "first_name", "is_bot", "data"])
shaped = st.dictionaries(
    st.sampled_from(["update_id", "message", "edited_message", "callback_query", "my_chat_member", "channel_post"]),
    st.dictionaries(fields, st.dictionaries(fields, json_values, max_size=4) | json_values, max_size=6) | st.integers(),
)


@given(json_values | shaped)
@settings(max_examples=3 * settings().max_examples)
def test_any_json_is_an_update_or_is_refused_and_nothing_else_happens(payload: Any) -> None:
    try:
        parse(payload)
    except MalformedUpdateError:
        return


@pytest.mark.parametrize(
    "file", sorted(set(EVENTS.glob("webhook_*.json")) - {EVENTS / "webhook_clock.json"}), ids=lambda file: file.stem
)
def test_the_narrow_reading_agrees_with_the_whole_one(file: Path) -> None:
    payload = json.loads(json.loads(file.read_text())["body"])
    whole, ours = TelegramUpdate.de_json(payload, None), parse(payload)

    match ours:
        case Message() | EditedMessage():
            message = ours.message if isinstance(ours, EditedMessage) else ours
            theirs = whole.effective_message
            assert theirs is not None
            assert theirs.from_user is not None
            assert (message.update_id, message.chat_id, message.message_id) == (
                whole.update_id, theirs.chat_id, theirs.message_id,
            )  # fmt: skip
            assert message.text == (theirs.text or theirs.caption or "")
            assert message.person.user_id == theirs.from_user.id
            assert message.person.language == theirs.from_user.language_code
        case ButtonPress():
            assert whole.callback_query is not None
            assert (ours.callback_id, ours.data) == (whole.callback_query.id, whole.callback_query.data)
        case MembershipChange():
            assert whole.my_chat_member is not None
            assert ours.blocked == (whole.my_chat_member.new_chat_member.status == "kicked")
        case _:
            assert whole.effective_chat is None or whole.effective_chat.type != "private"


ENVELOPE: dict[str, Any] = {
    "date": 1,
    "message_id": 1,
    "chat": {"id": 1, "type": "private"},
    "from": {"id": 1, "is_bot": False, "first_name": "A"},
}
# Fields that accompany a message's content and are no content themselves.
ABOUT_CONTENT = {
    "message_id", "from_user", "chat", "date", "caption", "caption_entities", "entities", "quote", "via_bot",
    "effect_id", "media_group_id", "reply_markup", "edit_date", "link_preview_options",
}  # fmt: skip


def test_every_field_of_a_message_in_the_bot_api_is_content_or_no_reason_to_speak() -> None:
    read = {
        name: parse({"update_id": 1, "message": ENVELOPE | {name: "x" if name == "text" else {"of": "no matter"}}})
        for name in types.Message.model_fields
        if name not in ABOUT_CONTENT
    }
    content = {name for name, update in read.items() if isinstance(update, Message)}
    assert content == {"text", *CONTENT}
    assert all(update == Ignored("service message") for name, update in read.items() if name not in content)


def test_a_field_that_no_version_knows_yet_is_no_reason_to_speak() -> None:
    assert parse({"update_id": 1, "message": ENVELOPE | {"teleport_done": {}}}) == Ignored("service message")


@given(st.sampled_from(["from", "chat"]), st.dictionaries(st.text(), st.none(), max_size=4))
def test_null_and_missing_are_the_same(where: str, nulls: dict[str, None]) -> None:
    message = ENVELOPE | {"text": "Hi"}
    holed = {**nulls, **message, where: {**nulls, **message[where]}}
    assert parse({"update_id": 1, "message": holed}) == parse({"update_id": 1, "message": message})


def test_nulls_nested_beyond_reason_are_refused_and_no_crash() -> None:
    deep: Any = None
    for _ in range(5000):
        deep = [deep]
    with pytest.raises(MalformedUpdateError):
        parse({"update_id": 1, "message": deep})
