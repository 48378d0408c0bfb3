"""The files in a package, and the modules that importing it loads."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from artefacts.archive import unzipped_bytes, zipped
from artefacts.package import ROOT, function_names, function_of, make_package
from artefacts.target import this_machine
from local.template import read_template
from tests.artefact.conftest import PYTHON

# The packages are built within the first test.
pytestmark = pytest.mark.timeout(1200)

# Modules that a function does not need, and would pay for in every cold start.
NOT_IMPORTED = {
    "webhook": ("telegram", "openai", "pydantic", "httpx", "httpx2", "boto3", "aws_xray_sdk"),
    "webapp_select": ("telegram", "openai", "httpx", "httpx2", "boto3", "aws_xray_sdk"),
    "llm_reply": ("telegram.ext", "boto3", "aws_xray_sdk", "re2", "websockets", "numpy"),
    "card_files": ("telegram.ext", "openai", "httpx2", "boto3", "aws_xray_sdk"),
    "analytics": ("openai", "telegram", "pynamodb", "boto3", "aws_xray_sdk"),
}
MAX_MODULES = {"webhook": 420}
# Unzipped, in MB: a slip in trimming or in a dependency group is more than the tenth that a new release may add.
MAX_MB = {"webhook": 15, "webapp_select": 15, "llm_reply": 62, "card_files": 60, "analytics": 15}
UNCHECKED_HASH = 1


def modules(package: Path, client: Path) -> set[str]:
    """Imported by a function's module in a Python of its own, which is told where nothing listens."""
    (function,) = (
        function
        for function in read_template(ROOT / "template.yaml").functions
        if function_of(function.logical_id) == package.name
    )
    told = {
        name: value if isinstance(value, str) else "http://127.0.0.1:9" for name, value in function.environment.items()
    }
    environment = {
        "PATH": os.defpath,
        "PYTHONPATH": str(client),
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    module = function.handler.rpartition(".")[0]
    program = f"import sys; sys.path.insert(0, '.'); import {module}, json; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [PYTHON.path, "-S", "-c", program], cwd=package, env=environment | told, check=True, capture_output=True
    )
    return set(json.loads(done.stdout))


@pytest.mark.parametrize("name", function_names())
def test_a_function_imports_nothing_that_it_can_do_without(packages: Path, tmp_path: Path, name: str) -> None:
    found = modules(packages / name, tmp_path)
    assert found.isdisjoint(NOT_IMPORTED[name])
    assert len(found) <= MAX_MODULES.get(name, len(found))


@pytest.mark.parametrize("name", function_names())
def test_a_package_carries_one_function_troupe_and_dependencies(packages: Path, name: str) -> None:
    inside = {path.name for path in (packages / name / "functions").iterdir()} - {"__pycache__"}
    assert inside == {"__init__.py", name}
    top = {path.name for path in (packages / name).iterdir()}
    assert {"functions", "troupe", "botocore"} <= top
    assert top.isdisjoint({"local", "tests", "artefacts", "deploy", "bin", "pip", "boto3", ".lock"})
    assert unzipped_bytes(packages / name) < MAX_MB[name] * 1e6


@pytest.mark.parametrize("name", function_names())
def test_every_module_is_compiled_for_its_path_on_lambda(packages: Path, name: str) -> None:
    """And is never compared with the source, whose times a zip does not keep."""
    tag = f"cpython-{PYTHON.version.replace('.', '')}"
    for source in (packages / name).rglob("*.py"):
        compiled = (source.parent / "__pycache__" / f"{source.stem}.{tag}.pyc").read_bytes()
        assert int.from_bytes(compiled[4:8], "little") == UNCHECKED_HASH
        if source.stat().st_size:
            assert f"/var/task/{source.relative_to(packages / name)}".encode() in compiled


def test_two_builds_are_equal_to_the_byte(packages: Path, tmp_path: Path) -> None:
    """Of one function, whose dependencies are installed and compiled once more in another place."""
    again = tmp_path / "elsewhere" / "webapp_select"
    make_package("webapp_select", again, this_machine(PYTHON.version), kept=tmp_path / "kept")
    assert zipped(again) == zipped(packages / "webapp_select")


@pytest.mark.parametrize("name", function_names())
def test_a_package_names_no_path_of_this_machine(packages: Path, name: str) -> None:
    for path in (packages / name).rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert str(ROOT).encode() not in content
            assert str(packages).encode() not in content
