"""One part of an export: as many rows as fit, and where the next part begins."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from functions.llm_reply.privacy.data_categories import DATA_CATEGORIES
from functions.llm_reply.privacy.data_category import DataSubject, Row

# Bytes of a part's JSON. It is in memory three times: as rows, as files, and as the request that carries a file.
# Telegram takes 50 MB from a bot.
MAX_PART_BYTES = 4_000_000


@dataclass
class Part:
    """`rows` by the name of their category. `following` is where the next part begins; None after the last."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    following: tuple[int, str] | None = None


def gather(subject: DataSubject, category: int, after: str, may_go_on: Callable[[], bool]) -> Part:
    """Reads tables: call it on a thread.

    :param may_go_on: asked after each row; at least one row is gathered
    """
    part, size = Part(), 0
    for number in range(category, len(DATA_CATEGORIES)):
        for name, row in DATA_CATEGORIES[number].rows(subject, after if number == category else ""):
            part.rows.setdefault(DATA_CATEGORIES[number].name, []).append(row)
            size += len(json.dumps(row, ensure_ascii=False).encode())
            if size > MAX_PART_BYTES or not may_go_on():
                part.following = (number, name)
                return part
    return part
