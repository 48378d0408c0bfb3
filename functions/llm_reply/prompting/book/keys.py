"""Looks for an entry's keys in a text."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from troupe.characters.book import Entry
from troupe.characters.decorators import Decorators
from troupe.characters.macros import Macros
from troupe.characters.patterns import compiled, is_pattern

# SillyTavern's selectiveLogic: the condition on the secondary keys, once a primary key is found.
_AND_ANY, _NOT_ALL, _NOT_ANY, _AND_ALL = range(4)
_LOGIC: dict[int, Callable[[Sequence[bool]], bool]] = {
    _AND_ANY: any,
    _NOT_ALL: lambda found: not all(found),
    _NOT_ANY: lambda found: not any(found),
    _AND_ALL: all,
}


class Text:
    """A text to look for keys in."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._folded: str | None = None

    def has(self, key: str, *, exact_case: bool, whole_words: bool) -> bool:
        if is_pattern(key):
            pattern = compiled(key)
            return pattern is not None and pattern.search(self._text) is not None
        text, key = (self._text, key) if exact_case else (self._in_one_case(), key.casefold())
        if key not in text:
            return False
        return not whole_words or re.search(rf"(?<!\w){re.escape(key)}(?!\w)", text) is not None

    def _in_one_case(self) -> str:
        if self._folded is None:
            self._folded = self._text.casefold()
        return self._folded


@dataclass(frozen=True)
class Keys:
    """`needed` are @@additional_keys, `barred` are @@exclude_keys."""

    primary: tuple[str, ...] = ()
    secondary: tuple[str, ...] = ()
    logic: int = _AND_ANY
    needed: tuple[str, ...] = ()
    barred: tuple[str, ...] = ()
    exact_case: bool = False
    whole_words: bool = False

    @classmethod
    def of(cls, entry: Entry, says: Decorators) -> Self:
        more = entry.extensions
        logic, exact_case = more.get("selectiveLogic"), more.get("case_sensitive")
        return cls(
            primary=_written(entry.keys),
            # Without secondary keys the primary ones decide: SillyTavern marks every entry as selective.
            secondary=_written(entry.secondary_keys) if entry.selective else (),
            logic=logic if isinstance(logic, int) and logic in _LOGIC else _AND_ANY,
            needed=says.keys("additional_keys"),
            barred=says.keys("exclude_keys"),
            exact_case=bool(exact_case if entry.case_sensitive is None else entry.case_sensitive),
            whole_words=bool(more.get("match_whole_words")),
        )

    def are_in(self, text: Text, macros: Macros) -> bool:
        if not self._any(self.primary, text, macros):
            return False
        if self.secondary:
            found = [self._any((key,), text, macros) for key in self.secondary]
            if not _LOGIC[self.logic](found):
                return False
        return self.allow(text, macros)

    def may_be_in(self, folded: str) -> bool:
        """False if no primary key can be found in any part of the text. Much faster than a search.

        :param folded: the text, case-folded
        """
        return self._plain is None or any(key in folded for key in self._plain)

    @cached_property
    def _plain(self) -> tuple[str, ...] | None:
        """The primary keys, case-folded; None if one is a pattern or holds a macro."""
        if any(is_pattern(key) or "{{" in key or "<" in key for key in self.primary):
            return None
        return tuple(key.casefold() for key in self.primary)

    @property
    def deny(self) -> bool:
        """Some words keep the entry from waking."""
        return bool(self.barred or (self.secondary and self.logic in {_NOT_ALL, _NOT_ANY}))

    def allow(self, text: Text, macros: Macros) -> bool:
        """True if the decorators' conditions hold. Constant entries have such conditions, too."""
        if self.needed and not self._any(self.needed, text, macros):
            return False
        return not self._any(self.barred, text, macros)

    def _any(self, keys: Sequence[str], text: Text, macros: Macros) -> bool:
        return any(
            text.has(filled, exact_case=self.exact_case, whole_words=self.whole_words)
            for key in keys
            if (filled := macros.fill(key) if "{{" in key or "<" in key else key)
        )


def _written(keys: Sequence[str]) -> tuple[str, ...]:
    return tuple(key.strip() for key in keys if key.strip())
