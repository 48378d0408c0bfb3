"""The version of Python and the platform that a package is built for."""

import platform
from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """`platform` as `uv pip install --python-platform` names it; None for this machine."""

    python: str
    platform: str | None


# As in template.yaml. manylinux_2_28 is the newest that Lambda's Amazon Linux 2023 (glibc 2.34) and uv agree on.
LAMBDA = Target("3.13", "aarch64-manylinux_2_28")


def this_machine(python: str = LAMBDA.python) -> Target:
    """Linux on either of Lambda's processors takes the same wheels as Lambda; any other system takes its own."""
    if platform.system() != "Linux":
        return Target(python, None)
    return Target(python, f"{platform.machine()}-manylinux_2_28")
