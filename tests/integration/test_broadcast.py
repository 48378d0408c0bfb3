"""/broadcast: previewed, confirmed, sent once to everybody who wants it, and reported."""

import uuid
from collections.abc import Iterator

import pytest
from pynamodb.expressions.update import Action

from local.simulator.faults import Fault
from tests.integration.guest import PATIENCE_S, Guest, Json
from troupe.broadcasts import DONE, RUNNING, Broadcast
from troupe.conversations.jobs.owners import BroadcastJob
from troupe.conversations.jobs.queue import enqueue
from troupe.telegram.callback_data import CallbackData
from troupe.telegram.owner_texts import ENGLISH as TO_OWNER
from troupe.telegram.texts import ENGLISH, RUSSIAN
from troupe.users import User

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Several pages even for few people, and no pause between two of them."""
    monkeypatch.setattr("functions.llm_reply.broadcasting.page.PAGE", 3)
    monkeypatch.setattr("functions.llm_reply.broadcasting.page.PER_SECOND", 1000)
    yield
    monkeypatch.undo()


async def previewed(owner: Guest, command: str) -> tuple[Broadcast, Json]:
    """The draft, and the message with its buttons."""
    heard = len(owner.received())
    owner.write(command)
    await owner.hears(heard + 2)
    control = owner.received()[-1]
    data = CallbackData.parse(control["reply_markup"]["inline_keyboard"][0][0]["callback_data"])
    assert data
    found = Broadcast.of(data.arguments[0])
    assert found
    return found, control


async def reported(owner: Guest) -> str:
    """The report, once it has come."""

    def last() -> str | None:
        text: str = owner.texts()[-1]
        return text if text.startswith((TO_OWNER.broadcast_done, TO_OWNER.broadcast_stopped)) else None

    return await owner.stack.simulator.wait_for(last, timeout=PATIENCE_S)


def times(guest: Guest, text: str) -> int:
    return guest.texts().count(text)


async def test_everybody_who_wants_news_gets_it_once_and_the_owner_a_report(
    owner: Guest, guest: Guest, visitor: Guest
) -> None:
    await owner.says("/start")
    await guest.says("/start")
    await visitor.says("/start")
    news = f"News {uuid.uuid4().hex}"
    _, control = await previewed(owner, f"/broadcast **{news}**")
    preview = owner.received()[-2]
    assert preview["text"] == news
    assert preview["entities"][0]["type"] == "bold"
    assert times(guest, news) == 0

    owner.user.press(control["message_id"], TO_OWNER.broadcast_send)
    report = await reported(owner)

    assert (times(guest, news), times(visitor, news), times(owner, news)) == (1, 1, 2)
    sent = [call for call in owner.stack.simulator.calls if call.params.get("text") == news and call.ok]
    assert TO_OWNER.outcomes["sent"].format(count=len(sent) - 1) in report
    assert visitor.received()[-1]["reply_markup"]["inline_keyboard"][0][0]["text"] == RUSSIAN.no_news


async def test_a_person_can_opt_out_under_the_broadcast_or_by_command_and_back_in(owner: Guest, guest: Guest) -> None:
    await guest.says("/start")
    _, control = await previewed(owner, "/broadcast First news")
    owner.user.press(control["message_id"], TO_OWNER.broadcast_send)
    await reported(owner)
    pressed = guest.user.press(guest.received()[-1]["message_id"], ENGLISH.no_news)
    assert (await guest.toast(pressed))["text"] == ENGLISH.muted

    _, control = await previewed(owner, "/broadcast Second news")
    owner.user.press(control["message_id"], TO_OWNER.broadcast_send)
    assert TO_OWNER.outcomes["muted"].partition(":")[0] in await reported(owner)
    assert times(guest, "Second news") == 0

    assert await guest.says("/unmute") == ENGLISH.unmuted
    assert User.get(guest.id).muted_at is None
    assert await guest.says("/mute") == ENGLISH.muted


async def test_one_language_can_be_meant_and_blocked_people_never_are(
    owner: Guest, guest: Guest, visitor: Guest
) -> None:
    await guest.says("/start")
    await visitor.says("/start")
    blocked = Guest(guest.stack.simulator.user(guest.id + 200_000, "Пётр", None, None, "ru"), guest.stack, guest.http)
    await blocked.says("/start")
    await owner.says(f"/block {blocked.id}")
    news = f"Новости {uuid.uuid4().hex}"

    _, control = await previewed(owner, f"/broadcast ru: {news}")
    owner.user.press(control["message_id"], TO_OWNER.broadcast_send)
    await reported(owner)

    assert [times(each, news) for each in (guest, visitor, blocked)] == [0, 1, 0]


async def test_what_telegram_does_not_take_just_now_comes_later_and_once(owner: Guest, guest: Guest) -> None:
    await guest.says("/start")
    news = f"News {uuid.uuid4().hex}"
    _, control = await previewed(owner, f"/broadcast {news}")
    guest.stack.simulator.faults.add(Fault("sendMessage", guest.id, error_code=429, retry_after=1))

    owner.user.press(control["message_id"], TO_OWNER.broadcast_send)
    await reported(owner)

    sent = [call for call in owner.stack.simulator.calls if call.params.get("text") == news and call.ok]
    assert times(guest, news) == 1
    assert len({call.chat_id for call in sent}) == len(sent) - 1, "the owner has the preview too"


async def test_a_page_that_is_repeated_after_a_death_doubles_nobody_and_counts_everybody(
    owner: Guest, guest: Guest
) -> None:
    await guest.says("/start")
    news = f"News {uuid.uuid4().hex}"
    broadcast, control = await previewed(owner, f"/broadcast {news}")
    owner.user.press(control["message_id"], TO_OWNER.broadcast_send)
    report = await reported(owner)
    sent = len([call for call in owner.stack.simulator.calls if call.params.get("text") == news and call.ok])

    # As workers leave it that have sent to all people of a page and died before they noted that.
    again: list[Action] = [
        Broadcast.state.set(RUNNING),
        Broadcast.step.set(100),
        Broadcast.counts.set({}),
        Broadcast.cursor.remove(),
    ]
    broadcast.update(actions=again)
    heard = len(owner.received())
    job = BroadcastJob(person_id=owner.id, chat_id=owner.id, broadcast_id=broadcast.id, step=100, language="en")
    enqueue(job, uuid.uuid4().hex)
    await owner.hears(heard + 1)

    assert times(guest, news) == 1
    assert (await reported(owner)).splitlines()[1] == report.splitlines()[1]
    assert sent == len([call for call in owner.stack.simulator.calls if call.params.get("text") == news and call.ok])


async def test_nothing_is_sent_without_confirmation_nor_after_it_was_withdrawn(owner: Guest, guest: Guest) -> None:
    await guest.says("/start")
    broadcast, control = await previewed(owner, "/broadcast Never mind")

    owner.user.press(control["message_id"], TO_OWNER.broadcast_cancel)
    await owner.stack.simulator.wait_for(lambda: TO_OWNER.broadcast_cancelled in owner.texts()[-1], timeout=PATIENCE_S)

    assert not broadcast.start()
    assert times(guest, "Never mind") == 0


async def test_a_running_broadcast_can_be_stopped_and_the_report_says_how_many_have_it(
    owner: Guest, guest: Guest
) -> None:
    await guest.says("/start")
    broadcast, _ = await previewed(owner, "/broadcast Stop it")
    broadcast.start()
    broadcast.cancel()
    job = BroadcastJob(person_id=owner.id, chat_id=owner.id, broadcast_id=broadcast.id, step=0, language="en")
    enqueue(job, uuid.uuid4().hex)

    assert (await reported(owner)).startswith(TO_OWNER.broadcast_stopped)
    assert times(guest, "Stop it") == 0


async def test_an_owners_button_is_an_old_button_to_anybody_else(owner: Guest, guest: Guest) -> None:
    broadcast, _ = await previewed(owner, "/broadcast Mine alone")
    await guest.says("/start")
    forged = {
        "id": uuid.uuid4().hex, "from": guest.user.person.as_user(), "chat_instance": "1",
        "data": f"broadcast:{broadcast.id}:send",
    }  # fmt: skip

    answer = await guest.posts({"update_id": guest.id, "callback_query": forged})

    assert answer
    assert answer["text"] == ENGLISH.old_button
    broadcast.refresh()
    assert broadcast.state != DONE
    assert broadcast.started_at is None


async def test_a_message_that_is_empty_or_too_long_is_explained(owner: Guest) -> None:
    assert await owner.says("/broadcast") == TO_OWNER.broadcast_usage
    long = "ы" * 4090
    heard = len(owner.received())
    await owner.delivers(owner.unsent(f"/broadcast {long} {long}"), owner.id)
    assert await owner.hears(heard + 1) == TO_OWNER.broadcast_too_long
