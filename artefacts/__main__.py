"""`make build`; with --into, the step that `sam build` asks for: `python -m artefacts WebhookFunction --into DIR`."""

import argparse
import shutil
import sys
from pathlib import Path

from artefacts.archive import unzipped_bytes, zipped
from artefacts.failure import BuildError
from artefacts.package import ROOT, function_names, function_of, make_package
from artefacts.target import LAMBDA, Target, this_machine

PACKAGES = ROOT / ".artefacts"
HOST = "host"


def main() -> int:
    options = _options()
    python, platform = options.python, options.platform
    target = this_machine(python) if platform == HOST else Target(python, platform)
    try:
        functions = [function_of(name) for name in options.function] or function_names()
        for function in functions:
            _build(function, options.into, target)
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m artefacts", description="Make the functions' packages.")
    parser.add_argument("function", nargs="*", help="by folder or logical id; all of them if none is named")
    parser.add_argument("--into", type=Path, metavar="DIR", help="the package of the one function, without its zip")
    parser.add_argument("--python", default=LAMBDA.python, help="version it will run on (%(default)s)")
    parser.add_argument("--platform", default=LAMBDA.platform, help=f"as uv names it, or {HOST} (%(default)s)")
    options = parser.parse_args()
    if options.into and len(options.function) != 1:
        parser.error("--into takes one function")
    return options


def _build(function: str, into: Path | None, target: Target) -> None:
    """Prints the size of an upload, and the unzipped size, which Lambda limits to 250 MB."""
    folder = into or PACKAGES / function
    if not into:
        shutil.rmtree(folder, ignore_errors=True)
    make_package(function, folder, target)
    size = f"{unzipped_bytes(folder) / 1e6:6.1f} MB unzipped"
    if into:
        print(f"{function:16} {size}")
        return
    packed = zipped(folder)
    folder.with_name(f"{function}.zip").write_bytes(packed)
    print(f"{function:16} {len(packed) / 1e6:5.1f} MB zipped {size}")


if __name__ == "__main__":
    sys.exit(main())
