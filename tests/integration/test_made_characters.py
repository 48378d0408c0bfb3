"""Characters that people make in the Mini App: checked, talked with, edited, shared, exported and deleted."""

import base64
import io
import json

import pytest
from PIL import Image

from tests.integration.guest import Guest, Json, eventually
from tests.jpeg_file import jpeg
from troupe.characters import owned
from troupe.characters.access import PENDING, PRIVATE
from troupe.characters.character import Character
from troupe.pseudonym import pseudonym

pytestmark = pytest.mark.asyncio(loop_scope="session")

FORM: Json = {
    "name": "Grete",
    "tagline": "Repairs what can't be repaired.",
    "description": "A watchmaker.",
    "personality": "Dry.",
    "first_mes": "*looks up* Yes, {{user}}?",
    "alternate_greetings": ["Quiet! It ticks."],
    "tags": ["craft"],
    "book": [{"id": None, "keys": ["clock"], "content": "Hers stopped in 1989."}],
}


async def asks(guest: Guest, path: str, **body: object) -> tuple[int, Json]:
    return await guest.api(path, init_data=guest.user.init_data(), **body)


async def makes(guest: Guest, draft: str = "draft 1", **form: object) -> str:
    """Saves the form; the character's id, once it was checked and shown in the chat."""
    heard = len(guest.received())
    status, answer = await asks(guest, "save", draft=draft, form=FORM | form)
    assert status == 200, answer
    await guest.hears(heard + 1)
    character_id = str(answer["character_id"])
    assert Character.get(character_id).visibility == PRIVATE
    return character_id


async def yours(guest: Guest) -> list[Json]:
    return list((await asks(guest, "me"))[1]["yours"])


async def test_a_made_character_is_checked_shown_and_talked_with(guest: Guest) -> None:
    picture = base64.b64encode(jpeg(64, 64)).decode()
    status, answer = await asks(guest, "save", draft="d", form=FORM, portrait=picture)
    assert status == 200
    grete = answer["character_id"]
    assert "Grete" in await guest.hears(1)

    (own,) = await yours(guest)
    assert (own["id"], own["name"], own["tagline"]) == (grete, "Grete", FORM["tagline"])
    assert (own["is_checked"], own["is_shared"]) == (True, False)
    async with guest.http.get(f"{guest.stack.url}/{own['avatar_url']}") as response:
        assert (response.status, response.content_type) == (200, "image/jpeg")
        assert "immutable" in response.headers["Cache-Control"]
        assert Image.open(io.BytesIO(await response.read())).size == (64, 64)
    assert await guest.chooses(grete) == "looks up Yes, Anna?"


async def test_a_form_is_counted_when_it_is_started_refused_and_saved(guest: Guest) -> None:
    await guest.says("/start")
    assert await asks(guest, "form") == (200, {})
    assert (await asks(guest, "save", draft="d", form=FORM | {"name": " "}))[0] == 422
    grete = await makes(guest)
    assert (await asks(guest, "form", character_id=grete))[0] == 200

    def seen() -> list[tuple[str, Json]] | None:
        mine = (event for event in guest.stack.amplitude.events if event["user_id"] == pseudonym(guest.id))
        found = [(each["event_type"], each["event_properties"]) for each in mine if "form" in each["event_type"]]
        return found if len(found) == 4 else None

    new = {"is_new": True, "language": "en"}
    assert await eventually(seen) == [
        ("form_started", new),
        ("form_refused", new | {"why": ["name:missing"]}),
        ("form_saved", new),
        ("form_started", new | {"is_new": False}),
    ]


async def test_the_same_draft_makes_one_character(guest: Guest) -> None:
    assert await makes(guest) == await makes(guest)
    assert len(await yours(guest)) == 1
    await makes(guest, draft="draft 2")
    assert len(await yours(guest)) == 2


