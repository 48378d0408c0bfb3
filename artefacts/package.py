"""From the repository to a folder that Lambda can run."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from artefacts.failure import BuildError
from artefacts.interpreter import interpreter, uv
from artefacts.target import Target
from artefacts.trimming import trim

ROOT = Path(__file__).parents[1]
TASK_ROOT = "/var/task"
# 2 January 1980. A zip knows no time before 1980, anywhere on Earth.
MADE_AT_S = 315_619_200


def function_names() -> list[str]:
    return sorted(path.parent.name for path in (ROOT / "functions").glob("*/app.py"))


def function_of(name: str) -> str:
    """The function's folder, of that or of its logical id: WebappSelectFunction is functions/webapp_select.

    :raises BuildError: there is no such function
    """
    folder = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name.removesuffix("Function")).lower()
    if folder not in function_names():
        raise BuildError(f"There is no function {name}; there are {', '.join(function_names())}.")
    return folder


def make_package(function: str, folder: Path, target: Target) -> None:
    """Fills the folder, which is made if need be. Two builds of the same files are equal to the byte.

    :raises BuildError: a dependency or the Python to compile with can't be had
    """
    python = interpreter(target.python)
    _install(ROOT / "locks" / f"{function}.txt", folder, target)
    trim(folder, function)
    ignored = shutil.ignore_patterns("__pycache__", ".*")
    (folder / "functions").mkdir()
    shutil.copy(ROOT / "functions" / "__init__.py", folder / "functions")
    shutil.copytree(ROOT / "functions" / function, folder / "functions" / function, ignore=ignored)
    shutil.copytree(ROOT / "troupe", folder / "troupe", ignore=ignored)
    _compile(folder, python)
    _even_out(folder)


def _install(lock: Path, folder: Path, target: Target) -> None:
    """Wheels only: what needs a compiler here would be compiled for the wrong machine."""
    of_platform = ["--python-platform", target.platform] if target.platform else []
    command = [
        *(uv(), "pip", "install", "--quiet", "--python", sys.executable, "--target", str(folder)),
        *("--python-version", target.python, *of_platform),
        *("--only-binary", ":all:", "--require-hashes", "--no-deps", "--link-mode", "copy", "-r", str(lock)),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - uv
    if done.returncode:
        raise BuildError(f"The dependencies in {lock.relative_to(ROOT)} can't be installed:\n{done.stderr.strip()}")


def _compile(folder: Path, python: Path) -> None:
    """For the path on Lambda, whose file system is read-only and whose zip does not keep times to compare with."""
    command = [
        *(str(python), "-m", "compileall", "-q", "-f", "--invalidation-mode", "unchecked-hash"),
        *("-s", str(folder), "-p", TASK_ROOT, str(folder)),
    ]
    # Sets are stored in the order of their hashes, which otherwise changes from run to run.
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - Python
    if done.returncode:
        raise BuildError(f"{folder.name} does not compile:\n{done.stdout.strip()}{done.stderr.strip()}")


def _even_out(folder: Path) -> None:
    """One time and one mode for all: what else this machine would leave of itself in the package."""
    for path in sorted(folder.rglob("*"), reverse=True):
        path.chmod(0o755 if path.is_dir() else 0o644)
        os.utime(path, (MADE_AT_S, MADE_AT_S))
    os.utime(folder, (MADE_AT_S, MADE_AT_S))
