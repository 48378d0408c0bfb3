"""Admission: of everybody, of people with an invitation, or of a list; and of people whom an owner has blocked."""

import json
import re
import uuid
from collections.abc import Callable, Iterator

import pytest

from local.settings import FIRST_PERSON
from local.simulator.references import from_user
from tests.integration.guest import Guest, eventually
from troupe.admission import INVITATION, LIST, Policy
from troupe.conversations.jobs.queue import enqueue
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import DELIVERED, UNADDRESSED
from troupe.telegram.owner_texts import ENGLISH as TO_OWNER
from troupe.telegram.texts import ENGLISH, RUSSIAN
from troupe.users import User

pytestmark = pytest.mark.asyncio(loop_scope="session")

Close = Callable[[str], None]


@pytest.fixture
def close(monkeypatch: pytest.MonkeyPatch) -> Iterator[Close]:
    """Changes the setting ADMISSION of all functions."""

    def set_mode(mode: str) -> None:
        for function in ("webhook", "webapp_select", "llm_reply"):
            policy = Policy(mode=mode, owners=frozenset({int(FIRST_PERSON)}))
            monkeypatch.setattr(f"functions.{function}.settings.policy", policy)

    yield set_mode
    monkeypatch.undo()


def requests(guest: Guest) -> int:
    return len([call for call in guest.stack.model.calls if call.endpoint == "responses"])


async def link(owner: Guest, terms: str = "") -> str:
    """The payload of a new invitation."""
    said = await owner.says(f"/invite {terms}")
    found = re.search(r"https://t\.me/troupe_bot\?start=(invite_[\w-]{16})$", said)
    assert found, said
    return found[1]


async def test_an_uninvited_person_is_told_once_and_costs_nothing(visitor: Guest, close: Close) -> None:
    close(INVITATION)
    asked = requests(visitor)

    assert await visitor.says("Привет!") == RUSSIAN.uninvited.format(id=visitor.id)
    later = visitor.write("Кто здесь?")
    await visitor.turn(later, UNADDRESSED)

    assert len(visitor.texts()) == 1
    assert requests(visitor) == asked
    assert User.find(visitor.id) is None


async def test_nothing_else_works_for_an_uninvited_person(guest: Guest, close: Close) -> None:
    await guest.chooses("mario")
    close(INVITATION)
    refusal = ENGLISH.uninvited.format(id=guest.id)

    for command in ("/start", "/start nemo", "/menu", "/memory", "/invite", "/nonsense"):
        assert await guest.says(command) == refusal
    guest.user.send_sticker()
    await guest.hears(8)
    assert guest.texts()[-1] == refusal
    pressed = guest.user.press(guest.received()[0]["message_id"], (0, 0))
    assert (await guest.toast(pressed)).get("text") == refusal
    for path in ("me", "select"):
        status, answer = await guest.api(path, init_data=guest.user.init_data(), character_id="nemo")
        assert (status, answer["error"]) == (403, "not_admitted")
    assert User.get(guest.id).character_id == "mario"


async def test_an_uninvited_person_is_sent_and_rid_of_the_messages_that_are_kept(visitor: Guest, close: Close) -> None:
    close(INVITATION)
    await visitor.says("Привет!")

    await visitor.says("/export")
    await visitor.hears(4)
    data = next(data for name, data in visitor.files().items() if name.endswith(".json"))
    assert [turn["text"] for turn in json.loads(data)["turns"]] == ["Привет!"]
    await visitor.says("/delete")
    visitor.user.press(visitor.received()[-1]["message_id"], (0, 0))
    await eventually(lambda: None if list(Turn.query(visitor.id)) or User.find(visitor.id) else True)


async def test_an_invitation_lets_in_as_many_people_as_it_says(
    owner: Guest, guest: Guest, visitor: Guest, close: Close
) -> None:
    close(INVITATION)
    payload = await link(owner, "1 3d")

    assert await guest.says(f"/start {payload}") == ENGLISH.welcome.format(name="Anna")
    assert await guest.says(f"/start {payload}") == ENGLISH.welcome.format(name="Anna")
    assert await visitor.says(f"/start {payload}") == RUSSIAN.invitation_void
    assert await visitor.says("/start invite_guess") == RUSSIAN.invitation_void

    assert "Mario" in await guest.chooses("mario")
    await guest.turn(guest.write("Hello!"), DELIVERED)
    assert User.find(visitor.id) is None


async def test_on_a_list_links_let_nobody_in_and_an_owner_adds_people(owner: Guest, guest: Guest, close: Close) -> None:
    close(INVITATION)
    payload = await link(owner)
    close(LIST)

    assert await guest.says(f"/start {payload}") == ENGLISH.invitation_void
    assert await owner.says("/invite") == TO_OWNER.no_links
    assert await owner.says(f"/invite {guest.id}") == TO_OWNER.admitted.format(who=guest.id)
    assert await guest.says("/start") == ENGLISH.welcome.format(name="Anna")


