"""The addressee of a message: the character that was chosen when the message came in."""

from dataclasses import asdict

import pytest

from local.simulator.faults import Fault
from local.simulator.refusal import Json
from tests.integration.guest import Guest, eventually, later
from troupe import choices, users
from troupe.clock import now_ms
from troupe.conversations import turn_intake
from troupe.conversations.jobs.answering import AnswerJob
from troupe.conversations.jobs.queue import enqueue
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import DELIVERED, JOINED, UNADDRESSED
from troupe.telegram.texts import ENGLISH, RUSSIAN
from troupe.users import Person, User

pytestmark = pytest.mark.asyncio(loop_scope="session")


def stored(guest: Guest, text: str, writer: Person | None = None) -> Json:
    """A message as the webhook leaves it, whose job is still to come."""
    message = guest.unsent(text)
    turn_intake.receive(
        Turn(
            guest.id, message["message_id"], person_id=guest.id, update_id=1, text=text, language="en",
            sent_s=message["date"], received_at=now_ms(), writer=asdict(writer) if writer else None,
        )
    )  # fmt: skip
    return message


def queue(message: Json) -> None:
    job = AnswerJob(
        person_id=message["from"]["id"],
        chat_id=message["chat"]["id"],
        message_id=message["message_id"],
    )
    enqueue(job, f"answer:{message['chat']['id']}:{message['message_id']}")


async def test_a_message_that_waits_through_a_choice_is_answered_by_the_character_it_was_written_to(
    guest: Guest,
) -> None:
    await guest.chooses("mario")
    await later()
    message = stored(guest, "It's a me too")
    await later()
    await guest.chooses("nemo")
    await guest.chooses("ada")
    queue(message)

    turn = await guest.turn(message, DELIVERED)
    assert (turn.character_id, turn.conversation_id) == ("mario", f"{guest.id}:0:mario:0")
    (call,) = [call for call in guest.stack.model.calls if call.said == "It's a me too"]
    assert "Mario" in call.body["instructions"]


async def test_a_message_that_waits_through_a_restart_belongs_to_the_conversation_before_it(guest: Guest) -> None:
    await guest.chooses("mario")
    await later()
    message = stored(guest, "Before the new start")
    await later()
    guest.write("/restart")
    await eventually(lambda: User.get(guest.id).generations or None)
    queue(message)

    assert (await guest.turn(message, DELIVERED)).conversation_id == f"{guest.id}:0:mario:0"
    again = guest.write("And after it")
    assert (await guest.turn(again, DELIVERED)).conversation_id == f"{guest.id}:0:mario:1"


async def test_a_message_to_the_next_character_does_not_take_up_the_one_to_the_last(guest: Guest) -> None:
    await guest.chooses("mario")
    await later()
    first, second = stored(guest, "To Mario"), stored(guest, "To Mario as well")
    await later()
    await guest.chooses("nemo")
    await later()
    third = stored(guest, "To Nemo")
    for message in (first, second, third):
        queue(message)

    assert (await guest.turn(third, DELIVERED)).character_id == "nemo"
    assert (await guest.turn(second, DELIVERED)).character_id == "mario"
    assert (await guest.turn(first, JOINED)).conversation_id == f"{guest.id}:0:mario:0"


@pytest.mark.parametrize("asked", ["again", "retry"])
async def test_a_turn_asked_for_again_is_answered_though_the_person_wrote_more_since(guest: Guest, asked: str) -> None:
    await guest.chooses("mario")
    await later()
    first, second = stored(guest, f"Once more, {guest.id}"), stored(guest, "And something else")
    again = Turn.asked_by.set(7) if asked == "again" else Turn.retries.set(1)
    Turn(guest.id, first["message_id"]).update(actions=[again])

    queue(first)
    assert (await guest.turn(first, DELIVERED)).answer
    queue(second)
    await guest.turn(second, DELIVERED)


async def test_a_message_written_before_any_choice_is_kept_and_answered_once_with_the_picker(guest: Guest) -> None:
    assert await guest.says("Is anybody there?") == ENGLISH.choose_first
    button = guest.received()[-1]["reply_markup"]["inline_keyboard"][0][0]
    assert button["web_app"]["url"]
    message = next(one for one in guest.stack.simulator.messages(guest.id) if one.get("text") == "Is anybody there?")
    await guest.turn(message, UNADDRESSED)

    enqueue(guest.job(message), "once more")
    await guest.chooses("mario")
    await guest.says("Hello")
    assert guest.texts().count(ENGLISH.choose_first) == 1
    assert (await guest.turn(message, UNADDRESSED)).character_id is None


async def test_a_person_who_writes_without_a_start_is_registered_by_their_message(guest: Guest) -> None:
    message = stored(guest, "Straight to the point", Person(guest.id, "Zoë", "Washburne", "zoe", "ru"))
    queue(message)

    await guest.turn(message, UNADDRESSED)
    user = User.get(guest.id)
    assert (user.first_name, user.last_name, user.username, user.language) == ("Zoë", "Washburne", "zoe", "ru")
    assert user.registered_at


async def test_the_offer_to_choose_waits_out_a_telegram_that_is_busy(guest: Guest) -> None:
    guest.stack.simulator.faults.add(Fault(method="sendMessage", chat_id=guest.id, error_code=429, retry_after=1))
    message = guest.write("Anybody?")

    assert await guest.hears(1) == ENGLISH.choose_first
    turn = await guest.turn(message, UNADDRESSED)
    assert turn.attempts == 1


async def test_a_person_without_a_character_is_spoken_to_in_their_chosen_language(guest: Guest) -> None:
    users.set_language(Person(guest.id, "Anna"), "ru")

    assert await guest.says("Is anybody there?") == RUSSIAN.choose_first


async def test_the_ninth_choice_back_is_forgotten_and_the_message_asks_for_a_new_one() -> None:
    person = Person(690_100_001, "Fickle")
    first = now_ms()
    for number in range(choices.MAX_SWITCHES + 1):
        await later()
        user = choices.choose(person, ("mario", "nemo")[number % 2])
    assert user is not None
    assert len(user.switches) == choices.MAX_SWITCHES
    assert user.conversation_at(first + 2) is None
    assert user.conversation_at(now_ms()) == ("mario", 0)


async def test_choosing_the_same_character_again_changes_no_addressee() -> None:
    person = Person(690_100_002, "Faithful")
    choices.choose(person, "mario")
    user = choices.choose(person, "mario")
    assert user is not None
    assert len(user.switches) == 1


async def test_a_row_without_switches_still_names_its_character() -> None:
    person = Person(690_100_003, "Early")
    choices.choose(person, "mario")
    User(person.user_id).update(actions=[User.switches.remove()])

    user = User.get(person.user_id)
    assert user.conversation_at(now_ms()) == ("mario", 0)
    await later()
    user = choices.choose(person, "nemo") or user
    assert [choice[1] for choice in user.switches] == ["mario", "nemo"]
