"""Metrics of success and failure, by kind; failures that only the operator can end have a metric of their own.

CloudWatch bills an alarm by the metrics it reads, so each alarm reads one: a share of failures is the average of a
metric that counts 1 for a failure and 0 for a success.
"""

from functions.llm_reply.failures import Failure
from troupe.observability import count

# The operator must act: a key, the balance, the model's name or the bot's token is wrong.
OF_THE_ACCOUNT = {"model_key", "model_quota", "model_unknown", "telegram_token"}


def model_failed(failure: Failure, *, final: bool) -> None:
    """:param final: it is not tried again; an error that passes at the second try is not the account's"""
    count("ModelErrors", kind=failure.name)
    if final:
        _refused(failure)


def model_answered() -> None:
    count("ModelErrors", 0)
    count("TurnsAnswered")


def fallback_answered() -> None:
    """Counts as an error of the chosen model, so that the alarm on those rings as long as the fallback answers."""
    count("ModelErrors", kind="model_fallback")


def moderation_failed() -> None:
    """Counts as an error of the model, so that the alarm on those rings for it too."""
    count("ModelErrors", kind="moderation")


def telegram_failed(failure: Failure) -> None:
    count("TelegramErrors", kind=failure.name)
    _refused(failure)


def budget_reached() -> None:
    """The whole bot has spent what it may in a day or a month."""
    count("AccountRefused")


def turn_failed() -> None:
    count("TurnsFailed")


def turn_delivered() -> None:
    count("TurnsFailed", 0)
    count("TurnsDelivered")


def _refused(failure: Failure) -> None:
    if failure.name in OF_THE_ACCOUNT:
        count("AccountRefused")
