"""docs/cards.md names a test for each rule of the standards that holds."""

import re

from artefacts.package import ROOT

NAMED = re.compile(r"`(test_\w+)`")
DEFINED = re.compile(r"^(?:async )?def (test_\w+)", re.MULTILINE)


def test_each_test_that_the_table_of_rules_names_exists() -> None:
    named = set(NAMED.findall((ROOT / "docs" / "cards.md").read_text(encoding="utf-8")))
    tests = (path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    defined = {name for source in tests for name in DEFINED.findall(source)}
    assert named
    assert named - defined == set()
