"""CloudFormation's short tags and intrinsic functions, as far as template.yaml uses them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from publishing.template_file import TemplateError

NO_VALUE = object()


@dataclass(frozen=True)
class Scope:
    """The values of references: "Name" for Ref, "Name.Attribute" for GetAtt."""

    names: Mapping[str, str]
    conditions: Mapping[str, bool]

    def with_names(self, names: Mapping[str, str]) -> Self:
        return replace(self, names={**self.names, **names})

    def resolve(self, value: Any) -> Any:
        """Evaluates every intrinsic function in the value. References to unknown names stay as they are.

        :raises TemplateError: an unsupported function, or an undeclared condition
        """
        if isinstance(value, list):
            return [item for item in map(self.resolve, value) if item is not NO_VALUE]
        if not isinstance(value, dict):
            return value
        function = self._function(value)
        if function:
            return function(next(iter(value.values())))
        resolved = {key: self.resolve(item) for key, item in value.items()}
        return {key: item for key, item in resolved.items() if item is not NO_VALUE}

    def _function(self, value: dict[str, Any]) -> Callable[[Any], Any] | None:
        name = next(iter(value)) if len(value) == 1 else ""
        functions: dict[str, Callable[[Any], Any]] = {
            "Ref": self._ref,
            "Fn::GetAtt": self._get_att,
            "Fn::Sub": self._sub,
            "Fn::Join": self._join,
            "Fn::If": self._if,
            "Fn::Equals": lambda pair: str(self.resolve(pair[0])) == str(self.resolve(pair[1])),
            "Fn::Not": lambda one: not self.resolve(one[0]),
            "Fn::And": lambda several: all(map(self.resolve, several)),
            "Fn::Or": lambda several: any(map(self.resolve, several)),
        }
        if isinstance(name, str) and name.startswith("Fn::") and name not in functions:
            raise TemplateError(f"{name} is not supported here")
        return functions.get(name)

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return NO_VALUE
        return self.names.get(name, {"Ref": name})

    def _get_att(self, path: list[str]) -> Any:
        return self.names.get(".".join(path), {"Fn::GetAtt": path})

    def _sub(self, argument: Any) -> Any:
        text, own = argument if isinstance(argument, list) else (argument, {})
        known = {**self.names, **{key: self.resolve(value) for key, value in own.items()}}
        wanted = re.findall(r"\$\{([^!}]+)\}", text)
        if not all(isinstance(known.get(name), str) for name in wanted):
            return {"Fn::Sub": argument}
        return re.sub(r"\$\{([^}]+)\}", lambda hit: known.get(hit[1], f"${{{hit[1].removeprefix('!')}}}"), text)

    def _join(self, argument: list[Any]) -> Any:
        separator, parts = argument[0], self.resolve(argument[1])
        return separator.join(parts) if all(isinstance(part, str) for part in parts) else {"Fn::Join": argument}

    def _if(self, argument: list[Any]) -> Any:
        condition, yes, no = argument
        if condition not in self.conditions:
            raise TemplateError(f"condition {condition} is not declared")
        return self.resolve(yes if self.conditions[condition] else no)
