"""The commands of deploy/, each in a process of its own, split off from one that has their libraries loaded.

A start from nothing takes a second of a core, and the tests here start a hundred.
"""

import asyncio
import multiprocessing
import os
import runpy
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from local.emulator import ROOT

LIBRARIES = ["boto3", "httpx", "telegram", "pydantic", "pynamodb.models"]
processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(LIBRARIES)


@dataclass(frozen=True)
class Outcome:
    code: int
    said: str
    complained: str


async def run(command: str, arguments: Sequence[str], environment: Mapping[str, str]) -> Outcome:
    """`python -m <command>`, with nobody at the terminal."""
    return await asyncio.to_thread(_run, command, [*arguments], {**environment})


def _run(command: str, arguments: list[str], environment: dict[str, str]) -> Outcome:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        process = processes.Process(target=_work, args=(command, arguments, environment, folder))
        process.start()
        process.join()
        said, complained = ((folder / name).read_text(encoding="utf-8") for name in ("said", "complained"))
        return Outcome(process.exitcode or 0, said, complained)


def _work(command: str, arguments: list[str], environment: dict[str, str], folder: Path) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    for number, name in enumerate((Path(os.devnull), folder / "said", folder / "complained")):
        os.dup2(os.open(name, os.O_RDWR | os.O_CREAT | os.O_TRUNC), number)
    sys.argv[1:] = arguments
    runpy.run_module(command, run_name="__main__", alter_sys=True)
