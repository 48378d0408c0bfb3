import pytest

from local.event_patterns import check_pattern, matches

RECORD = {"eventName": "INSERT", "dynamodb": {"NewImage": {"status": {"S": "answered"}, "tags": {"SS": ["a", "b"]}}}}


@pytest.mark.parametrize(
    "pattern",
    [
        {"eventName": ["MODIFY", "INSERT"]},
        {"dynamodb": {"NewImage": {"status": {"S": ["answered"]}}}},
        {"dynamodb": {"NewImage": {"status": {"S": [{"prefix": "ans"}]}}}},
        {"dynamodb": {"NewImage": {"status": {"S": [{"suffix": "red"}]}}}},
        {"dynamodb": {"NewImage": {"status": {"S": [{"anything-but": ["sent"]}]}}}},
        {"dynamodb": {"NewImage": {"status": {"S": [{"anything-but": "sent"}]}}}},
        {"dynamodb": {"NewImage": {"tags": {"SS": ["b"]}}}},
        {"dynamodb": {"OldImage": [{"exists": False}]}},
        {"dynamodb": {"NewImage": [{"exists": True}]}},
        {"eventName": ["INSERT"], "dynamodb": {"NewImage": {"status": {"S": ["answered"]}}}},
    ],
)
def test_a_record_matches_where_every_field_does(pattern: dict[str, object]) -> None:
    check_pattern(pattern)
    assert matches(pattern, RECORD)


@pytest.mark.parametrize(
    "pattern",
    [
        {"eventName": ["MODIFY"]},
        {"eventName": ["INSERT"], "dynamodb": {"NewImage": {"status": {"S": ["sent"]}}}},
        {"dynamodb": {"OldImage": {"status": {"S": ["answered"]}}}},
        {"dynamodb": {"NewImage": {"gone": {"S": [{"anything-but": ["x"]}]}}}},
        {"dynamodb": {"NewImage": {"status": {"S": [{"prefix": "x"}]}}}},
        {"dynamodb": {"NewImage": {"status": {"S": [{"anything-but": ["answered"]}]}}}},
        {"eventName": {"S": ["INSERT"]}},
        {"eventName": [None]},
    ],
)
def test_a_record_does_not_match_where_one_field_does_not(pattern: dict[str, object]) -> None:
    check_pattern(pattern)
    assert not matches(pattern, RECORD)


@pytest.mark.parametrize(
    "pattern",
    [{}, [], "INSERT", {"a": "b"}, {"a": []}, {"a": {}}, {"a": [{"numeric": [">", 1]}]}, {"a": [{}]}],
)
def test_a_pattern_of_another_shape_is_refused(pattern: object) -> None:
    with pytest.raises(ValueError, match=r"a pattern is|wants|uses"):
        check_pattern(pattern)
