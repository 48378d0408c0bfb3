""".env.example lists every setting that the code reads, and no other."""

import re

from artefacts.package import ROOT
from deploy.parameters import VARIABLES

EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
LISTED = set(re.findall(r"^#([A-Z_]+)=", EXAMPLE, re.MULTILINE))
# Variables that AWS's own libraries or our other programs read.
OF_AWS = {"AWS_PROFILE", "AWS_REGION"}
OF_DEPLOY = {"STACK", "PARAMETERS", "TABLES", *VARIABLES}
OF_TESTS = {"CHROMIUM"}


def read_by(source: str) -> set[str]:
    return set(re.findall(r'"([A-Z]+(?:_[A-Z]+)*)"', (ROOT / source).read_text(encoding="utf-8")))


def test_every_setting_of_make_run_and_make_deploy_is_listed_and_no_other() -> None:
    of_run = read_by("local/settings.py")
    assert of_run | OF_AWS | OF_DEPLOY | OF_TESTS == LISTED


def test_the_example_sets_nothing_until_a_line_is_uncommented() -> None:
    assert [line for line in EXAMPLE.splitlines() if line and not line.startswith("#")] == []


def test_the_readme_names_every_setting_of_make_run() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert {name for name in read_by("local/settings.py") if f"`{name}`" not in readme} == set()
