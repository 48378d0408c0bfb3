"""A section of the template, read by name and type. Errors name the section's place."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local.template.intrinsics import Scope
from publishing.template_file import TemplateError


@dataclass(frozen=True)
class Properties:
    place: str
    values: Mapping[str, Any]

    @classmethod
    def of(cls, place: str, values: Any, scope: Scope) -> "Properties":
        """:raises TemplateError: not a mapping, or an intrinsic function in it can't be evaluated"""
        try:
            resolved = scope.resolve({} if values is None else values)
        except TemplateError as error:
            raise TemplateError(f"{place}: {error}") from None
        except (AttributeError, IndexError, KeyError, TypeError, ValueError):
            raise TemplateError(f"{place}: an intrinsic function in it has a shape that can't be read") from None
        if not isinstance(resolved, dict):
            raise TemplateError(f"{place} holds no properties")
        return cls(place, resolved)

    def wrong(self, key: str, expected: str) -> TemplateError:
        if key not in self.values:
            return TemplateError(f"{self.place}: {key} is missing, {expected} is expected")
        return TemplateError(f"{self.place}: {key} is {self.values[key]!r}, {expected} is expected")

    def text(self, key: str, default: str | None = None) -> str:
        value = self.values.get(key, default)
        if not isinstance(value, str) or not value:
            raise self.wrong(key, "a text")
        return value

    def number(self, key: str, default: int | None = None) -> int:
        value = self.values.get(key, default)
        if isinstance(value, bool) or not str(value).lstrip("-").isdecimal():
            raise self.wrong(key, "a whole number")
        return int(str(value))

    def flag(self, key: str, *, default: bool = False) -> bool:
        value = self.values.get(key, default)
        if str(value).lower() not in {"true", "false"}:
            raise self.wrong(key, "true or false")
        return str(value).lower() == "true"

    def items(self, key: str) -> list[Any]:
        value = self.values.get(key, [])
        if not isinstance(value, list):
            raise self.wrong(key, "a list")
        return value

    def section(self, key: str) -> "Properties":
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            raise self.wrong(key, "a section")
        return Properties(f"{self.place}: {key}", value)

    def attribute_of(self, key: str, attribute: str, known: frozenset[str]) -> str:
        """The logical id in `!GetAtt <id>.<attribute>`."""
        value = self.values.get(key)
        path = value.get("Fn::GetAtt") if isinstance(value, dict) else None
        if not isinstance(path, list) or path[1:] != [attribute] or path[0] not in known:
            raise self.wrong(key, f"!GetAtt <a resource of this template>.{attribute}")
        return str(path[0])
