"""The judge of memory asks through the whole product, and tells right answers from wrong ones."""

import pytest

from bench.recall import own_set
from bench.recall.dialogue import Question
from bench.recall.judge import is_right, judged
from tests.integration.guest import Guest

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize(
    ("kind", "expected", "answer", "right"),
    [
        ("plain", "Vera", "Your sister? Vera, of course.", True),
        ("plain", "Vera", "I am not sure I remember.", False),
        ("plain", "Казани", "Ты вырос в Казани!", True),
        ("plain", "январе", "Это был январь.", True),
        ("negation", "don't eat meat", "You don't, not even fish.", True),
        ("negation", "don't eat meat", "Of course you do!", False),
        ("never", "", "You never told me of a parrot.", True),
        ("never", "", "Я не помню, чтобы ты говорила о попугае.", True),
        ("never", "", "Polly, obviously.", False),
    ],
)
async def test_an_answer_is_judged_by_exact_match_or_by_abstention(
    kind: str, expected: str, answer: str, right: bool
) -> None:
    assert is_right(Question("?", kind, answer=expected), answer) is right


async def test_the_questions_are_asked_of_a_conversation_that_the_product_recalls(guest: Guest) -> None:
    dialogue = own_set.conversation("en", 300)
    known = next(question for question in dialogue.questions if question.kind == "plain")
    (place,) = known.evidence
    told = dialogue.line(place)
    short = type(dialogue)(dialogue.name, dialogue.person, dialogue.character, dialogue.turns, [known])
    guest.stack.model.script(text=f"I remember: {known.answer}.", matching=known.words)

    right = await judged(guest.stack, short, guest.user)

    assert right == {"plain": [True]}
    asked = next(call for call in reversed(guest.stack.model.calls) if known.words in call.said)
    assert told in str(asked.body["input"])