async def test_an_edit_changes_the_named_fields_and_waits_for_its_check(guest: Guest) -> None:
    grete = await makes(guest)
    _, filled = await asks(guest, "form", character_id=grete)
    assert filled["form"]["book"] == [{"id": 0, "keys": ["clock"], "content": "Hers stopped in 1989."}]
    heard = len(guest.received())

    assert await asks(guest, "save", character_id=grete, form={"name": "Margarete"}) == (200, {"character_id": grete})
    await guest.hears(heard + 1)

    found = Character.with_card(grete)
    assert found is not None
    data = json.loads(found[1])["data"]
    assert (data["name"], data["description"]) == ("Margarete", "A watchmaker.")
    assert data["character_book"]["entries"][0]["content"] == "Hers stopped in 1989."
    assert [each["name"] for each in await yours(guest)] == ["Margarete"]


async def test_a_character_that_fails_the_check_can_be_changed_and_not_chosen(
    guest: Guest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("functions.llm_reply.clients.moderation.kind", "openai")
    status, answer = await asks(
        guest, "save", draft="d", form=FORM | {"description": "[flag sexual/minors] CANARY of the check"}
    )
    assert status == 200
    await guest.hears(1)

    assert Character.get(answer["character_id"]).visibility == PENDING
    assert [each["is_checked"] for each in await yours(guest)] == [False]
    assert (await asks(guest, "character", character_id=answer["character_id"]))[0] == 200
    assert (await asks(guest, "select", character_id=answer["character_id"]))[0] == 404


async def test_a_form_with_errors_stores_nothing_and_says_where_they_are(guest: Guest) -> None:
    status, answer = await asks(guest, "save", draft="d", form=FORM | {"name": " ", "tagline": "x" * 71})
    assert (status, answer["error"]) == (422, "invalid")
    assert answer["fields"] == {"name": "missing", "tagline": "too_long"}

    for portrait in ("no base64!", base64.b64encode(b"GIF89a").decode(), 5):
        status, answer = await asks(guest, "save", draft="d", form=FORM, portrait=portrait)
        assert (status, answer["fields"]) == (422, {"portrait": "malformed"})
    assert (await asks(guest, "save", draft="d", form=[]))[0] == 422
    assert await yours(guest) == []


async def test_only_owners_see_the_form_save_export_share_and_delete(guest: Guest, visitor: Guest) -> None:
    grete = await makes(guest)
    assert (await asks(visitor, "form", character_id=grete))[0] == 404
    assert (await asks(visitor, "save", character_id=grete, form={"name": "Mine"}))[0] == 404
    assert (await asks(visitor, "character", character_id=grete))[0] == 404
    assert (await asks(visitor, "share", character_id=grete, shared=True))[0] == 404
    assert (await asks(visitor, "export", character_id=grete))[0] == 404
    assert await asks(visitor, "delete", character_id=grete) == (200, {})
    assert [each["id"] for each in await yours(guest)] == [grete]
    assert visitor.received() == []


async def test_owners_share_export_and_delete(guest: Guest, visitor: Guest) -> None:
    grete = await makes(guest)
    heard = len(guest.received())
    assert await asks(guest, "share", character_id=grete, shared=True) == (200, {})
    link = await guest.hears(heard + 1)
    assert (await yours(guest))[0]["is_shared"]
    assert "Grete" in await visitor.says(f"/start {link.partition('?start=')[2].split()[0]}")

    assert await asks(guest, "export", character_id=grete) == (200, {})
    await guest.hears(heard + 2)
    assert guest.received()[-1]["document"]["file_name"].endswith(".png")

    assert await asks(guest, "delete", character_id=grete) == (200, {})
    assert await asks(guest, "delete", character_id=grete) == (200, {})
    assert await yours(guest) == []
    assert Character.find(grete) is None


async def test_the_operator_says_who_may_make_characters(guest: Guest, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (await asks(guest, "me"))[1]["may_make"] is True
    monkeypatch.setattr("functions.webapp_select.settings.cards_from", "1,2")
    assert (await asks(guest, "me"))[1]["may_make"] is False
    status, answer = await asks(guest, "save", draft="d", form=FORM)
    assert (status, answer["error"]) == (409, "may_not_make")


async def test_a_person_has_twenty_characters_at_most(guest: Guest) -> None:
    card = {"spec": "chara_card_v3", "spec_version": "3.0", "data": {"name": "Grete", "first_mes": "Hi"}}
    for number in range(20):
        owned.create(guest.id, card, source=str(number), checked=True)
    status, answer = await asks(guest, "save", draft="d", form=FORM)
    assert (status, answer["error"]) == (409, "too_many")
