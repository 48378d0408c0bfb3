"""SillyTavern chats for tests, in the shapes that its versions and other programs write."""

import json
from typing import Any

HEADER: dict[str, Any] = {
    "user_name": "Anna",
    "character_name": "Vera Stroud",
    "create_date": "2025-03-02@18h04m33s",
    "chat_metadata": {"integrity": "5d2f"},
}


def line(name: str, mes: object, date: object = None, *, is_user: bool = False, **more: Any) -> dict[str, Any]:
    dated = {} if date is None else {"send_date": date}
    return {"name": name, "is_user": is_user, "mes": mes, **dated, **more}


def chat(*lines: object, header: object = HEADER) -> bytes:
    """Lines that are texts stand in the file as they are."""
    every = [each for each in (header, *lines) if each is not None]
    return "\n".join(each if isinstance(each, str) else json.dumps(each, ensure_ascii=False) for each in every).encode()


def long_chat(turns: int, words: str = "") -> bytes:
    """Of the spring of 2025, a turn an hour."""
    start = 1_741_000_000_000
    lines: list[object] = [line("Vera Stroud", "You're early.", start)]
    for number in range(turns):
        at = start + 3_600_000 * number
        lines.append(line("Anna", f"Question {number}? {words}", at, is_user=True))
        lines.append(line("Vera Stroud", f"Answer {number}. {words}", at + 60_000))
    return chat(*lines)
