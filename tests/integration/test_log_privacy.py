"""No line of a function's output contains a secret, a person's name or id, or their words, at any log level.

The tests run at DEBUG, whose output contains that of every other level.
"""

import io
import json
import logging
import os
import time
from collections.abc import Iterator
from typing import Any

import pytest

from functions.llm_reply.prompting import cards
from local.simulator.faults import Fault
from tests.integration.guest import Guest, Json, eventually
from tests.integration.letters import bury, look
from tests.integration.log_lines import Said, with_metric
from tests.unit.brought_cards import v2
from tests.unit.card_files import as_json
from tests.unit.tavern_chat import chat, line
from troupe import aws
from troupe.characters.character import Character
from troupe.characters.suggestion import Suggestion
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import DELIVERED
from troupe.pseudonym import pseudonym
from troupe.telegram.card_texts import ENGLISH_CARDS
from troupe.users import User

pytestmark = pytest.mark.asyncio(loop_scope="session")

SECRETS = (
    "TELEGRAM_BOT_TOKEN",
    "OPENAI_API_KEY",
    "AMPLITUDE_API_KEY",
    "AMPLITUDE_SECRET_KEY",
    "WEBHOOK_SECRET",
    "PSEUDONYM_KEY",
)
LIBRARIES = (
    "httpx", "httpx2", "httpcore", "httpcore2", "openai", "botocore", "urllib3", "pynamodb", "init_data_py", "asyncio",
)  # fmt: skip
# The libraries that log events and messages whole at ERROR.
SILENCED = ("amplitude", "telegram")
WORDS = "bees in the attic"
PRIVATE = (WORDS, "Anna", "Karenina", "Vera", "Honk")


@pytest.fixture
def library_log() -> Iterator[io.StringIO]:
    """The lines of the root logger's handler, which Lambda prints, with every library's logger at DEBUG."""
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    known = [name for name in logging.root.manager.loggerDict if name.partition(".")[0] not in SILENCED]
    loggers = [logging.root, *map(logging.getLogger, {*known, *LIBRARIES})]
    before = {logger: logger.level for logger in loggers}
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    logging.root.addHandler(handler)
    yield log
    logging.root.removeHandler(handler)
    for logger, level in before.items():
        logger.setLevel(level)


@pytest.fixture(autouse=True)
def queued() -> Iterator[list[str]]:
    """The bodies of all jobs. A dead letter is one of them as it was queued."""
    found: list[str] = []

    def note(params: dict[str, Any], **_: Any) -> None:
        found.append(params["MessageBody"])

    emitter, name = aws.client("sqs").meta.events, "provide-client-params.sqs.SendMessage"
    emitter.register(name, note)
    yield found
    emitter.unregister(name, note)


def assert_private(guest: Guest, said: Said, library_log: io.StringIO) -> None:
    output = said.text() + library_log.getvalue()
    # Names alone: pytest prints what an assertion compares.
    told = [text for text in (*PRIVATE, str(guest.id)) if text in output]
    told += [name for name in SECRETS if os.environ[name] in output]
    assert told == []


async def event_of(guest: Guest, kind: str) -> Json:
    """The first product event of this kind about the guest."""

    def found() -> Json | None:
        mine = (event for event in guest.stack.amplitude.events if event["user_id"] == pseudonym(guest.id))
        return next((event for event in mine if event["event_type"] == kind), None)

    return await eventually(found)


async def test_words_and_names_are_in_tables_and_in_no_log_metric_event_or_dead_letter(
    guest: Guest, said: Said, library_log: io.StringIO, queued: list[str]
) -> None:
    guest.stack.model.script(text=f"*hat off* {WORDS}!", matching=f"I keep {WORDS}")
    await guest.chooses("mario")
    await guest.says("/start mario")
    await guest.says("/memory my sister is called Vera")
    message = guest.write(f"I keep {WORDS}")
    await guest.turn(message, DELIVERED)
    guest.user.edit(message["message_id"], f"I kept {WORDS}, and a goose called Honk")
    await guest.turn(message, DELIVERED)
    count = len(guest.received())
    guest.user.send_photo(WORDS)
    await guest.hears(count + 1)
    guest.write(f"/start invite_{WORDS[:4]}")
    await guest.hears(count + 2)
    _, asked = await guest.api(
        "suggest", init_data=guest.user.init_data(), field="tagline", form={"name": "Honk", "description": WORDS}
    )
    await eventually(
        lambda: ((found := Suggestion.find(f"suggestion:{asked['suggestion_id']}")) and found.text) or None
    )
    await event_of(guest, "reply_sent")

    assert_private(guest, said, library_log)
    events = [event for event in guest.stack.amplitude.events if event["user_id"] == pseudonym(guest.id)]
    told = [text for text in (*PRIVATE, os.environ["TELEGRAM_BOT_TOKEN"]) if text in str([*queued, *events])]
    assert told == []
    assert {json.loads(body)["kind"] for body in queued} >= {"answer", "greet", "memory", "redeem", "suggest"}
    assert WORDS in Turn.get(guest.id, message["message_id"]).text
    assert User.get(guest.id).last_name == "Karenina"


