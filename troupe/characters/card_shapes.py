"""Recognises the formats of characters: chara_card_v2 and later, V1, Pygmalion's; and of files that are none."""

from typing import Any

from troupe.characters.card_refusal import CardRefusedError
from troupe.characters.leniency import record, text

V1 = ("name", "description", "personality", "scenario", "first_mes", "mes_example")
# SillyTavern writes V1's fields beside `data` too, and a comment that the creator's notes replaced.
_COPIES = {*V1, "creatorcomment", "tags"}
_PYGMALION = {
    "char_name": "name",
    "char_persona": "description",
    "char_greeting": "first_mes",
    "world_scenario": "scenario",
    "example_dialogue": "mes_example",
    # text-generation-webui's later names.
    "context": "description",
    "greeting": "first_mes",
}


def data_of(brought: object) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields beside the card's `data`, and the data with the standard's names.

    :raises CardRefusedError: there is no character in it
    """
    if not isinstance(brought, dict):
        raise CardRefusedError("not_a_card")
    value = record(brought)
    data, spec = record(value.get("data")), text(value.get("spec"))
    if spec.startswith("lorebook") or (_has_entries(value) and not any(name in value for name in (*V1, "char_name"))):
        raise CardRefusedError("lorebook")
    if data and (spec.startswith("chara_card") or "name" in data or "first_mes" in data):
        beside = {name: value[name] for name in V1 if name in value}
        root = {name: each for name, each in value.items() if name not in {*_COPIES, "data"}}
        return root, {**beside, **data}
    flat = {_PYGMALION.get(name, name): each for name, each in value.items() if name not in {"spec", "spec_version"}}
    if not any(name in flat for name in V1[1:]):
        raise CardRefusedError("not_a_card")
    if "creatorcomment" in flat:
        flat.setdefault("creator_notes", flat.pop("creatorcomment"))
    return {}, flat


def _has_entries(value: dict[str, Any]) -> bool:
    """World info, or a book taken out of its card."""
    return isinstance(value.get("entries"), dict | list)
