"""The packages that are measured: our functions as they ship, built for this machine, and other people's libraries."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from artefacts.interpreter import interpreter, uv
from artefacts.package import ROOT, function_names, make_package
from artefacts.target import LAMBDA, this_machine

FOLDER = ROOT / ".artefacts" / "bench"
# By lock: botocore and what stands beside it, as pip installs them; and the libraries of the naive webhook.
INSTALLED = ("webhook", "naive")


@dataclass(frozen=True)
class Packages:
    """`ours` by function, `as_installed` by lock: compiled like ours, but otherwise as pip leaves it."""

    python: Path
    ours: dict[str, Path]
    as_installed: dict[str, Path]


def build() -> Packages:
    """:raises BuildError: a dependency or the Python to compile with can't be had"""
    shutil.rmtree(FOLDER, ignore_errors=True)
    packages = built()
    for function, folder in packages.ours.items():
        make_package(function, folder, this_machine())
    for lock, folder in packages.as_installed.items():
        _install(packages.python, ROOT / "locks" / f"{lock}.txt", folder)
    return packages


def built() -> Packages:
    """The packages of the last build."""
    ours = {function: FOLDER / function for function in function_names()}
    return Packages(interpreter(LAMBDA.python), ours, {lock: FOLDER / f"{lock}-as-installed" for lock in INSTALLED})


def _install(python: Path, lock: Path, folder: Path) -> None:
    to, of = ["--python", str(python), "--target", str(folder)], ["--require-hashes", "-r", str(lock)]
    subprocess.run([uv(), "pip", "install", "--quiet", *to, *of], check=True)  # noqa: S603 - uv
    compile_all = ["-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", str(folder)]
    subprocess.run([str(python), *compile_all], check=True)  # noqa: S603 - Python
