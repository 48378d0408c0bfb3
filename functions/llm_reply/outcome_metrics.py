"""Failures in the metrics: each by its kind, and those that only the operator can end in a metric of their own.

An alarm is billed by the metrics it reads. So what it asks for is counted as one, and a share is an average: of ones
for what failed and noughts for what did not.
"""

from functions.llm_reply.failures import Failure
from troupe.observability import count

# A key, the money, the model's name or the bot's token is no longer good.
OF_THE_ACCOUNT = {"model_key", "model_quota", "model_unknown", "telegram_token"}


def model_failed(failure: Failure) -> None:
    count("ModelErrors", kind=failure.name)
    _refused(failure)


def model_answered() -> None:
    count("ModelErrors", 0)
    count("TurnsAnswered")


def telegram_failed(failure: Failure) -> None:
    count("TelegramErrors", kind=failure.name)
    _refused(failure)


def turn_failed() -> None:
    count("TurnsFailed")


def turn_delivered() -> None:
    count("TurnsFailed", 0)
    count("TurnsDelivered")


def _refused(failure: Failure) -> None:
    if failure.name in OF_THE_ACCOUNT:
        count("AccountRefused")
