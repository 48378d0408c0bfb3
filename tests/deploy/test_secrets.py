"""`make secrets` asks without echo, checks all secrets before it stores any, and never shows one."""

import asyncio
import fcntl
import os
import sys
import termios
from collections.abc import Sequence

import pytest

from local.emulator import ROOT
from tests.deploy.account import EVENTS_KEY, GIVEN, KEY, TOKEN, World


def names(world: World) -> set[str]:
    found = world.client("ssm").describe_parameters()["Parameters"]
    return {each["Name"] for each in found if f"/{world.stack}/" in each["Name"]}


async def test_secrets_from_the_environment_are_kept_as_secure_strings(world: World) -> None:
    outcome = await world.run("deploy.secrets", **GIVEN)

    assert outcome.code == 0
    assert "@troupe_bot" in outcome.said
    token, made = world.secret("telegram-bot-token"), world.secret("webhook-secret")
    assert (token["Type"], token["Value"]) == ("SecureString", TOKEN)
    assert len(made["Value"]) >= 32
    assert made["Value"] not in outcome.said
    assert world.secret("openai-api-key")["Value"] == KEY
    assert world.secret("amplitude-api-key")["Value"] == EVENTS_KEY


async def test_running_again_changes_nothing(world: World) -> None:
    await world.has_secrets()
    before = world.secret("webhook-secret")

    outcome = await world.run("deploy.secrets")

    assert (outcome.code, outcome.said.count("unchanged")) == (0, 5)
    assert world.secret("webhook-secret")["Version"] == before["Version"]
    assert world.secret("pseudonym-key")["Version"] == 1


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"TELEGRAM_BOT_TOKEN": "4242:another-bot"}, "Telegram does not know this bot token"),
        ({"TELEGRAM_BOT_TOKEN": "no token at all"}, "has the wrong form"),
        ({"OPENAI_API_KEY": "sk-of-nobody"}, "does not know this API key"),
        ({"OPENAI_BASE_URL": "http://127.0.0.1:1/v1"}, "can't be reached"),
        ({"TELEGRAM_API_URL": "http://127.0.0.1:1"}, "Telegram (http://127.0.0.1:1) would not do it"),
        ({"WEBHOOK_SECRET": "has spaces in it"}, "has the wrong form"),
        ({"AMPLITUDE_API_KEY": ""}, "Set AMPLITUDE_API_KEY"),
    ],
)
async def test_one_wrong_secret_keeps_all_of_them_out(world: World, wrong: dict[str, str], reason: str) -> None:
    outcome = await world.run("deploy.secrets", **GIVEN | wrong)

    assert outcome.code == 1
    assert reason in outcome.complained
    assert outcome.complained.count("\n") == 1
    assert names(world) == set()


async def test_without_credentials_or_region_one_line_says_so(world: World) -> None:
    nobody = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_EC2_METADATA_DISABLED": "true"}
    nowhere = {"AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "HOME": "/nonexistent"}

    assert "No AWS credentials" in (await world.run("deploy.secrets", **nobody, **nowhere)).complained
    assert "No AWS region" in (await world.run("deploy.secrets", **nowhere, AWS_REGION="")).complained
    assert "can't be the name of a stack" in (await world.run("deploy.secrets", STACK="../x")).complained


async def at_a_terminal(
    world: World, *answers: str, command: Sequence[str] = ("-m", "deploy.secrets"), **environment: str
) -> tuple[int, str]:
    """Runs the command on a terminal and answers its questions. Returns the exit status and all output."""
    ours, theirs = os.openpty()
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command,
        cwd=ROOT, env=world.environment(**environment),
        stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )  # fmt: skip
    os.close(theirs)
    shown = ""
    waiting = list(answers)
    while True:
        try:
            text = (await asyncio.to_thread(os.read, ours, 4096)).decode()
        except OSError:  # the command has ended
            break
        shown += text
        if text.rstrip(" ").endswith(":"):
            # An unexpected question gets an interrupt: it would wait for ever.
            os.write(ours, f"{waiting.pop(0)}\n".encode() if waiting else b"\x03")
    os.close(ours)
    return await process.wait(), shown


async def test_at_a_terminal_they_are_asked_for_without_echo(world: World) -> None:
    code, shown = await at_a_terminal(world, TOKEN, KEY, EVENTS_KEY, "")

    assert code == 0, shown
    assert world.secret("telegram-bot-token")["Value"] == TOKEN
    assert world.secret("amplitude-api-key")["Value"] == EVENTS_KEY
    assert not any(value in shown for value in (TOKEN, KEY, EVENTS_KEY))


async def test_an_empty_answer_keeps_the_stored_secret(world: World) -> None:
    await world.has_secrets()

    code, shown = await at_a_terminal(world, "", "", "fedcba98", "")

    assert code == 0, shown
    assert world.secret("telegram-bot-token")["Value"] == TOKEN
    assert world.secret("amplitude-api-key")["Value"] == "fedcba98"


async def test_a_new_secret_reaches_functions_and_telegram(world: World) -> None:
    await world.has_secrets()
    before = world.secret("webhook-secret")["Value"]
    pseudonyms = world.secret("pseudonym-key")["Value"]
    functions = world.create_stack()

    outcome = await world.run("deploy.secrets", "--new-webhook-secret")

    assert outcome.code == 0, outcome
    assert world.secret("pseudonym-key")["Value"] == pseudonyms
    after = world.secret("webhook-secret")["Value"]
    assert after != before
    assert world.simulator.server.state.webhook.secret_token == after
    facts = world.client("lambda").get_function_configuration(FunctionName=functions["WebhookFunction"])
    assert facts["Description"].startswith("Secrets ")
