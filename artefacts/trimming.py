"""Removes the files of dependencies that no function reads: a cold start unpacks and scans all of a package."""

import shutil
from pathlib import Path

from artefacts.botocore_trimming import trim_botocore
from artefacts.failure import BuildError

TEMPLATE = Path(__file__).parents[1] / "template.yaml"
# The AWS services each function calls. botocore describes four hundred, in more bytes than all else in the package.
SERVICES = {
    "webhook": ("dynamodb", "sqs", "ssm"),
    "webapp_select": ("dynamodb", "sqs", "ssm"),
    "llm_reply": ("dynamodb", "sqs", "ssm"),
    "card_files": ("dynamodb", "sqs", "ssm"),
    "analytics": ("ssm",),
}
SHARED_DATA = {"endpoints.json", "partitions.json", "_retry.json", "sdk-default-configuration.json"}
# The version of a package is read from its METADATA at run time (httpx2's by openai), so dist-info stays.
LEFT_BY_INSTALLER = {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json"}
JUNK = ("*.pyi", "py.typed", "examples-1.json*", "waiters-2.json*")


def trim(folder: Path, function: str) -> None:
    """:raises BuildError: SERVICES does not name the function"""
    if function not in SERVICES:
        raise BuildError(f"Say in {Path(__file__).name} which AWS services {function} calls.")
    (folder / ".lock").unlink(missing_ok=True)
    # The first line of these commands names the Python of this machine.
    shutil.rmtree(folder / "bin", ignore_errors=True)
    for pattern in JUNK:
        for path in folder.rglob(pattern):
            path.unlink()
    for path in folder.glob("*.dist-info/*"):
        if path.name in LEFT_BY_INSTALLER:
            path.unlink()
    for path in (folder / "botocore" / "data").glob("*"):
        if path.is_dir() and path.name not in SERVICES[function]:
            shutil.rmtree(path)
        elif path.is_file() and path.name not in SHARED_DATA:
            path.unlink()
    trim_botocore(folder / "botocore", SERVICES[function], TEMPLATE)
    # HTTP/2 stays off. The module of its switch loads a dozen modules to look up a version.
    (folder / "urllib3" / "http2" / "__init__.py").write_text("", encoding="utf-8")
