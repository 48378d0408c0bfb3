"""The fields of each metrics line, read from a process of its own."""

import json
import subprocess
import sys

PROGRAM = """
from troupe.observability import count, measuring
for name in ("First", "Second"):
    with measuring():
        count(name)
with measuring():
    pass
"""


def test_every_line_has_the_peak_memory_and_the_first_one_the_cost_of_the_cold_start() -> None:
    variables = {"POWERTOOLS_SERVICE_NAME": "troupe", "POWERTOOLS_METRICS_NAMESPACE": "Troupe"}
    done = subprocess.run([sys.executable, "-c", PROGRAM], env=variables, capture_output=True, text=True, check=True)

    first, second = map(json.loads, done.stdout.splitlines())
    assert (first["First"], second["Second"]) == ([1.0], [1.0])
    assert 0 < first["cold_start"] < 60
    assert "cold_start" not in second
    assert 1 < first["peak_mb"] <= second["peak_mb"] < 1000
