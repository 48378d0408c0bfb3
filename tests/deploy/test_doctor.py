"""`make doctor` is green for a stack that is well; each fault has a red line with advice, and hides no other fault."""

from datetime import date

import pytest

from deploy.outside import shutdown
from tests.deploy.account import World
from tests.deploy.commands import Outcome


async def live(world: World) -> dict[str, str]:
    await world.has_secrets()
    names = world.create_stack()
    assert (await world.run("deploy.webhook")).code == 0
    return names


def red(outcome: Outcome) -> list[str]:
    """Red lines, each with its advice."""
    lines = outcome.said.splitlines()
    return [f"{line} {lines[number + 1]}" for number, line in enumerate(lines) if line.startswith("!!")]


async def test_a_stack_that_is_well_is_green_throughout(world: World) -> None:
    await live(world)

    outcome = await world.run("deploy.doctor")

    assert (red(outcome), outcome.code) == ([], 0)
    for part in ("clock", "stack", "telegram-bot-token", "LlmReplyFunction", "queue", "@troupe_bot", "menu button",
                 "gpt-6-luna", "Telegram may show it", "1 characters", "refuses a request without"):  # fmt: skip
        assert part in outcome.said, part


async def test_everything_that_is_wrong_is_named_at_once(world: World) -> None:
    names = await live(world)
    aws_lambda, sqs = world.client("lambda"), world.client("sqs")
    (mapping,) = aws_lambda.list_event_source_mappings(FunctionName=names["LlmReplyFunction"])["EventSourceMappings"]
    aws_lambda.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
    world.client("events").disable_rule(Name=names["LlmReplyFunctionLookForDeadJobs"])
    sqs.send_message(
        QueueUrl=names["DeadReplyQueue"], MessageBody="x", MessageGroupId="x", MessageDeduplicationId=world.stack
    )
    sqs.send_message(QueueUrl=names["DeadChangesQueue"], MessageBody="x")
    world.client("ssm").delete_parameter(Name=f"/troupe/{world.stack}/amplitude-api-key")
    world.simulator.server.state.webhook.url = "https://elsewhere.example/"
    world.simulator.server.state.menu_buttons.clear()
    world.characters.clear()
    world.door = 200

    outcome = await world.run("deploy.doctor")

    found = red(outcome)
    assert outcome.code == 1
    expected = {
        "amplitude-api-key is missing": "make secrets",
        "an event source is switched off": "aws lambda update-event-source-mapping",
        "schedule: it is switched off": "aws events enable-rule",
        "dead letters: 1 waiting": "make redrive",
        "product events given up: 1": "docs/operations.md#analytics-behind",
        "goes to https://elsewhere.example/": "make webhook",
        "menu button: opens nothing": "make webhook",
        "no characters": "make cast",
        "answers 200 to a stranger": "docs/operations.md",
    }
    for what, advice in expected.items():
        assert any(what in line and advice in line for line in found), (what, found)
    assert "9 things to see to" in outcome.complained


async def test_what_can_not_be_checked_is_red_and_the_rest_is_checked(world: World) -> None:
    await live(world)

    outcome = await world.run("deploy.doctor", TELEGRAM_API_URL="http://127.0.0.1:1")

    (line,) = red(outcome)
    assert "Telegram: could not be checked" in line
    assert "ok model gpt-6-luna" in outcome.said


async def test_a_token_that_was_revoked_is_red(world: World) -> None:
    await live(world)
    world.simulator.server.token = "4242:another"

    (line,) = red(await world.run("deploy.doctor"))

    assert "@BotFather shows the right one" in line


async def test_errors_and_updates_that_wait_at_telegram_are_shown(world: World) -> None:
    await live(world)
    webhook = world.simulator.server.state.webhook
    webhook.last_error_date, webhook.last_error_message = 4_000_000_000, "Wrong response from the webhook: 503"

    (line,) = red(await world.run("deploy.doctor"))

    assert "Wrong response from the webhook: 503" in line


@pytest.mark.parametrize(
    ("day", "is_red"),
    [(None, False), (date(2027, 3, 1), False), (date(2027, 1, 21), False), (date(2027, 1, 20), True)],
)
def test_a_model_that_shuts_down_within_sixty_days_is_red(day: date | None, is_red: bool) -> None:
    assert bool(shutdown("gpt-x", day, today=date(2026, 11, 22)).advice) == is_red


async def test_a_model_that_the_key_may_not_use_is_red(world: World) -> None:
    await world.has_secrets()
    template = world.template()
    template["Parameters"]["OpenAiModel"]["Default"] = "gpt-3.5"
    world.create_stack(template)
    await world.run("deploy.webhook")

    (line,) = red(await world.run("deploy.doctor"))

    assert "gpt-3.5" in line
    assert "OPENAI_MODEL=" in line


async def test_a_model_for_pictures_that_the_key_may_not_use_is_red(world: World) -> None:
    await world.has_secrets()
    template = world.template()
    template["Parameters"]["ImageModel"] = {"Type": "String", "Default": "gpt-image-0"}
    world.create_stack(template)
    await world.run("deploy.webhook")

    (line,) = red(await world.run("deploy.doctor"))

    assert "gpt-image-0" in line
    assert "IMAGE_MODEL=" in line
