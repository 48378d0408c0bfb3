"""Cards as people bring them, for tests of reading, storing and exporting."""

from typing import Any

DESCRIPTION = "{{char}} mends clocks in a town where nobody is in a hurry."
GREETING = "*looks up from a spring* You're early, {{user}}. Or I'm late."


def v1(**fields: Any) -> dict[str, Any]:
    return {
        "name": "Vera Stroud",
        "description": DESCRIPTION,
        "personality": "Patient, blunt.",
        "scenario": "Closing time.",
        "first_mes": GREETING,
        "mes_example": "<START>\n{{user}}: Is it broken?\n{{char}}: It's resting.",
        **fields,
    }


def v2(**data: Any) -> dict[str, Any]:
    more = {
        "creator_notes": "Go slowly.\n\nAsk about the tower clock.",
        "system_prompt": "{{original}} Never hurry.",
        "post_history_instructions": "Mention a clock.",
        "alternate_greetings": ["Shut the door, the dust gets in."],
        "tags": ["original", "Clocks"],
        "creator": "somebody",
        "character_version": "1.2",
        "extensions": {"a/tool": {"colour": "brass"}, "depth_prompt": {"prompt": "It rains.", "depth": 4}},
        "odd": [1, {"two": None}],
    }
    return {"spec": "chara_card_v2", "spec_version": "2.0", "data": v1(**more) | data}


def book(**fields: Any) -> dict[str, Any]:
    entry = {
        "keys": ["tower"],
        "content": "The tower clock stopped in May.",
        "extensions": {"position": 4, "depth": 2},
        "enabled": True,
        "insertion_order": 10,
        "use_regex": False,
        "position": "before_char",
        "odd": None,
    }
    return {"extensions": {}, "entries": [entry], "scan_depth": 3, **fields}


def v3(**data: Any) -> dict[str, Any]:
    more = {
        "nickname": "Vee",
        "group_only_greetings": ["Both of you?"],
        "creator_notes_multilingual": {"en": "Go slowly.", "ru": "Не спешите."},
        "source": ["https://example.com/vera"],
        "assets": [{"type": "icon", "uri": "ccdefault:", "name": "main", "ext": "png"}],
        "creation_date": 1_700_000_000,
        "modification_date": 1_700_000_001.5,
        "character_book": book(),
    }
    return v2(**(more | data)) | {"spec": "chara_card_v3", "spec_version": "3.0", "beside": {"kept": True}}
