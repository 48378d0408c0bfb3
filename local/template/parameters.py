"""The template's parameters, pseudo parameters and conditions."""

from collections.abc import Mapping
from typing import Any

from local.emulator import ACCOUNT, REGION
from local.template.intrinsics import Scope
from local.template.properties import Properties
from publishing.template_file import TemplateError


def read_scope(document: Mapping[str, Any], stack: str, given: Mapping[str, str]) -> Scope:
    """:raises TemplateError: a given parameter is not in the template, or a condition can't be read"""
    parameters = Properties.of("Parameters", document.get("Parameters"), Scope({}, {}))
    unknown = set(given) - set(parameters.values)
    if unknown:
        raise TemplateError(f"Parameters: there is no {', '.join(sorted(unknown))}")
    defaults = {
        name: str(parameters.section(name).values["Default"])
        for name in parameters.values
        if "Default" in parameters.section(name).values
    }
    of_aws = {
        "AWS::StackName": stack,
        "AWS::Region": REGION,
        "AWS::AccountId": ACCOUNT,
        "AWS::Partition": "aws",
        "AWS::URLSuffix": "amazonaws.com",
    }
    names = {**of_aws, **defaults, **given}
    conditions = document.get("Conditions") or {}
    return Scope(names, Properties.of("Conditions", _inlined(conditions, conditions), Scope(names, {})).values)


def _inlined(rule: Any, conditions: Mapping[str, Any]) -> Any:
    """The rule with each `!Condition x` replaced by the rule of x."""
    if isinstance(rule, list):
        return [_inlined(part, conditions) for part in rule]
    if not isinstance(rule, dict):
        return rule
    if set(rule) == {"Condition"} and rule["Condition"] in conditions:
        return _inlined(conditions[rule["Condition"]], conditions)
    return {key: _inlined(part, conditions) for key, part in rule.items()}
