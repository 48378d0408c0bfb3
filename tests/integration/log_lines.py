"""The lines of all functions, as CloudWatch would get them."""

import io
import json
from typing import Any

import pytest

Line = dict[str, Any]


class Said:
    def __init__(self, capsys: pytest.CaptureFixture[str], log: io.StringIO) -> None:
        self._capsys, self._log = capsys, log
        self._metrics = ""

    def text(self) -> str:
        self._metrics += self._capsys.readouterr().out
        return self._metrics + self._log.getvalue()

    def lines(self, correlation_id: str | None = None) -> list[Line]:
        found: list[Line] = [json.loads(line) for line in self.text().splitlines() if line.startswith("{")]
        return [line for line in found if correlation_id in (None, line.get("correlation_id"))]


def with_metric(lines: list[Line], name: str) -> Line | None:
    return next((line for line in lines if name in line), None)
