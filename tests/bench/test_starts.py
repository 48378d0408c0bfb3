"""The modules that built functions load when they start: the same on every machine."""

import json
from pathlib import Path

import pytest

from artefacts.botocore_trimming import trim_botocore
from artefacts.failure import BuildError
from artefacts.interpreter import find_interpreter
from artefacts.package import make_package
from artefacts.target import LAMBDA, this_machine
from bench.packages import Packages
from bench.starts import Subject, rounds, webhooks

HEAVY = {
    "webhook": {"telegram", "openai", "pydantic", "httpx", "httpx2", "boto3", "aws_xray_sdk"},
    "webapp_select": {"telegram", "openai", "httpx", "httpx2", "boto3", "aws_xray_sdk", "troupe.recall.kinds"},
    "llm_reply": {"telegram.ext", "boto3", "aws_xray_sdk"},
    "analytics": {"openai", "telegram", "pynamodb", "boto3", "aws_xray_sdk"},
}


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Packages:
    python = find_interpreter(LAMBDA.python)
    if python is None:
        pytest.skip(f"no Python {LAMBDA.python} here")
    folder = tmp_path_factory.mktemp("packages")
    for function in HEAVY:
        make_package(function, folder / function, this_machine())
    ours = {function: folder / function for function in HEAVY}
    return Packages(python, ours, {"webhook": ours["webhook"], "naive": ours["webhook"]})


def loaded(packages: Packages, function: str, tmp_path: Path) -> set[str]:
    """By a module that imports the function, and answers an event with what is there then."""
    (tmp_path / "lister.py").write_text(
        f"import sys\nimport functions.{function}.app\nimport pathlib\n"
        f"pathlib.Path({str(tmp_path / 'names.json')!r}).write_text(__import__('json').dumps(sorted(sys.modules)))\n"
    )
    rounds(packages.python, {function: Subject("lister", (packages.ours[function], tmp_path))}, 1)
    return set(json.loads((tmp_path / "names.json").read_bytes()))


@pytest.mark.parametrize("function", HEAVY)
def test_a_function_loads_nothing_heavy_that_it_can_do_without(
    packages: Packages, function: str, tmp_path: Path
) -> None:
    assert loaded(packages, function, tmp_path) & HEAVY[function] == set()


def test_the_webhook_starts_with_few_modules_and_answers(packages: Packages) -> None:
    subject = webhooks(packages)["webhook"]
    (measured,) = rounds(packages.python, {"webhook": subject}, 1)["webhook"]
    assert measured["modules"] <= 400
    assert measured["status"] == 200


def test_a_subject_that_does_not_start_says_why(packages: Packages, tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("raise ValueError('no such thing')")
    with pytest.raises(RuntimeError, match="no such thing"):
        rounds(packages.python, {"broken": Subject("broken", (tmp_path,))}, 1)


def test_a_package_describes_what_its_roles_may_do_and_no_more(packages: Packages) -> None:
    (described,) = (packages.ours["webhook"] / "botocore" / "data" / "dynamodb").glob("2012*/service-2.json")
    found = json.loads(described.read_bytes())
    assert {"GetItem", "PutItem", "Query", "UpdateItem"} <= found["operations"].keys()
    assert "CreateTable" not in found["operations"]
    assert "documentation" not in found["operations"]["GetItem"]


def test_a_role_that_may_do_anything_stops_the_build(tmp_path: Path) -> None:
    template = tmp_path / "template.yaml"
    template.write_text("Action: dynamodb:*")
    with pytest.raises(BuildError, match="name each action"):
        trim_botocore(tmp_path / "botocore", ("dynamodb",), template)
