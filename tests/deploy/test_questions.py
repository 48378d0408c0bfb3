"""Before it makes a new stack, `make deploy` asks at a terminal what only the operator can decide."""

import json

from tests.deploy.account import World
from tests.deploy.test_secrets import at_a_terminal

ARN = "arn:aws:acm:us-east-1:123456789012:certificate/0a1b-2c3d"
ASK = "import json; from deploy import questions; print(json.dumps(questions.for_a_new_stack({given})))"
REGION = """
import os
from deploy import questions
from deploy.terminal import StoppedError
try:
    questions.choose_region()
    print("region is", os.environ.get("AWS_REGION"))
except StoppedError as stopped:
    print(stopped)
"""
NOWHERE = {"AWS_CONFIG_FILE": "/dev/null", "AWS_REGION": "", "AWS_DEFAULT_REGION": ""}


async def answered(world: World, *answers: str, given: str = "{}") -> dict[str, str]:
    _, shown = await at_a_terminal(world, *answers, command=("-c", ASK.replace("{given}", given)))
    found: dict[str, str] = json.loads(shown[shown.rindex("{") :])
    return found


async def test_enter_leaves_every_default(world: World) -> None:
    assert await answered(world, "", "", "", "", "", "", "") == {}


async def test_a_domain_comes_with_its_certificate_and_a_budget_with_its_address(world: World) -> None:
    assert await answered(
        world, "troupe.example.com", ARN, "ops@example.com", "25", "3", "50", "11,22", "list", "33", "18"
    ) == {
        "DomainName": "troupe.example.com",
        "CertificateArn": ARN,
        "AlarmEmail": "ops@example.com",
        "MonthlyBudget": "25",
        "DollarsPerDay": "3",
        "DollarsPerMonth": "50",
        "OwnerIds": "11,22",
        "Admission": "list",
        "AdmittedIds": "33",
        "AgeStatement": "18",
    }


async def test_a_malformed_answer_is_asked_for_again(world: World) -> None:
    found = await answered(
        world, "", "ops at example", "ops@example.com", "a lot", "", "ten", "", "", "@me", "11", "", ""
    )

    assert found == {"AlarmEmail": "ops@example.com", "OwnerIds": "11"}


async def test_a_parameter_that_is_named_is_not_asked_for(world: World) -> None:
    given = {"DomainName": "d.example", "AlarmEmail": "ops@example.com", "MonthlyBudget": "5"}
    owned = {"OwnerIds": "1", "Admission": "open", "AgeStatement": "0", "DollarsPerDay": "0", "DollarsPerMonth": "0"}
    assert await answered(world, given=json.dumps(given | owned)) == {}


async def test_without_a_region_one_is_asked_for(world: World) -> None:
    _, chosen = await at_a_terminal(world, "us-west-2", command=("-c", REGION), **NOWHERE)
    _, default = await at_a_terminal(world, "", command=("-c", REGION), **NOWHERE)
    _, wrong = await at_a_terminal(world, "atlantis-1", command=("-c", REGION), **NOWHERE)
    _, named = await at_a_terminal(world, command=("-c", REGION))

    assert "region is us-west-2" in chosen
    assert "export AWS_REGION=us-west-2" in chosen
    assert "region is eu-central-1" in default
    assert "is no AWS region" in wrong
    assert "AWS region for the bot" not in named
