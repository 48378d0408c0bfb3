"""The Python that a package's bytecode is made with: bytecode is good for one minor version only."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from artefacts.failure import BuildError

SHOW = "import sys; print('.'.join(map(str, sys.version_info[:2])))"
MAX_ANSWER_S = 20
MAX_DOWNLOAD_S = 300


def uv() -> str:
    """:raises BuildError: it is not installed"""
    found = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    if found is None:
        raise BuildError("uv is not installed beside this Python: `make build` sets it up.")
    return found


def interpreter(version: str) -> Path:
    """A Python of this machine, or one that uv fetches.

    :raises BuildError: this machine has no such Python, and uv can't fetch one
    """
    found = find_interpreter(version)
    if found is None:
        print(f"No Python {version} found: fetching it ...", file=sys.stderr)
        _run(uv(), "python", "install", "-q", version, seconds=MAX_DOWNLOAD_S)
        found = find_interpreter(version)
    if found is None:
        variable = _variable(version)
        raise BuildError(
            f"Python {version} is needed to compile what runs on it, and none is here, nor could it be fetched. "
            f"Install it, or name one with {variable}=/path/to/python."
        )
    return found


def find_interpreter(version: str) -> Path | None:
    """The first that answers with this version: a name on PATH may be a shim with nothing behind it."""
    for candidate in _candidates(version):
        if candidate.exists() and _run(str(candidate), "-I", "-c", SHOW) == version:
            return candidate
    return None


def full_version(python: Path) -> str:
    """Down to its build."""
    return _run(str(python), "-I", "-VV")


def _candidates(version: str) -> Iterator[Path]:
    """The candidates: the one that was named, this one, one on PATH, pyenv's, uv's."""
    named = os.environ.get(_variable(version))
    if named:
        yield Path(named)
    yield Path(sys.executable)
    on_path = shutil.which(f"python{version}")
    if on_path:
        yield Path(on_path)
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from sorted(pyenv.glob(f"versions/{version}.*/bin/python{version}"), reverse=True)
    managed = _run(uv(), "python", "find", "--managed-python", "--no-python-downloads", version)
    if managed:
        yield Path(managed)


def _variable(version: str) -> str:
    return f"PYTHON{version.replace('.', '')}"


def _run(*command: str, seconds: float = MAX_ANSWER_S) -> str:
    """The program's output; empty if it fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=True)  # noqa: S603 - interpreters
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()
