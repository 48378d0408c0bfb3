"""The macros in a card's text: chara_card_v3's, and nothing else is evaluated.

Rules: github.com/kwaroran/character-card-spec-v3, "Curly Braced Syntaxes". One pass: what a macro leaves is never read
again, so a person may be called {{char}}. Unknown macros stay text.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

# An argument may hold the names' macros and no others.
_NAME = r"\{\{(?:char|user)\}\}|<(?:bot|char|user)>"
_MACRO = re.compile(
    r"\{\{(?P<name>char|user|original)\}\}"
    r"|<(?P<tag>bot|char|user)>"
    rf"|\{{\{{(?:(?P<kind>random|pick|roll|hidden_key|comment|reverse):|//)(?P<argument>(?:{_NAME}|(?!\{{\{{|\}}\}}).)*)\}}\}}",
    re.IGNORECASE | re.ASCII | re.DOTALL,
)
_NAMES = re.compile(_NAME, re.IGNORECASE | re.ASCII)
_HIDDEN_KEY = re.compile(r"\{\{hidden_key:((?:(?!\{\{|\}\}).)*)\}\}", re.IGNORECASE | re.ASCII | re.DOTALL)
# "6", "d6", and "2d6", which is SillyTavern's.
_ROLL = re.compile(r"\s*(?:(?P<many>[1-9][0-9]?)?d)?(?P<sides>[1-9][0-9]{0,8})\s*", re.IGNORECASE | re.ASCII)
_COMMA = re.compile(r"(?<!\\),")


@dataclass(frozen=True)
class Macros:
    """Fills texts of one card for one person.

    :param dice: for {{random}} and {{roll}}: new for each answer, the same for a retry of it
    :param conversation: {{pick}} leaves the same in the same place of the same conversation
    """

    char: str
    user: str
    dice: Random = field(default_factory=Random)
    conversation: str = ""

    def fill(self, text: str, original: str | None = None) -> str:
        """The text for the model: without comments.

        :param original: the text for {{original}}, if there is one
        """
        return self._filled(text, original, lambda _: "")

    def shown(self, text: str) -> str:
        """The text for people: with that of {{comment: ...}}."""
        return self._filled(text, None, str.strip)

    def _filled(self, text: str, original: str | None, comment: Callable[[str], str]) -> str:
        def replaced(macro: re.Match[str]) -> str:
            named = (macro["name"] or macro["tag"] or "").lower()
            if named == "original":
                return macro[0] if original is None else self.fill(original)
            if named:
                return self._name(named)
            return self._evaluated(macro, text, comment)

        return _MACRO.sub(replaced, text)

    def _evaluated(self, macro: re.Match[str], text: str, comment: Callable[[str], str]) -> str:
        argument = macro["argument"]
        match (macro["kind"] or "//").lower():
            case "random":
                return self._with_names(self.dice.choice(_options(argument)))
            case "pick":
                return self._with_names(_choice(f"{self.conversation}\n{macro.start()}\n{text}", _options(argument)))
            case "roll":
                rolled = _ROLL.fullmatch(argument)
                return str(self._sum(rolled)) if rolled else macro[0]
            case "reverse":
                return self._with_names(argument)[::-1]
            case "comment":
                return comment(self._with_names(argument))
        return ""

    def _with_names(self, text: str) -> str:
        return _NAMES.sub(lambda macro: self._name(macro[0].strip("{}<>").lower()), text)

    def _name(self, macro: str) -> str:
        return self.user if macro == "user" else self.char

    def _sum(self, rolled: re.Match[str]) -> int:
        return sum(self.dice.randint(1, int(rolled["sides"])) for _ in range(int(rolled["many"] or 1)))


def hidden_keys(text: str) -> list[str]:
    """The {{hidden_key:...}} of a book's entry: they wake other entries and are not shown."""
    return _HIDDEN_KEY.findall(text)


def has_dice(text: str) -> bool:
    """Whether {{random}} or {{roll}} leaves another text with every answer."""
    return any((macro["kind"] or "").lower() in {"random", "roll"} for macro in _MACRO.finditer(text))


def fill(text: str, *, char: str, user: str) -> str:
    return Macros(char, user).fill(text)


def _options(argument: str) -> list[str]:
    r"""The arguments, separated by commas, where "\," is a comma; or by "::", as SillyTavern writes them."""
    listed = argument.removeprefix(":")
    if "::" in listed:
        return listed.split("::")
    return [option.replace("\\,", ",") for option in _COMMA.split(listed)]


def _choice(place: str, options: list[str]) -> str:
    return options[int.from_bytes(hashlib.sha256(place.encode(errors="replace")).digest()[:8]) % len(options)]
