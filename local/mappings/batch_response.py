"""A function's partial batch response: the records that failed.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
"""

from collections.abc import Sequence
from typing import Any


class MalformedBatchResponseError(ValueError):
    """The response does not say which records failed, so all of them count as failed."""


def failed_identifiers(answer: Any, known: Sequence[str]) -> set[str]:
    """The ids of the failed records. None, `{}` and an empty or null list mean success.

    :raises MalformedBatchResponseError: another shape, or an identifier that was not in the batch
    """
    if answer is None:
        return set()
    if not isinstance(answer, dict):
        raise MalformedBatchResponseError
    failures = answer.get("batchItemFailures") or []
    if not isinstance(failures, list) or not all(isinstance(failure, dict) for failure in failures):
        raise MalformedBatchResponseError
    failed = {failure.get("itemIdentifier") for failure in failures}
    if not failed.issubset(known):
        raise MalformedBatchResponseError
    return failed
