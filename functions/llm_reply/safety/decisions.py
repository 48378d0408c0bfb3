"""Moderation by OpenAI's Decisions API: one question for each category, answered with a probability."""

from collections.abc import Collection, Sequence

import openai
from openai import AsyncOpenAI
from openai.types.decision import Decision
from openai.types.decision_create_params import (
    InputUnionMember1DecisionInputUserMessage,
    QuestionQuestionParamPredicate,
)
from openai.types.decision_input_image_param import DecisionInputImageParam

from functions.llm_reply.llm.booking import reserved, settle
from troupe.observability import count
from troupe.pseudonym import pseudonym
from troupe.spending.ledger import Spender
from troupe.spending.money import nanodollars
from troupe.tokens import tokens

# The only model that the API takes.
MODEL = "gpt-6-luna"
# Dollars for a million tokens of input, listed on 25 November 2026; answers are free.
DOLLARS_PER_MILLION = 0.10
# Tokens that the API adds to each question, estimated high.
QUESTION_TOKENS = 20
# For a picture of low detail, estimated high.
PICTURE_TOKENS = 300
# A wrongly shown help line costs little, a missed one may cost a life.
MIN_PROBABILITY = {"self-harm/intent": 0.4, "self-harm/instructions": 0.4, "sexual/minors": 0.4}
USUAL_PROBABILITY = 0.6
QUESTIONS = {
    "harassment/threatening": "The text threatens a real person with harm.",
    "violence/graphic": "The text depicts death, violence or injury in graphic detail.",
    "hate": "The text expresses or promotes hate because of race, religion, sex, orientation, disability or the like.",
    "hate/threatening": "The text combines such hate with threats of violence.",
    "illicit": "The text asks for or gives instructions for something illegal.",
    "illicit/violent": "The text asks for or gives instructions for weapons, attacks or violent crime.",
    "sexual": "The text is sexual content or asks for it.",
    "sexual/minors": "The text is sexual content that involves a person under 18, or asks for it, in a story or not.",
    "self-harm": "The text promotes or depicts suicide, self-injury or an eating disorder.",
    "self-harm/intent": "The writer says that they themselves hurt or kill themselves, or may do so.",
    "self-harm/instructions": "The text asks for or gives instructions for suicide or self-injury.",
}


OVERHEAD = sum(tokens(name) + tokens(statement) + QUESTION_TOKENS for name, statement in QUESTIONS.items())


async def flagged(client: AsyncOpenAI, checked: str | Sequence[str], spender: Spender) -> Collection[str]:
    """:param checked: a text, or pictures as data URLs

    A question that the model declines to answer counts as a category of its own, which the policy does not know.

    :raises openai.OpenAIError: there is no answer
    :raises LimitReachedError: the server was not asked
    """
    about = "The text" if isinstance(checked, str) else "One of the pictures"
    questions: list[QuestionQuestionParamPredicate] = [
        {"type": "predicate", "name": name, "instructions": statement.replace("The text", about)}
        for name, statement in QUESTIONS.items()
    ]
    person = pseudonym(spender.person_id)
    booking = await reserved(
        spender, _cost(OVERHEAD + (tokens(checked) if isinstance(checked, str) else PICTURE_TOKENS * len(checked)))
    )
    cost = booking.estimate
    try:
        answer = await client.decisions.create(
            model=MODEL, input=_input(checked), questions=questions, safety_identifier=person
        )
        cost = _cost(answer.usage.input_tokens)
    except openai.APIStatusError:
        cost = 0
        raise
    finally:
        await settle(booking, cost)
    count("TokensIn", answer.usage.input_tokens)
    return _categories(answer)


def _input(checked: str | Sequence[str]) -> str | list[InputUnionMember1DecisionInputUserMessage]:
    if isinstance(checked, str):
        return checked
    pictures: list[DecisionInputImageParam] = [
        {"type": "input_image", "image_url": picture, "detail": "low"} for picture in checked
    ]
    return [{"type": "message", "role": "user", "content": pictures}]


def _categories(answer: Decision) -> list[str]:
    found = []
    for each in answer.answers:
        if each.type == "predicate" and each.probability >= MIN_PROBABILITY.get(str(each.name), USUAL_PROBABILITY):
            found.append(str(each.name))
        elif each.type == "refusal":
            found.append("declined")
    return found


def _cost(tokens_in: int) -> int:
    return nanodollars(tokens_in * DOLLARS_PER_MILLION / 1_000_000)
