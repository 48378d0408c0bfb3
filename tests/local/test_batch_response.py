import pytest

from local.mappings.batch_response import MalformedBatchResponseError, failed_identifiers


@pytest.mark.parametrize(
    "answer", [None, {}, {"batchItemFailures": []}, {"batchItemFailures": None}, {"statusCode": 200}]
)
def test_nothing_reported_means_nothing_failed(answer: object) -> None:
    assert failed_identifiers(answer, ["1", "2"]) == set()


def test_the_reported_records_have_failed() -> None:
    assert failed_identifiers({"batchItemFailures": [{"itemIdentifier": "2"}]}, ["1", "2"]) == {"2"}


@pytest.mark.parametrize(
    "answer",
    [
        "done",
        ["1"],
        {"batchItemFailures": "all"},
        {"batchItemFailures": ["1"]},
        {"batchItemFailures": [{"itemIdentifier": "3"}]},
        {"batchItemFailures": [{"itemIdentifier": ""}]},
        {"batchItemFailures": [{"itemIdentifier": None}]},
        {"batchItemFailures": [{"wrong": "1"}]},
        {"batchItemFailures": [{"itemIdentifier": "1"}, {}]},
    ],
)
def test_an_unreadable_response_is_refused(answer: object) -> None:
    with pytest.raises(MalformedBatchResponseError):
        failed_identifiers(answer, ["1", "2"])
