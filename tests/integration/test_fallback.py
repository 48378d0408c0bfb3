"""The model can change under us: a fallback answers, the owners know, and the log says so."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from local.llm.calls import Call
from tests.integration.guest import Guest
from tests.integration.log_lines import Said
from troupe import clock, model_state
from troupe.conversations.turn_states import DELIVERED, FAILED

pytestmark = pytest.mark.asyncio(loop_scope="session")

CHOSEN, FALLBACK = "gpt-6-luna", "gpt-6-sol"


@pytest.fixture
def fallback(guest: Guest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As with FALLBACK_MODEL set."""
    from functions.llm_reply import clients, dispatch  # noqa: PLC0415 - its settings are there once the stack runs
    from functions.llm_reply.llm.booked_model import BookedModel  # noqa: PLC0415 - as above
    from functions.llm_reply.llm.client import Model  # noqa: PLC0415 - as above
    from functions.llm_reply.llm.fallback import ModelWithFallback  # noqa: PLC0415 - as above
    from functions.llm_reply.messaging.owner_notice import tell_owners  # noqa: PLC0415 - as above

    model = ModelWithFallback(Model(clients.client, CHOSEN), Model(clients.client, FALLBACK), tell_owners)
    booked = BookedModel(model)
    monkeypatch.setattr(dispatch, "model", booked)
    monkeypatch.setattr(dispatch, "servers", replace(clients.servers, model=booked))
    yield
    monkeypatch.undo()
    model_state.note_return()
    guest.stack.model.clear_script()


def to_chosen(call: Call) -> bool:
    return bool(call.body["model"] == CHOSEN)


async def model_of_answer(guest: Guest, text: str) -> str:
    turn = await guest.turn(guest.write(text), DELIVERED)
    return str(turn.usage["model"])


@pytest.mark.usefixtures("fallback")
async def test_the_fallback_answers_while_the_model_is_gone_and_the_owners_know(
    owner: Guest, guest: Guest, said: Said
) -> None:
    await owner.says("/start")
    await guest.chooses("mario")
    assert await model_of_answer(guest, "Hello!") == CHOSEN
    guest.stack.model.script(status=404, code="model_not_found", matching=to_chosen, times=None)
    heard = len(owner.received())

    assert await model_of_answer(guest, "Who is there?") == FALLBACK
    assert FALLBACK in await owner.hears(heard + 1)
    asked = len([call for call in guest.stack.model.calls if call.endpoint == "responses" and to_chosen(call)])
    assert await model_of_answer(guest, "And now?") == FALLBACK
    assert asked == len([call for call in guest.stack.model.calls if call.endpoint == "responses" and to_chosen(call)])
    assert f"the fallback {FALLBACK} answers" in await owner.says("/stats")

    guest.stack.model.clear_script()
    with clock.ahead_by(timedelta(minutes=31)):
        assert await model_of_answer(guest, "Are you back?") == CHOSEN
    assert "fallback" not in await owner.says("/stats")
    changes = [line for line in said.lines() if line.get("message") == "The model of a conversation has changed"]
    assert [line["model"] for line in changes] == [FALLBACK, CHOSEN]


@pytest.mark.usefixtures("fallback")
async def test_a_refusal_while_the_model_is_tried_again_is_its_answer_and_not_the_fallbacks(guest: Guest) -> None:
    await guest.chooses("mario")
    guest.stack.model.script(status=404, code="model_not_found", matching=to_chosen, times=1)
    assert await model_of_answer(guest, "Hello!") == FALLBACK
    guest.stack.model.script(code="invalid_prompt", matching=to_chosen, times=1)
    with clock.ahead_by(timedelta(minutes=31)):
        refused = await guest.turn(guest.write("Something unfit"), FAILED)
        assert refused.failure == "model_refused"
        assert await model_of_answer(guest, "And now?") == CHOSEN


async def test_owners_are_warned_before_a_shutdown_once_at_each_stage(owner: Guest, guest: Guest) -> None:
    from functions.llm_reply import clients  # noqa: PLC0415 - its settings are there once the stack runs
    from functions.llm_reply.event_loop import run  # noqa: PLC0415 - as above
    from functions.llm_reply.jobs.scheduled import model_shutdown  # noqa: PLC0415 - as above

    await owner.says("/start")
    name = f"model-{guest.id}"
    ends = (datetime.now(UTC) + timedelta(days=50)).date()
    entry = {"id": name, "object": "model", "created": 0, "owned_by": "openai", "shutdown_date": ends.isoformat()}
    guest.stack.model.script(
        endpoint="models", raw=json.dumps(entry), raw_type="application/json", matching=lambda _: True, times=None
    )
    heard = len(owner.received())

    for days_later in (0, 0, 38, 39, 48):
        model_shutdown._checked.clear()
        with clock.ahead_by(timedelta(days=days_later)):
            await asyncio.to_thread(run, model_shutdown.warn_of_shutdown([(clients.client, name)]))

    guest.stack.model.clear_script()
    warnings = [text for text in owner.texts()[heard:] if name in text]
    assert [ends.isoformat() in text for text in warnings] == [True, True, True]
    assert [days in text for days, text in zip(("50 days", "12 days", "2 days"), warnings, strict=True)] == [True] * 3
