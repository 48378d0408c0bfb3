"""A function's dependencies: installed, trimmed and compiled once, and kept for every build that needs the same."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from artefacts.failure import BuildError
from artefacts.interpreter import full_version, uv
from artefacts.target import Target
from artefacts.trimming import TEMPLATE, trim

LOCKS = Path(__file__).parents[1] / "locks"
KEPT = Path(__file__).parents[1] / ".artefacts" / "dependencies"
TASK_ROOT = "/var/task"


def put_dependencies(function: str, folder: Path, target: Target, python: Path, kept: Path) -> None:
    """Installs into the folder, and makes it if need be.

    :param kept: where they are kept; a function has one set there for each target
    :raises BuildError: they can't be installed
    """
    place = kept / f"{function}-{target.python}-{target.platform or sys.platform}"
    key = _key(function, target, python)
    with _locked(place.with_suffix(".lock")):
        if not (place / key).exists():
            _renew(place, key, function, target, python)
        shutil.copytree(place / key, folder, dirs_exist_ok=True)


def compile_all(folder: Path, below: Path, python: Path) -> None:
    """For the path on Lambda, whose file system is read-only and whose zip does not keep times to compare with.

    :param folder: the package, which is TASK_ROOT on Lambda
    :param below: the part of it to compile
    """
    command = [
        *(str(python), "-m", "compileall", "-q", "-f", "--invalidation-mode", "unchecked-hash"),
        *("-s", str(folder), "-p", TASK_ROOT, str(below)),
    ]
    # Sets are stored in the order of their hashes, which otherwise changes from run to run.
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - Python
    if done.returncode:
        raise BuildError(f"{below} does not compile:\n{done.stdout.strip()}{done.stderr.strip()}")


def _key(function: str, target: Target, python: Path) -> str:
    """The hash of everything that decides their bytes: lock, roles they are trimmed by, our code, Python, target."""
    files = [LOCKS / f"{function}.txt", TEMPLATE, *sorted(Path(__file__).parent.glob("*.py"))]
    parts = [*(path.read_bytes() for path in files), full_version(python).encode(), repr(target).encode()]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Builds side by side, as of `sam build` or of two test workers, wait for the first to have made them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _renew(place: Path, key: str, function: str, target: Target, python: Path) -> None:
    with tempfile.TemporaryDirectory(dir=place.parent) as made:
        folder = Path(made) / key
        _install(LOCKS / f"{function}.txt", folder, target)
        trim(folder, function)
        compile_all(folder, folder, python)
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        folder.rename(place / key)


def _install(lock: Path, folder: Path, target: Target) -> None:
    """Wheels only: a source distribution would be compiled for the wrong machine."""
    of_platform = ["--python-platform", target.platform] if target.platform else []
    command = [
        *(uv(), "pip", "install", "--quiet", "--python", sys.executable, "--target", str(folder)),
        *("--python-version", target.python, *of_platform),
        *("--only-binary", ":all:", "--require-hashes", "--no-deps", "--link-mode", "copy", "-r", str(lock)),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - uv
    if done.returncode:
        raise BuildError(f"The dependencies in locks/{lock.name} can't be installed:\n{done.stderr.strip()}")
