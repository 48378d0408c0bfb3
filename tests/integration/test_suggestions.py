"""Help with writing a character: the page asks, the model writes, the page reads."""

import pytest

from tests.integration.guest import Guest, Json, eventually
from troupe.characters.suggestion import Suggestion
from troupe.spending.limits import Limits

pytestmark = pytest.mark.asyncio(loop_scope="session")

DRAFT = {"name": "Grete", "description": "A watchmaker. CANARY-7 {{char}}", "book": "no text of the form"}


async def asks(guest: Guest, field: str) -> str:
    status, answer = await guest.api("suggest", init_data=guest.user.init_data(), field=field, form=DRAFT)
    assert status == 200, answer
    return str(answer["suggestion_id"])


async def reads(guest: Guest, suggestion_id: str) -> Json:
    def there() -> Suggestion | None:
        found = Suggestion.find(f"suggestion:{suggestion_id}")
        return found if found and found.draft is None else None

    await eventually(there)
    status, answer = await guest.api("suggestion", init_data=guest.user.init_data(), suggestion_id=suggestion_id)
    assert status == 200
    return answer


async def test_a_suggestion_is_written_from_the_draft_and_is_its_askers_alone(guest: Guest, visitor: Guest) -> None:
    guest.stack.model.script(text='"Repairs what can\'t be repaired."', matching="CANARY-7")
    suggestion_id = await asks(guest, "tagline")

    assert await reads(guest, suggestion_id) == {"text": "Repairs what can't be repaired."}
    assert await reads(visitor, suggestion_id) == {}
    assert guest.received() == []


async def test_a_limit_and_a_refusal_are_told_as_such(guest: Guest, monkeypatch: pytest.MonkeyPatch) -> None:
    guest.stack.model.script(refusal="I cannot help with that.", matching="CANARY-7")
    assert await reads(guest, await asks(guest, "first_mes")) == {"failure": "refused"}

    guest.stack.model.script(status=400, code="invalid_prompt", matching="CANARY-7")
    assert await reads(guest, await asks(guest, "first_mes")) == {"failure": "failed"}

    monkeypatch.setattr("functions.llm_reply.settings.limits", Limits(messages_per_day=1))
    assert await reads(guest, await asks(guest, "first_mes")) == {"failure": "limit"}


async def test_a_field_that_the_model_does_not_write_is_refused(guest: Guest) -> None:
    status, answer = await guest.api("suggest", init_data=guest.user.init_data(), field="name", form=DRAFT)
    assert (status, answer["error"]) == (422, "malformed")
