"""A share of `make fuzz`."""

import asyncio
import sys

import pytest

from local.emulator import ROOT


@pytest.mark.asyncio
async def test_requests_that_nobody_should_send_are_refused_without_an_error_of_ours_or_a_word_in_the_log() -> None:
    fuzzing = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "local.fuzz", "400", "3", cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await fuzzing.communicate()

    assert fuzzing.returncode == 0, said.decode()
    assert "400 requests" in said.decode()