async def test_words_of_a_card_and_of_a_chat_are_in_no_log_metric_or_dead_letter(
    guest: Guest, said: Said, library_log: io.StringIO, queued: list[str]
) -> None:
    book = {"entries": [{"keys": [f"/(?={WORDS})/"], "content": WORDS}]}
    await guest.brings(as_json(v2(name="Vera", description=WORDS, first_mes=WORDS, character_book=book)), "Vera.json")
    await guest.brings(as_json({"spec": "chara_card_v2", "data": {"name": "", "description": WORDS}}), "Honk.json")
    shown = await guest.brings(chat(line("Anna", WORDS, is_user=True), line("Vera", WORDS)), "Vera.jsonl")
    await guest.presses(shown, ENGLISH_CARDS.chat_import)
    assert_private(guest, said, library_log)
    assert not [body for body in queued if WORDS in body or "Vera" in body]


async def test_an_owners_words_are_in_no_dead_letter(
    owner: Guest, said: Said, library_log: io.StringIO, queued: list[str]
) -> None:
    await owner.says(f"/broadcast {WORDS}!")
    await owner.says("/block @karenina")

    assert_private(owner, said, library_log)
    assert [body for body in queued if WORDS in body or "karenina" in body] == []


@pytest.mark.parametrize(
    "fault",
    [
        {"error_code": 400, "description": f"Bad Request: {WORDS} of Anna"},
        {"error_code": 401},
        {"error_code": 403},
        {"error_code": 502},
        {"disconnect": True},
        {"malformed": True, "when": "after"},
    ],
    ids=str,
)
async def test_a_failure_of_telegram_leaves_nothing_private_in_the_logs(
    guest: Guest, said: Said, library_log: io.StringIO, fault: dict[str, Any]
) -> None:
    await guest.chooses("mario")
    guest.stack.model.script(text=f"{WORDS}!", matching=f"I keep {WORDS}")
    guest.stack.simulator.faults.add(Fault("sendMessage", guest.id, **fault))
    guest.write(f"I keep {WORDS}")

    await eventually(lambda: with_metric(said.lines(), "TelegramErrors"))
    assert_private(guest, said, library_log)


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 400},
        {"status": 500},
        {"code": "invalid_api_key"},
        {"code": "invalid_prompt"},
        {"fault": "malformed", "after": 1, "text": f"{WORDS} and Honk"},
        {"fault": "disconnect", "after": 2, "text": f"{WORDS} and Honk"},
    ],
    ids=str,
)
async def test_a_failure_of_the_model_leaves_nothing_private_in_the_logs(
    guest: Guest, said: Said, library_log: io.StringIO, fault: dict[str, Any]
) -> None:
    await guest.chooses("mario")
    guest.stack.model.script(**fault, matching=f"I keep {WORDS}")
    guest.write(f"I keep {WORDS}")

    await eventually(lambda: with_metric([line for line in said.lines() if "kind" in line], "ModelErrors"))
    assert_private(guest, said, library_log)


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 503},
        {"status": 400, "details": {"events_with_invalid_fields": {"time": [0]}}},
        {"disconnect": True},
        {"malformed": True},
    ],
    ids=str,
)
async def test_a_failure_of_amplitude_leaves_nothing_private_in_the_logs(
    guest: Guest, said: Said, library_log: io.StringIO, fault: dict[str, Any]
) -> None:
    guest.stack.amplitude.script(**fault)
    await guest.chooses("mario")
    await guest.says(f"I keep {WORDS}")

    await event_of(guest, "reply_sent")
    assert_private(guest, said, library_log)


async def test_a_refused_request_or_job_leaves_nothing_private_in_the_logs(
    guest: Guest, said: Said, library_log: io.StringIO
) -> None:
    person = guest.user.person.as_user()
    await guest.posts({"update_id": 1, "message": {"text": WORDS, "chat": {"type": "private"}, "from": person}})
    await guest.posts({"update_id": WORDS, "message": guest.unsent(WORDS)})
    await guest.api("me", init_data=guest.user.init_data() + WORDS)
    await guest.api("select", init_data=guest.user.init_data(), character_id=WORDS)
    bury(guest.stack, guest.id, {"version": 2, "kind": "memory", "words": WORDS, "person": person})
    await look(guest.stack)

    assert with_metric(said.lines(), "UpdatesRefused")
    assert with_metric(said.lines(), "InitDataRefused")
    assert_private(guest, said, library_log)


async def test_an_unreadable_row_or_card_leaves_nothing_private_in_the_logs(
    guest: Guest, said: Said, library_log: io.StringIO
) -> None:
    await guest.chooses("mario")
    mario = Character.get("mario")
    mario.card = json.dumps(json.loads(mario.card) | {"data": {"name": [WORDS]}})
    mario.character_id = "broken-card"
    mario.save()
    cards._kept.clear()
    guest.write(f"/start {mario.character_id}")
    guest.stack.aws.dynamodb.put_item(
        TableName=guest.stack.names["TurnsTable"],
        Item={
            "chat_id": {"N": str(guest.id)}, "message_id": {"N": str(time.time_ns() % 10**9)}, "text": {"S": WORDS},
            "person_id": {"N": str(guest.id)}, "status": {"S": "delivered"}, "received_at": {"S": WORDS},
        },
    )  # fmt: skip

    await eventually(lambda: with_metric(said.lines(), "JobsBroken"))
    await eventually(lambda: with_metric(said.lines(), "EventsRefused"))
    assert_private(guest, said, library_log)
