"""Each mapping's position in each shard, in a file if the run keeps its data."""

import json
import logging
from pathlib import Path

logger = logging.getLogger(__name__)


class Checkpoints:
    """The last sequence number that a function has processed, by mapping and shard."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._numbers: dict[str, str] = {}
        if file is not None and file.exists():
            try:
                numbers = json.loads(file.read_text(encoding="utf-8"))
                self._numbers = {str(key): str(number) for key, number in numbers.items()}
            except (ValueError, AttributeError):
                # Records are delivered again, which functions must handle anyway. None is skipped.
                logger.warning("%s can't be read; streams are read from their beginning", file)

    def get(self, mapping: str, shard: str) -> str | None:
        return self._numbers.get(f"{mapping} {shard}")

    def set(self, mapping: str, shard: str, sequence_number: str) -> None:
        self._numbers[f"{mapping} {shard}"] = sequence_number
        if self._file is not None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            fresh = self._file.with_suffix(".new")
            fresh.write_text(json.dumps(self._numbers, indent=1), encoding="utf-8")
            fresh.replace(self._file)
