"""Removes the parts of botocore that none of our functions uses: a cold start spends much of its time on them."""

import gzip
import json
import re
import shutil
from pathlib import Path
from typing import Any

from artefacts.failure import BuildError

# An action of a role in the template. In some services IAM names a batch operation by the single one.
ACTION = re.compile(r'"?\b(dynamodb|sqs|ssm):(\*|\w+\*?)')

# botocore makes its methods' docstrings when they are read, but imports the makers at once: 25 modules and an HTML
# parser, for text that the service descriptions no longer hold.
NO_DOCSTRINGS = '''"""Docstrings that stay empty: this package leaves out their makers."""


class _Empty(str):
    def __new__(cls, *_, **__):
        return super().__new__(cls)


ClientMethodDocstring = PaginatorDocstring = WaiterDocstring = _Empty
'''


def trim_botocore(folder: Path, services: tuple[str, ...], template: Path) -> None:
    """Removes the operations that no role of the template allows: no function can call them.

    :param folder: of the package botocore, whose data are those of the services only
    :raises BuildError: a role may do anything
    """
    allowed = _allowed(template.read_text(encoding="utf-8"))
    for packed in sorted((folder / "data").glob("*/*/service-2.json.gz")):
        described = _undocumented(json.loads(gzip.decompress(packed.read_bytes())))
        _keep(described, allowed)
        # Written as plain JSON: botocore's loader looks for that first, and the package is a zip anyway.
        packed.with_suffix("").write_text(_compact(described), encoding="utf-8")
        packed.unlink()
    endpoints = folder / "data" / "endpoints.json"
    known = json.loads(endpoints.read_bytes())
    for partition in known["partitions"]:
        partition["services"] = {name: found for name, found in partition["services"].items() if name in services}
    endpoints.write_text(_compact(known), encoding="utf-8")
    _stop_documenting(folder / "docs")


def _allowed(template: str) -> set[str]:
    actions = {action for _, action in ACTION.findall(template)}
    if any(action.endswith("*") for action in actions):
        raise BuildError("A role in template.yaml may do anything: name each action, or botocore can't be trimmed.")
    return actions


def _keep(described: dict[str, Any], allowed: set[str]) -> None:
    """Cuts the service model down to these operations and their shapes."""
    operations = described["operations"]
    described["operations"] = {
        name: found for name, found in operations.items() if allowed & {name, name.removesuffix("Batch")}
    }
    shapes: dict[str, Any] = described["shapes"]
    kept: dict[str, Any] = {}
    missing = _shapes_in(described["operations"])
    while missing:
        kept |= {name: shapes[name] for name in missing}
        missing = _shapes_in([kept[name] for name in missing]) - kept.keys()
    described["shapes"] = {name: kept[name] for name in sorted(kept)}


def _shapes_in(part: Any) -> set[str]:
    if isinstance(part, dict):
        named = part.get("shape")
        return {named} if isinstance(named, str) else set().union(*map(_shapes_in, part.values()))
    return set().union(*map(_shapes_in, part)) if isinstance(part, list) else set()


def _undocumented(described: Any) -> Any:
    """A shape may well have a member of that name; then it is no string."""
    if isinstance(described, dict):
        return {
            name: _undocumented(part)
            for name, part in described.items()
            if name != "documentation" or not isinstance(part, str)
        }
    return [_undocumented(part) for part in described] if isinstance(described, list) else described


def _stop_documenting(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != "utils.py":
            path.unlink()
    (folder / "__init__.py").write_text("", encoding="utf-8")
    (folder / "docstring.py").write_text(NO_DOCSTRINGS, encoding="utf-8")


def _compact(described: Any) -> str:
    return json.dumps(described, separators=(",", ":"))
