"""Each function may do what it does, and no more: its role in template.yaml against the calls of a conversation."""

import base64
import uuid

import pytest

from local.settings import FIRST_PERSON
from tests.deployment.permissions import Permission, Recorder, granted, used_by_lambda, used_for_secrets
from tests.integration.guest import PATIENCE_S, Guest, eventually
from tests.integration.letters import bury, look, unseen
from tests.jpeg_file import jpeg
from tests.unit.brought_cards import v3
from tests.unit.card_files import png
from tests.unit.tavern_chat import chat, line
from troupe.characters.suggestion import Suggestion
from troupe.clock import now_ms
from troupe.conversations.conversation import Conversation
from troupe.conversations.jobs.queue import enqueue
from troupe.conversations.jobs.remembering import SummarizeJob
from troupe.conversations.turn_states import DELIVERED
from troupe.memories import facts
from troupe.memories.facts import Fact, Learned
from troupe.recall.words import MAX_WORD
from troupe.telegram.card_texts import ENGLISH_CARDS
from troupe.telegram.owner_texts import ENGLISH as TO_OWNER
from troupe.users import User

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_each_function_is_allowed_exactly_the_calls_that_it_makes(guest: Guest, recorder: Recorder) -> None:
    await look_around(guest)
    await conversation(guest)
    await recall(guest)
    await forget(guest)
    await come_back_later(guest)
    await fail_and_try_again(guest)
    await leave_and_come_back(guest)
    await leave_unnoticed(guest)
    await repeat_a_job(guest, recorder)
    await break_a_job(guest)
    await bring_a_character(guest)
    await bring_a_chat(guest)
    await own(guest)
    await come_back_before_all_is_forgotten(guest)
    await take_everything_along_and_go(guest)

    used = recorder.calls | used_by_lambda() | used_for_secrets()
    done_and_not_allowed, allowed_and_not_done = used - granted(), granted() - used
    assert (done_and_not_allowed, allowed_and_not_done) == (set(), set())


async def look_around(guest: Guest) -> None:
    await guest.says("/start")
    await guest.says("/menu")
    await guest.says("/start nemo")
    await guest.api("me", init_data=guest.user.init_data())
    async with guest.http.get(f"{guest.stack.url}/api/characters") as response:
        assert response.status == 200
    await guest.api("character", init_data=guest.user.init_data(), character_id="mario")
    await make_a_character(guest)
    await guest.chooses("mario")


async def make_a_character(guest: Guest) -> None:
    """In the Mini App, with a portrait and with the model's help, and away again."""
    form = {"name": "Grete", "description": "A watchmaker.", "first_mes": "Yes?"}
    signed = {"init_data": guest.user.init_data()}
    heard = len(guest.received())
    portrait = base64.b64encode(jpeg(64, 64)).decode()
    _, saved = await guest.api("save", **signed, draft="d", form=form, portrait=portrait)
    await guest.hears(heard + 1)
    _, asked = await guest.api("suggest", **signed, field="tagline", form=form)
    await eventually(lambda: Suggestion.of(asked["suggestion_id"], guest.id))
    await guest.api("export", **signed, character_id=saved["character_id"])
    await guest.hears(heard + 2)
    await guest.api("delete", **signed, character_id=saved["character_id"])


async def conversation(guest: Guest) -> None:
    """Until there is more than a prompt can carry, and the model is asked to sum it up."""
    question = guest.write("Hello!")
    await guest.turn(question, DELIVERED)
    guest.user.edit(question["message_id"], "Hello?")
    for _ in range(3):
        await guest.turn(guest.write("ж" * 4000), DELIVERED)


async def recall(guest: Guest) -> None:
    """What has left the prompt is found again."""
    await eventually(lambda: Conversation.of(guest.id, f"{guest.id}:0:mario:0").index)
    question = guest.write(f"Do you remember {'ж' * MAX_WORD}?")
    assert (await guest.turn(question, DELIVERED)).recalled


async def forget(guest: Guest) -> None:
    """What the character has learned, with the turns that it comes from."""
    name = f"{guest.id}:0:mario:0"
    facts.change(name, lambda _: Learned((Fact("person", "Anna is here.", 1, (1,), name),)))
    await guest.says("/memory")
    guest.user.press(guest.received()[-1]["message_id"], "Forget 1")
    await eventually(lambda: None if Learned.read(name).facts else True)
    await look_at_the_memory(guest, name)


async def look_at_the_memory(guest: Guest, name: str) -> None:
    """In the Mini App: there, too, a fact is pinned and an exchange is forgotten."""
    about = {"init_data": guest.user.init_data(), "character_id": "mario"}
    facts.change(name, lambda _: Learned((Fact("person", "Anna is back.", 1, (1,), name),)))
    _, shown = await guest.api("memory/show", **about)
    await guest.api("memory/pin", **about, words="Anna is well.", fact=shown["facts"][0]["id"])
    _, found = await guest.api("memory/search", **about, words="ж" * MAX_WORD)
    await guest.api("memory/why", **about)
    await guest.api("memory/forget", **about, turn=found["lines"][-1]["turn"])


