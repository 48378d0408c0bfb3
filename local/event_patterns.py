"""Event patterns, with which a mapping chooses its records: `{"eventName": ["INSERT"]}`.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
"""

from collections.abc import Mapping
from typing import Any

OPERATORS = {"exists", "prefix", "suffix", "anything-but"}


def check_pattern(pattern: Any) -> None:
    """:raises ValueError: the pattern has a wrong shape, or an operator not known here"""
    if not isinstance(pattern, dict) or not pattern:
        raise ValueError("a pattern is an object with at least one field")
    for name, part in pattern.items():
        if isinstance(part, dict):
            check_pattern(part)
        elif not isinstance(part, list) or not part:
            raise ValueError(f"{name} wants an object or a list of what is wanted")
        for rule in part if isinstance(part, list) else []:
            if isinstance(rule, dict) and (len(rule) != 1 or not OPERATORS.issuperset(rule)):
                raise ValueError(f"{name} uses {', '.join(rule)}; known here: {', '.join(sorted(OPERATORS))}")


def matches(pattern: Mapping[str, Any], value: Any) -> bool:
    """Every field of the pattern has to match; of a field's list one rule is enough."""
    fields: Mapping[str, Any] = value if isinstance(value, dict) else {}
    for name, part in pattern.items():
        if isinstance(part, dict):
            if not matches(part, fields.get(name)):
                return False
        elif not any(_follows(rule, name in fields, fields.get(name)) for rule in part):
            return False
    return True


def _follows(rule: Any, present: bool, value: Any) -> bool:
    if isinstance(rule, dict) and "exists" in rule:
        return bool(present == rule["exists"])
    values = value if isinstance(value, list) else [value]
    return present and any(_equals(rule, one) for one in values)


def _equals(rule: Any, value: Any) -> bool:
    if not isinstance(rule, dict):
        return bool(rule == value)
    ((operator, wanted),) = rule.items()
    match operator:
        case "prefix":
            return isinstance(value, str) and value.startswith(wanted)
        case "suffix":
            return isinstance(value, str) and value.endswith(wanted)
        case _:
            return value not in (wanted if isinstance(wanted, list) else [wanted])
