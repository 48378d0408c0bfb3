"""From the repository to a folder that Lambda can run."""

import os
import re
import shutil
from pathlib import Path

from artefacts.dependencies import KEPT, compile_all, put_dependencies
from artefacts.failure import BuildError
from artefacts.interpreter import interpreter
from artefacts.target import Target

ROOT = Path(__file__).parents[1]
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


def make_package(function: str, folder: Path, target: Target, kept: Path = KEPT) -> None:
    """Fills the folder, which is made if need be. Two builds of the same files are equal to the byte.

    :param kept: where dependencies are kept for the next build
    :raises BuildError: a dependency or the Python to compile with can't be had
    """
    python = interpreter(target.python)
    put_dependencies(function, folder, target, python, kept)
    ignored = shutil.ignore_patterns("__pycache__", ".*")
    (folder / "functions").mkdir()
    shutil.copy(ROOT / "functions" / "__init__.py", folder / "functions")
    shutil.copytree(ROOT / "functions" / function, folder / "functions" / function, ignore=ignored)
    shutil.copytree(ROOT / "troupe", folder / "troupe", ignore=ignored)
    for ours in ("functions", "troupe"):
        compile_all(folder, folder / ours, python)
    _even_out(folder)


def _even_out(folder: Path) -> None:
    """Gives all files one time and one mode, so that the package does not depend on the machine that made it."""
    for path in sorted(folder.rglob("*"), reverse=True):
        path.chmod(0o755 if path.is_dir() else 0o644)
        os.utime(path, (MADE_AT_S, MADE_AT_S))
    os.utime(folder, (MADE_AT_S, MADE_AT_S))