async def come_back_later(guest: Guest) -> None:
    guest.stack.model.script(status=503, retry_after=1, matching="a moment")
    await guest.turn(guest.write("Have you got a moment?"), DELIVERED)


async def fail_and_try_again(guest: Guest) -> None:
    guest.stack.model.script(status=429, code="insufficient_quota", matching="out of money")
    failed = guest.write("Are you out of money?")
    await guest.turn(failed, "failed")
    apology = next(message for message in reversed(guest.received()) if "reply_markup" in message)
    guest.user.press(apology["message_id"], (0, 0))
    await guest.turn(failed, DELIVERED)


async def leave_and_come_back(guest: Guest) -> None:
    guest.user.block()
    await eventually(lambda: User.get(guest.id).blocked_at)
    guest.user.unblock()
    await eventually(lambda: User.get(guest.id).blocked_at is None or None)


async def leave_unnoticed(guest: Guest) -> None:
    """Telegram says so only when the answer is sent."""
    guest.stack.model.script(text="Here I am.", first_delay=0.5, matching="Are you there?")
    message = guest.write("Are you there?")
    guest.user.person.blocked = True
    await guest.turn(message, "failed")


async def repeat_a_job(guest: Guest, recorder: Recorder) -> None:
    """As SQS does at times, with a turn that is done."""
    (done,) = guest.stack.simulator.messages(guest.id)[:1]
    enqueue(guest.job(done), uuid.uuid4().hex)
    looked_at = Permission("LlmReplyFunction", "dynamodb:GetItem", "TurnsTable")
    await eventually(lambda: looked_at in recorder.calls or None)


async def bring_a_character(guest: Guest) -> None:
    shown = await guest.brings(png(("ccv3", v3())))
    await guest.presses(await guest.presses(shown, ENGLISH_CARDS.share), ENGLISH_CARDS.stop_sharing)
    await guest.presses(shown, ENGLISH_CARDS.delete)


async def bring_a_chat(guest: Guest) -> None:
    """Of a character that several may be meant by: who is looked for among the cast."""
    await guest.presses(await guest.brings(chat(line("Mario", "Mamma mia!")), "chat.jsonl"), ENGLISH_CARDS.chat_drop)


async def own(guest: Guest) -> None:
    owner = Guest(guest.stack.simulator.user(int(FIRST_PERSON)), guest.stack, guest.http)
    for command in ("/stats", "/invite", "/block @nobody"):
        await owner.says(command)
    heard = len(owner.received())
    owner.write("/broadcast Good news!")
    await owner.hears(heard + 2)
    owner.user.press(owner.received()[-1]["message_id"], TO_OWNER.broadcast_send)
    await guest.stack.simulator.wait_for(lambda: TO_OWNER.broadcast_done in owner.texts()[-1], timeout=PATIENCE_S)


async def come_back_before_all_is_forgotten(guest: Guest) -> None:
    """A day before TTL deletes rows that were long unused."""
    tomorrow = now_ms() // 1000 + 24 * 3600
    User(guest.id).update(actions=[User.expires_at.set(tomorrow)])
    await guest.turn(guest.write("I am back!"), DELIVERED)
    await eventually(lambda: True if (user := User.find(guest.id)) and user.expires_at > tomorrow else None)


async def take_everything_along_and_go(guest: Guest) -> None:
    heard = len(guest.received())
    guest.write("/export")
    await guest.hears(heard + 3)
    guest.write("/delete")
    # The export may still be sending.
    asked = await eventually(
        lambda: next((each for each in guest.received() if "Erase everything" in str(each.get("reply_markup"))), None)
    )
    guest.user.press(asked["message_id"], "Erase everything")
    await eventually(lambda: True if User.find(guest.id) is None else None)


async def break_a_job(guest: Guest) -> None:
    """One that no code can read ends in the dead-letter queue, and stays there. One that nobody waits for goes."""
    guest.stack.aws.sqs.send_message(
        QueueUrl=guest.stack.names["ReplyQueue"],
        MessageBody="not a job",
        MessageGroupId=str(guest.id),
        MessageDeduplicationId=uuid.uuid4().hex,
    )
    await eventually(lambda: unseen(guest.stack) or None)
    summary = SummarizeJob(
        person_id=guest.id,
        chat_id=guest.id,
        conversation_id=f"{guest.id}:0:mario:0",
        character_id="mario",
        through_id=1,
        summarised_through=0,
    )
    bury(guest.stack, f"memory of {guest.id}", summary)
    await look(guest.stack)