async def test_a_blocked_person_hears_nothing_by_any_way(owner: Guest, guest: Guest) -> None:
    await guest.chooses("mario")
    answered = await guest.turn(guest.write("Hello!"), DELIVERED)
    heard, asked = guest.texts(), requests(guest)

    assert await owner.says(f"/block {guest.id}") == TO_OWNER.blocked.format(
        who=f"Anna @anna ({guest.id})", id=guest.id
    )
    ignored = guest.write("Why?")
    await guest.turn(ignored, UNADDRESSED)
    guest.write("/menu")
    pressed = guest.user.press(guest.received()[-1]["message_id"], "Another")
    assert "text" not in await guest.toast(pressed)
    status, _ = await guest.api("select", init_data=guest.user.init_data(), character_id="nemo")
    assert status == 403
    assert Turn.get(guest.id, answered.message_id).status == DELIVERED

    assert await owner.says(f"/unblock {guest.id}") == TO_OWNER.unblocked.format(who=f"Anna @anna ({guest.id})")
    assert guest.texts() == heard
    assert requests(guest) == asked
    await guest.turn(guest.write("Hello again!"), DELIVERED)


async def test_jobs_that_were_queued_before_the_block_are_dropped(owner: Guest, guest: Guest) -> None:
    await guest.chooses("mario")
    guest.stack.model.script(text="Too late.", hang=0.5, matching="Hurry!")
    await owner.says(f"/block {guest.id}")
    heard = guest.texts()

    enqueue(guest.greet_job("nemo"), uuid.uuid4().hex)
    await guest.turn(guest.write("Hurry!"), UNADDRESSED)

    assert guest.texts() == heard
    guest.stack.model.clear_script()


async def test_an_owner_names_a_person_by_username_or_by_a_forwarded_message(
    owner: Guest, guest: Guest, visitor: Guest
) -> None:
    username = f"u{uuid.uuid4().hex[:12]}"
    named = Guest(guest.stack.simulator.user(guest.id + 100_000, "Bob", None, username, "en"), guest.stack, guest.http)
    await named.says("/start")
    await eventually(lambda: User.get(named.id).username)
    assert (await owner.says(f"/block @{username}")).startswith(f"Bob @{username} ({named.id})")
    assert await owner.says("/block @nobody_here") == TO_OWNER.unknown_username.format(name="@nobody_here")

    await owner.chooses("mario")
    count = len(owner.received())
    forwarded = owner.user.forward("I am rude.", from_user(visitor.user.person.as_user()))
    await owner.hears(count + 1)
    owner.user.send_text("/block", reply_to=forwarded["message_id"])
    assert (await owner.hears(count + 2)).startswith(str(visitor.id))
    assert User.get(visitor.id).banned_at


async def test_the_menu_of_an_owners_chat_alone_lists_the_owners_commands(owner: Guest) -> None:
    async def listed(**scope: object) -> set[str]:
        found = await owner.stack.simulator.call("getMyCommands", **scope)
        return {each["command"] for each in found}

    of_owner = await listed(scope={"type": "chat", "chat_id": owner.id})
    assert of_owner == await listed() | set(TO_OWNER.commands)
    assert not set(TO_OWNER.commands) & await listed()


async def test_owners_cannot_be_blocked(owner: Guest) -> None:
    await owner.says("/start")
    assert await owner.says(f"/block {owner.id}") == TO_OWNER.owner_stays.format(who=f"Olga @olga ({owner.id})")
    assert await owner.says("/block") == TO_OWNER.whom.format(command="block")


async def test_an_owner_sees_the_figures_and_limits_a_person(owner: Guest, guest: Guest) -> None:
    await guest.chooses("mario")
    await guest.turn(guest.write("Hello!"), DELIVERED)

    figures = await owner.says("/stats")
    assert re.search(r"Messages to characters: [1-9]\d* today", figures)
    assert "gpt-6-luna" in figures
    assert "1 of 3 messages" in await owner.says(f"/limit {guest.id} 3 0.10")
    assert User.get(guest.id).messages_per_day == 3
    assert await owner.says(f"/limit {guest.id} a lot") == TO_OWNER.limit_usage
    assert "1 of 500 messages" in await owner.says(f"/limit {guest.id} default")


@pytest.mark.parametrize("command", ["block 12", "block", "unblok", "invite", "invite me please"])
async def test_to_anybody_else_the_owners_commands_do_not_exist(guest: Guest, command: str) -> None:
    """An unknown name is answered as such alone, and is speech with words behind it."""
    other = "zzzzz" if " " not in command else f"zzzzz {command.split(maxsplit=1)[1]}"
    await guest.chooses("mario")
    guest.stack.model.script(text="What?", matching="/", times=2)

    assert await guest.says(f"/{command}") == await guest.says(f"/{other}")
    guest.stack.model.clear_script()
