"""`make site`, `make cast` and `make webhook`: each does its step, and may be repeated."""

import json
from typing import Any

from local.emulator import ROOT
from local.simulator.faults import Fault
from publishing.subscription import ALLOWED_UPDATES
from tests.deploy.account import World


def objects(world: World, bucket: str) -> dict[str, dict[str, Any]]:
    s3 = world.client("s3")
    keys = [each["Key"] for each in s3.list_objects_v2(Bucket=bucket)["Contents"]]
    return {key: s3.head_object(Bucket=bucket, Key=key) for key in keys}


async def test_the_picker_is_uploaded_with_types_and_caching_and_leftovers_go(world: World) -> None:
    names = world.create_stack()
    s3 = world.client("s3")
    for key in ("old.js", "avatars/former.svg"):
        s3.put_object(Bucket=names["SiteBucket"], Key=key, Body=b"")

    outcome = await world.run("deploy.site")

    assert outcome.code == 0, outcome
    there = objects(world, names["SiteBucket"])
    files = [path for path in (ROOT / "static_site").rglob("*") if path.is_file()]
    assert there.keys() == {path.relative_to(ROOT / "static_site").as_posix() for path in files} | {
        "avatars/former.svg"
    }
    assert there["index.html"]["ContentType"] == "text/html; charset=utf-8"
    assert there["index.html"]["CacheControl"] == "public, max-age=60"
    assert there["app.js"]["ContentType"] == "text/javascript; charset=utf-8"
    assert there["avatars/mario.svg"]["CacheControl"] == "public, max-age=604800"
    invalidations = world.client("cloudfront").list_invalidations(DistributionId=names["Site"])["InvalidationList"]
    assert invalidations["Quantity"] == 1


async def test_the_cast_is_loaded_and_loading_again_changes_nothing(world: World) -> None:
    names = world.create_stack()
    cards = len(list((ROOT / "characters").glob("*.json")))

    assert f"{cards} characters: {cards} added" in (await world.run("deploy.cast")).said
    assert f"{cards} characters: {cards} unchanged" in (await world.run("deploy.cast")).said
    assert world.client("dynamodb").scan(TableName=names["CharactersTable"])["Count"] == cards


async def test_the_webhook_comes_with_secret_kinds_connections_and_profile(world: World) -> None:
    await world.has_secrets()
    world.create_stack()

    outcome = await world.run("deploy.webhook")

    assert outcome.code == 0, outcome
    state = world.simulator.server.state
    assert state.webhook.url == f"{world.url}/telegram/webhook"
    assert state.webhook.secret_token == world.secret("webhook-secret")["Value"]
    assert (state.webhook.max_connections, state.allowed_updates) == (100, ALLOWED_UPDATES)
    assert state.menu_buttons[""]["web_app"]["url"] == f"{world.url}/"
    assert {key.rsplit("/", 1)[1] for key in state.commands} == {"", "ru"}
    assert state.webhook.secret_token not in outcome.said


async def test_telegram_saying_no_is_one_line_and_another_run_goes_on(world: World) -> None:
    await world.has_secrets()
    world.create_stack()
    world.simulator.faults.add(Fault("setMyDescription", error_code=429, retry_after=3))

    refused = await world.run("deploy.webhook")

    assert refused.code == 1
    assert "Telegram" in refused.complained
    assert (await world.run("deploy.webhook")).code == 0


async def test_without_secrets_or_stack_the_reason_is_named(world: World) -> None:
    assert f"There is no stack {world.stack}" in (await world.run("deploy.webhook")).complained
    world.create_stack()

    outcome = await world.run("deploy.webhook")

    assert outcome.code == 1
    assert "Missing: Telegram bot token" in outcome.complained
    assert "make secrets" in outcome.complained


async def test_somebody_elses_stack_is_left_alone(world: World) -> None:
    world.create_stack({"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}})

    for command in ("deploy.site", "deploy.doctor", "deploy.destroy"):
        outcome = await world.run(command)
        assert outcome.code == 1
        assert f"The name {world.stack} is taken" in outcome.complained


async def test_jobs_go_back_to_work_only_when_told_to(world: World) -> None:
    names = world.create_stack()
    sqs = world.client("sqs")
    jobs = [json.dumps({"version": 1, "kind": "greet", "number": number}) for number in range(13)]
    file = json.dumps({"version": 1, "kind": "read_card"})
    for number, job in enumerate([*jobs, "no job", file]):
        sqs.send_message(
            QueueUrl=names["DeadReplyQueue"],
            MessageBody=job,
            MessageGroupId=f"chat-{number % 3}",
            MessageDeduplicationId=f"{world.stack}-{number}",
        )

    asked = await world.run("deploy.redrive")
    assert "15 jobs lie in the dead-letter queue" in asked.said
    done = await world.run("deploy.redrive", "--go")

    assert "Done: 13 greet, 1 malformed, 1 read_card" in done.said
    (card_job,) = sqs.receive_message(QueueUrl=names["CardQueue"])["Messages"]
    assert card_job["Body"] == file
    received = []
    while messages := sqs.receive_message(
        QueueUrl=names["ReplyQueue"], MaxNumberOfMessages=10, AttributeNames=["MessageGroupId"]
    ).get("Messages"):
        received += messages
        for each in messages:
            sqs.delete_message(QueueUrl=names["ReplyQueue"], ReceiptHandle=each["ReceiptHandle"])
    first_chat = [each["Body"] for each in received if each["Attributes"]["MessageGroupId"] == "chat-0"]
    assert first_chat == [jobs[number] for number in range(0, 13, 3)]
    assert len(received) == 14
    assert "nothing to send back" in (await world.run("deploy.redrive", "--go")).said


async def test_the_stack_goes_only_for_its_name_and_the_secrets_only_on_request(world: World) -> None:
    await world.has_secrets()
    names = world.create_stack()
    await world.run("deploy.webhook")
    world.client("s3").put_object(Bucket=names["SiteBucket"], Key="index.html", Body=b"")

    nobody, wrong = await world.run("deploy.destroy"), await world.run("deploy.destroy", "--confirm", "other")
    assert names["CharactersTable"] in nobody.said
    assert (nobody.code, wrong.code) == (1, 1)
    assert "Nothing has been changed" in wrong.complained
    done = await world.run("deploy.destroy", "--confirm", world.stack)

    assert done.code == 0, done
    assert world.simulator.server.state.webhook.url == ""
    assert names["SiteBucket"] not in [each["Name"] for each in world.client("s3").list_buckets()["Buckets"]]
    assert world.secret("telegram-bot-token")
    assert "nothing to delete" in (await world.run("deploy.destroy", "--confirm", world.stack)).said
