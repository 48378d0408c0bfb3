"""Reads a card that a person brings or makes as chara_card_v3, whatever standard and types its editor wrote.

Unknown fields stay where they are. A field of a wrong type gets the type of the standard, or its default, and is named.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from troupe.characters.card_fields import FIELDS, REQUIRED, cleaned
from troupe.characters.card_limits import check_limits, check_values
from troupe.characters.card_refusal import CardRefusedError
from troupe.characters.card_shapes import data_of
from troupe.characters.leniency import number, text
from troupe.characters.mended_fields import is_mended
from troupe.unicode import is_blank

LATEST_VERSION = 3.0


@dataclass(frozen=True)
class BroughtCard:
    """`card` is what is stored. `mended` names the fields that had a wrong type, each once.

    `newer`: of a standard later than V3. `without_examples`: with them the card would be too long for a prompt.
    """

    card: dict[str, Any]
    mended: tuple[str, ...] = ()
    newer: bool = False
    without_examples: bool = False


def read_brought(value: object) -> BroughtCard:
    """:param value: what JSON was parsed to
    :raises CardRefusedError: there is no character in it, or it is beyond a limit
    """
    check_values(value)
    root, given = data_of(value)
    data = {name: kind(given.get(name)) for name, kind in FIELDS.items() if name in given or name in REQUIRED}
    mended = tuple(name for name in data if name in given and is_mended(name, given[name], data[name]))
    data = {name: each for name, each in data.items() if each is not None}
    if is_blank(data["name"]):
        raise CardRefusedError("no_name")
    version = _version(root)
    standard = {"spec": "chara_card_v3", "spec_version": "3.0"} if version <= LATEST_VERSION else _named(root, version)
    unknown = {name: each for name, each in cleaned(given).items() if name not in FIELDS}
    card = {**root, **standard, "data": {**unknown, **data}}
    omits = check_limits(card["data"])
    if omits:
        extensions = card["data"]["extensions"]
        extensions["troupe"] = {**extensions.get("troupe", {}), "omit_examples": True}
    return BroughtCard(card, mended, newer=version > LATEST_VERSION, without_examples=omits)


def _version(root: Mapping[str, Any]) -> float:
    """The higher of the two versions that a card states, compared as numbers, as the standard says."""
    spec = number(text(root.get("spec")).rpartition("_v")[2]) or 0
    return float(max(spec, number(text(root.get("spec_version"))) or 0))


def _named(root: Mapping[str, Any], version: float) -> dict[str, str]:
    spec, stated = text(root.get("spec")), text(root.get("spec_version"))
    whole = f"chara_card_v{int(version)}"
    return {"spec": spec if spec == whole else whole, "spec_version": stated if number(stated) else f"{version}"}
