"""The verdicts of moderation, and the messages that follow: an answer, a refusal, help lines."""

import pytest

from functions.llm_reply.safety.help_lines import help_message
from functions.llm_reply.safety.policy import QUIET_MS
from local.llm.calls import Call as ModelCall
from local.simulator.bot_api import Call
from local.simulator.faults import Fault
from local.stack import Stack
from tests.integration.guest import Guest, eventually
from tests.integration.log_lines import Said
from tests.integration.stored_turns import invoke, stored
from troupe.conversations.conversation import Conversation
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import DELIVERED, FAILED, JOINED
from troupe.pseudonym import pseudonym
from troupe.telegram.texts.en import ENGLISH

pytestmark = pytest.mark.asyncio(loop_scope="session")

HELP, HELP_IN_RUSSIAN = help_message("en", "en"), help_message("ru", "ru")
REFUSED = ENGLISH.against_rules


@pytest.fixture(autouse=True)
def moderated(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """As with OpenAI's own server. The stack's other tests have none, so that they see their own requests alone."""
    assert stack.model
    monkeypatch.setattr("functions.llm_reply.clients.moderation.kind", "openai")


def checks(guest: Guest, said: str) -> list[ModelCall]:
    return [call for call in guest.stack.model.calls if call.endpoint == "moderations" and said in call.said]


def asked(guest: Guest, said: str) -> list[ModelCall]:
    return [call for call in guest.stack.model.calls if call.endpoint == "responses" and said in call.said]


def drafts(guest: Guest) -> list[str]:
    calls: list[Call] = [call for call in guest.stack.simulator.calls if call.chat_id == guest.id]
    return [str(call.params.get("text") or "") for call in calls if call.method == "sendMessageDraft"]


async def counted(said: Said, guest: Guest, name: str) -> list[float]:
    """All values of a metric that were counted for this person's turns, once there are some."""
    person = pseudonym(guest.id)
    lines = await eventually(
        lambda: [line for line in said.lines() if line.get("person") == person and name in line] or None
    )
    return [value for line in lines for value in line[name]]


async def test_a_message_is_checked_while_the_model_is_asked_and_answered_as_ever(guest: Guest) -> None:
    await guest.chooses("mario")
    model = guest.stack.model
    # Neither waits for the other: the check hangs until the model has been asked.
    model.script(endpoint="moderations", matching="Beside", hang=0.4)
    model.script(text="Here I am.", matching="Beside")

    assert await guest.says("Beside you") == "Here I am."

    (check,), (request,) = checks(guest, "Beside"), asked(guest, "Beside")
    assert request.at - check.at < 0.4
    assert check.body == {"model": "omni-moderation-latest", "input": "Beside you"}


async def test_a_refused_message_gets_a_sentence_and_nothing_of_the_answer(guest: Guest, said: Said) -> None:
    await guest.chooses("mario")
    guest.stack.model.script(text="So be it. " * 40, matching="not be", delta_delay=0.02)
    message = guest.write("[flag sexual/minors] This may not be")

    assert await guest.hears(len(guest.received()) + 1) == REFUSED

    turn = await guest.turn(message, FAILED)
    assert turn.failure == "moderation_refused"
    assert turn.answer is None
    assert not any(drafts(guest))
    assert await counted(said, guest, "ModerationRefused") == [1]
    # A refusal is no fault of the bot's: the alarm on failed turns stays silent.
    assert not any("TurnsFailed" in line for line in said.lines() if line.get("person") == pseudonym(guest.id))
    guest.stack.model.script(text="Gladly.", matching="bees")
    assert await guest.says("Then of bees") == "Gladly."
    assert "may not be" not in str(asked(guest, "bees")[0].body)


async def test_a_refused_message_reaches_no_prompt_when_the_person_writes_on_at_once(guest: Guest) -> None:
    await guest.chooses("mario")
    first, second = stored(guest, "[flag sexual/minors] Unfit"), stored(guest, "And on")
    guest.stack.model.script(text="On we go.", matching="And on")

    await invoke(guest.stack, first, second)

    await guest.turn(first, FAILED)
    await guest.turn(second, DELIVERED)
    assert {REFUSED, "On we go."} <= set(guest.texts())
    assert "Unfit" not in str(asked(guest, "And on")[0].body)


async def test_a_flagged_message_is_answered_and_its_answer_checked_before_anybody_sees_it(guest: Guest) -> None:
    await guest.chooses("mario")
    guest.stack.model.script(text="A harmless word. " * 9, matching="Watch this", delta_delay=0.02)
    assert (await guest.says("[flag sexual] Watch this")).startswith("A harmless word.")
    assert not any(drafts(guest))

    guest.stack.model.script(text="[flag sexual/minors] Far too far", matching="Go further")
    message = guest.write("[flag sexual] Go further")
    assert await guest.hears(len(guest.received()) + 1) == REFUSED
    assert (await guest.turn(message, FAILED)).answer is None


async def test_an_answer_without_words_to_it_is_checked_too(guest: Guest) -> None:
    await guest.chooses("mario")
    await guest.turn(guest.write("Once upon a time"), DELIVERED)
    guest.stack.model.script(
        text="[flag sexual/minors] Far too far", matching=lambda call: "Once upon" in str(call.body)
    )
    guest.write("/continue")
    assert await guest.hears(len(guest.received()) + 1) == REFUSED


@pytest.mark.parametrize("trouble", [{"status": 500}, {"hang": 30}, {"status": 404}])
async def test_moderation_that_fails_is_counted_and_lets_through(
    trouble: dict[str, float], guest: Guest, said: Said
) -> None:
    await guest.chooses("mario")
    guest.stack.model.script(endpoint="moderations", matching="[flag sexual/minors]", **trouble)
    guest.stack.model.script(text="Let through.", matching="unseen")
    assert await guest.says("[flag sexual/minors] unseen") == "Let through."
    assert sum(await counted(said, guest, "ModelErrors")) == 1
    assert "unseen" not in said.text()


async def test_signs_of_self_harm_bring_help_lines_before_the_answer(visitor: Guest, said: Said) -> None:
    await visitor.chooses("baba_yaga")
    visitor.stack.model.script(text="Посиди со мной.", matching="тяжело")
    count = len(visitor.received())
    message = visitor.write("[flag self-harm/intent] Как же мне тяжело")

    assert await visitor.hears(count + 2) == "Посиди со мной."

    assert visitor.texts()[count] == HELP_IN_RUSSIAN
    turn = await visitor.turn(message, DELIVERED)
    assert turn.help_sent_at <= turn.delivered_at
    assert await counted(said, visitor, "CrisisHelpSent") == [1]
    # The answer to somebody in a crisis is checked before it shows.
    assert not any(drafts(visitor))
    assert "тяжело" not in said.text()


async def test_the_lists_of_phrases_work_when_moderation_is_down(guest: Guest) -> None:
    await guest.chooses("mario")
    guest.stack.model.script(endpoint="moderations", matching="anymore", status=503)
    count = len(guest.received())
    guest.write("I don\u2019t want to live anymore...")
    await guest.hears(count + 2)
    assert guest.texts()[count] == HELP


async def test_help_lines_come_once_in_some_hours_unless_the_signs_are_graver(guest: Guest) -> None:
    await guest.chooses("mario")
    count = len(guest.received())
    first = guest.write("[flag self-harm] It hurts")
    await guest.hears(count + 2)
    await guest.says("[flag self-harm] It still hurts")
    assert guest.texts().count(HELP) == 1

    guest.write("I want to kill myself")
    await guest.hears(count + 5)
    await guest.says("I want to die")
    assert guest.texts().count(HELP) == 2

    await guest.turn(first, DELIVERED)
    for turn in Turn.query(guest.id):
        if turn.help_sent_at:
            turn.update(actions=[Turn.help_sent_at.set(turn.help_sent_at - QUIET_MS)])
    guest.write("I still want to die")
    await eventually(lambda: guest.texts().count(HELP) == 3 or None)


async def test_help_lines_are_not_doubled_when_the_turn_is_worked_again(guest: Guest) -> None:
    await guest.chooses("mario")
    # The first attempt ends without an answer, after the help lines were sent.
    guest.stack.model.script(status=500, matching="die")
    message = guest.write("I want to die")
    await guest.turn(message, DELIVERED)
    assert guest.texts().count(HELP) == 1
    guest.write("/again")
    await eventually(lambda: Turn.find(guest.id, message["message_id"]).alternatives or None)  # type: ignore[union-attr]  # it is there
    assert guest.texts().count(HELP) == 1


async def test_help_lines_that_telegram_refuses_at_first_still_come_before_the_answer(guest: Guest) -> None:
    await guest.chooses("mario")
    guest.stack.model.script(text="Stay with me.", matching="tonight")
    guest.stack.simulator.faults.add(Fault("sendMessage", guest.id, error_code=429, retry_after=1))
    count = len(guest.received())
    message = guest.write("I want to die tonight")
    assert await guest.hears(count + 2) == "Stay with me."
    assert guest.texts()[count] == HELP
    await guest.turn(message, DELIVERED)


async def test_a_person_without_a_character_gets_help_lines_too(guest: Guest) -> None:
    guest.write("i want to die")
    await guest.hears(2)
    assert guest.texts() == [HELP, ENGLISH.choose_first]


async def test_a_message_that_is_answered_with_the_next_one_brings_help_lines(guest: Guest) -> None:
    await guest.chooses("mario")
    first, second = stored(guest, "I want to die"), stored(guest, "Are you there?")
    await invoke(guest.stack, first, second)
    await guest.turn(first, JOINED)
    assert guest.texts().count(HELP) == 1


async def test_words_of_others_that_are_passed_on_are_moderated_but_show_no_signs_by_the_list(guest: Guest) -> None:
    await guest.chooses("mario")
    other = {"type": "hidden_user", "sender_user_name": "Vronsky", "date": 1}
    count = len(guest.received())
    guest.user.forward("I want to die", other)
    await guest.hears(count + 1)
    assert "I want to die" in checks(guest, "want to die")[-1].said


async def test_the_decisions_api_can_moderate_instead(
    guest: Guest, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("functions.llm_reply.clients.moderation.kind", "decisions")
    await guest.chooses("mario")
    assert await guest.says("[flag sexual/minors] Decide") == REFUSED
    (call,) = [call for call in guest.stack.model.calls if call.endpoint == "decisions" and "Decide" in call.said]
    assert call.body["safety_identifier"] == pseudonym(guest.id)
    assert (await counted(said, guest, "EstimatedSpend"))[0] > 0

    count = len(guest.received())
    guest.write("[flag self-harm/intent] Decide again")
    await guest.hears(count + 2)
    assert guest.texts()[count] == HELP


async def test_without_moderation_no_server_is_asked_and_help_lines_still_come(
    guest: Guest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("functions.llm_reply.clients.moderation.kind", "off")
    await guest.chooses("mario")
    count = len(guest.received())
    guest.write("I want to die on Thursday")
    await guest.hears(count + 2)
    assert guest.texts()[count] == HELP
    assert not [call for call in guest.stack.model.calls if call.endpoint != "responses" and "Thursday" in call.said]


async def test_words_that_moderation_refuses_are_not_pinned_to_the_memory(guest: Guest) -> None:
    await guest.chooses("mario")
    assert await guest.says("/memory [flag sexual/minors] Pin this") == REFUSED
    assert Conversation.of(guest.id, f"{guest.id}:0:mario:0").facts == []
    assert "/memory 1" in await guest.says("/memory My bees are well")
    pinned = {
        "init_data": guest.user.init_data(),
        "character_id": "mario",
        "words": "[flag sexual/minors] Pin it there",
    }
    heard = len(guest.received())
    assert (await guest.api("memory/pin", **pinned))[0] == 200
    assert await guest.hears(heard + 1) == REFUSED
    await eventually(lambda: Conversation.of(guest.id, f"{guest.id}:0:mario:0").facts == ["My bees are well"] or None)
