"""Summaries and pinned facts: memory beyond the turns that the prompt repeats."""

import pytest

from tests.integration.guest import PATIENCE_S, Guest, eventually
from troupe.conversations.conversation import Conversation

pytestmark = pytest.mark.asyncio(loop_scope="session")

KEEPER = "You keep the memory"


async def test_a_pinned_fact_is_in_every_prompt_and_can_be_corrected_and_forgotten(guest: Guest) -> None:
    await guest.chooses("mario")
    assert "nothing beyond it yet" in await guest.says("/memory")
    assert "/memory 1" in await guest.says("/memory My goose is called Honk")
    await guest.says("Hello!")
    assert "- My goose is called Honk" in str(guest.stack.model.calls[-1].body["input"][0]["content"])

    await guest.says("/memory 1 My goose is called Hank")
    shown = await guest.says("/memory")
    assert "1. My goose is called Hank" in shown
    assert "Honk" not in shown

    guest.user.press(guest.received()[-1]["message_id"], "Forget 1")
    await guest.stack.simulator.wait_for(lambda: "Hank" not in guest.texts()[-1], timeout=PATIENCE_S)
    await guest.says("And now?")
    assert "Hank" not in str(guest.stack.model.calls[-1].body["input"])


async def test_a_long_conversation_is_summed_up_and_the_summary_takes_the_place_of_its_beginning(guest: Guest) -> None:
    await guest.chooses("albert")
    guest.stack.model.script(
        text="Anna told Albert that she keeps bees.", matching=lambda call: KEEPER in str(call.body["instructions"])
    )
    for number in range(9):
        guest.stack.model.script(text=f"Answer {number}. " + "tick tock " * 120, matching=f"Question {number}")
        await guest.says(f"Question {number}? " + "la la la " * 60)
    name = f"{guest.id}:0:albert:0"
    known = await eventually(lambda: ((row := Conversation.of(guest.id, name)).summary and row) or None)
    assert known.summary == "Anna told Albert that she keeps bees."

    await guest.says("What do you know of me?")

    prompt = guest.stack.model.calls[-1].body["input"]
    assert "Anna told Albert that she keeps bees." in prompt[0]["content"]
    assert "Question 0?" not in str(prompt)
    assert "Question 8?" in str(prompt)
    assert "Anna told Albert" in await guest.says("/memory")


@pytest.mark.parametrize(
    "declined",
    [{"refusal": "I'm sorry, but I can't assist with that."}, {"text": "I’m sorry, but I can’t help with that."}],
)
async def test_a_summary_that_the_model_declines_never_becomes_the_memory(
    guest: Guest, declined: dict[str, str]
) -> None:
    await guest.chooses("albert")
    guest.stack.model.script(**declined, matching=lambda call: KEEPER in str(call.body["instructions"]))
    for number in range(8):
        guest.stack.model.script(text=f"Answer {number}. " + "tick tock " * 120, matching=f"Question {number}")
        await guest.says(f"Question {number}? " + "la la la " * 60)
    await guest.stack.model.wait_for_call(lambda call: "Albert" in call.said and KEEPER in str(call.body))
    await guest.says("What do you know of me?")

    known = Conversation.of(guest.id, f"{guest.id}:0:albert:0")
    assert "sorry" not in str(known.summary)
    assert known.summarised_through == 0


async def test_a_summary_of_turns_that_are_too_long_for_the_model_takes_fewer(guest: Guest) -> None:
    await guest.chooses("albert")
    keeping = {"matching": lambda call: KEEPER in str(call.body["instructions"])}
    guest.stack.model.script(code="context_length_exceeded", **keeping)
    guest.stack.model.script(text="Anna told Albert of bees.", **keeping)
    for number in range(8):
        guest.stack.model.script(text=f"Answer {number}. " + "tick tock " * 120, matching=f"Question {number}")
        await guest.says(f"Question {number}? " + "la la la " * 60)
    name = f"{guest.id}:0:albert:0"
    await eventually(lambda: ((row := Conversation.of(guest.id, name)).summary and row) or None)

    first, second = [len(call.said) for call in guest.stack.model.calls if KEEPER in str(call.body)][-2:]
    assert second < first


async def test_the_beginning_of_the_prompt_stays_the_same_while_the_conversation_grows(guest: Guest) -> None:
    await guest.chooses("nemo")
    await guest.says("First question.")
    before = guest.stack.model.calls[-1].body
    await guest.says("Second question.")
    after = guest.stack.model.calls[-1].body

    assert after["instructions"] == before["instructions"]
    spoken = [line for line in before["input"] if line["role"] != "developer"]
    assert after["input"][: len(spoken)] == spoken
    assert after["prompt_cache_key"] == before["prompt_cache_key"]
