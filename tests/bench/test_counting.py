"""The counting of a turn, on the real functions out of their packages."""

import asyncio
import json
import sys

import pytest

from artefacts.interpreter import find_interpreter
from artefacts.package import make_package
from artefacts.target import LAMBDA, this_machine

PROGRAM = """
import asyncio, json, pathlib, sys
from artefacts.interpreter import interpreter
from bench import counts
from bench.backstage import running_backstage
from bench.packages import Packages

folder = pathlib.Path(sys.argv[1])
packages = Packages(interpreter("3.13"), {path.name: path for path in folder.iterdir()}, {})

async def main():
    async with running_backstage() as backstage:
        found = await counts.count(packages, backstage, chats=2, turns=2, model_s=0)
        print("\\n" + json.dumps(vars(found)))

asyncio.run(main())
"""


async def test_a_turn_is_counted_down_to_its_writes(tmp_path_factory: pytest.TempPathFactory) -> None:
    # In a process of its own: the functions' tables are named by the environment.

    if find_interpreter(LAMBDA.python) is None:
        pytest.skip(f"no Python {LAMBDA.python} here")
    folder = tmp_path_factory.mktemp("packages")
    for function in ("webhook", "llm_reply"):
        await asyncio.to_thread(make_package, function, folder / function, this_machine())
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, str(folder), stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    found = json.loads(output.splitlines()[-1])
    assert found["turns"] == 4
    # Stored, answered, delivered; reserved and settled for the person: one unit each, four times. The model's name, at
    # the first answer of each of the two conversations. Reserved and settled for the bot, in each batch: one unit for
    # both chats if they write at the same time, or one each.
    assert 4 * (3 + 2) + 2 + 2 * 2 <= found["units_written"] <= 4 * (3 + 2) + 2 + 2 * 4
    # The person, what they spent, and their conversation from its second turn on.
    assert found["aws_calls"]["llm_reply BatchGetItem"] == 4
    assert found["aws_calls"]["webhook PutItem"] == found["aws_calls"]["webhook SendMessage"] == 4
    assert found["invocations"] == {"webhook": 4, "llm_reply": 2}
    assert found["sent"]["openai"] > 4 * 1000
    assert found["units_read"] > 0
    assert found["log_bytes"] > 0
