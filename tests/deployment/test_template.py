"""Properties that template.yaml must keep. `make check` validates it with cfn-lint and checkov."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from local.emulator import ROOT
from local.settings import DEFAULTED
from local.site import CONTENT_SECURITY_POLICY
from publishing.template_file import load_yaml
from tests.deployment.permissions import functions, listed, resources, statements

TEMPLATE = load_yaml(ROOT / "template.yaml")
GLOBALS = TEMPLATE["Globals"]["Function"]


def of(kind: str) -> dict[str, Mapping[str, Any]]:
    return {logical_id: resource for logical_id, resource in resources().items() if resource["Type"] == kind}


def events(kind: str) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    for function in functions().values():
        for event in function.get("Events", {}).values():
            if event["Type"] == kind:
                yield function, event["Properties"]


@pytest.mark.parametrize("name", TEMPLATE["Parameters"])
def test_a_parameter_is_described_and_constrained(name: str) -> None:
    parameter = TEMPLATE["Parameters"][name]
    assert parameter["Description"]
    assert parameter.keys() & {"AllowedPattern", "AllowedValues", "MinLength", "MinValue"}


@pytest.mark.parametrize("table", of("AWS::DynamoDB::Table"))
def test_a_table_is_paid_by_use_encrypted_backed_up_and_outlives_the_stack(table: str) -> None:
    resource = of("AWS::DynamoDB::Table")[table]
    # A first deployment that fails deletes its tables: the next one would not know them.
    assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")
    assert resource["Properties"]["BillingMode"] == "PAY_PER_REQUEST"
    # Without SSESpecification DynamoDB encrypts with a key that AWS owns, for which KMS bills nothing.
    assert "SSESpecification" not in resource["Properties"]
    assert resource["Properties"]["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert resource["Properties"]["DeletionProtectionEnabled"] == {"Ref": "TableDeletionProtection"}


def test_a_job_that_was_received_and_never_begun_comes_back_within_a_minute() -> None:
    for function, mapping in events("SQS"):
        queue = resources()[mapping["Queue"]["Fn::GetAtt"][0]]["Properties"]
        # Lambda refuses a queue that hides a message for less than the function's timeout.
        assert function.get("Timeout", GLOBALS["Timeout"]) <= queue["VisibilityTimeout"] <= 60


def test_the_reply_function_has_time_for_the_model_and_for_telegram_and_knows_how_long_its_jobs_are_hidden() -> None:
    """In a process of its own: its settings are those of the template, its names are of nothing."""
    told = {
        name: value if isinstance(value, str) else "http://127.0.0.1:9"
        for name, value in functions()["LlmReplyFunction"]["Environment"]["Variables"].items()
    }
    program = (
        "from functions.llm_reply import app, settings as s;"
        "print(app.MARGIN_S + s.model_timeout_s + s.telegram_timeout_s, s.visibility_timeout_s)"
    )
    variables = {
        **os.environ,
        **told,
        **dict.fromkeys(DEFAULTED, ""),
        **dict.fromkeys(
            (
                "LOG_RETENTION_DAYS",
                "MAX_SOUND_S",
                "PICTURES_SEEN",
                "IMAGE_MODEL",
                "IMAGE_QUALITY",
                "IMAGE_PRICE",
                "MODERATION",
                "ADMISSION",
                "OWNER_IDS",
                "ADMITTED_IDS",
            ),
            "",
        ),
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=variables, check=True, capture_output=True)
    needed_s, hidden_s = map(int, done.stdout.split())
    assert functions()["LlmReplyFunction"]["Timeout"] > needed_s
    assert resources()["ReplyQueue"]["Properties"]["VisibilityTimeout"] == hidden_s


def test_the_queue_keeps_order_in_a_chat_at_high_throughput_and_its_last_net_is_fifo_too() -> None:
    queue = resources()["ReplyQueue"]["Properties"]
    assert (queue["DeduplicationScope"], queue["FifoThroughputLimit"]) == ("messageGroup", "perMessageGroupId")
    dead = resources()[queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]]["Properties"]
    assert queue["FifoQueue"] is dead["FifoQueue"] is True
    assert all(each["Properties"]["SqsManagedSseEnabled"] is True for each in of("AWS::SQS::Queue").values())


def test_every_event_source_takes_back_exactly_the_failed_records() -> None:
    for _, mapping in [*events("SQS"), *events("DynamoDB")]:
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_a_change_is_tried_for_a_day_and_then_kept_apart() -> None:
    for _, mapping in events("DynamoDB"):
        assert mapping["BisectBatchOnFunctionError"] is True
        assert mapping["MaximumRecordAgeInSeconds"] == 86_400
        # As often as the day allows. *Analytics behind* rings long before a change is given up.
        assert mapping["MaximumRetryAttempts"] == -1
        assert mapping["DestinationConfig"]["OnFailure"]["Destination"]


@pytest.mark.parametrize("name", functions())
def test_a_function_is_python_3_13_on_arm_and_its_logs_end(name: str) -> None:
    function = GLOBALS | functions()[name]
    assert (function["Runtime"], function["Architectures"]) == ("python3.13", ["arm64"])
    logs = resources()[function["LoggingConfig"]["LogGroup"]["Ref"]]["Properties"]
    assert logs["RetentionInDays"] == {"Ref": "LogRetentionDays"}


def test_lambda_writes_of_invocations_that_fail_and_of_no_others() -> None:
    assert GLOBALS["LoggingConfig"] == {"LogFormat": "JSON", "SystemLogLevel": "WARN"}
    assert all(set(function["LoggingConfig"]) == {"LogGroup"} for function in functions().values())


@pytest.mark.parametrize("name", functions())
def test_a_role_names_what_it_allows(name: str) -> None:
    for statement in statements(name):
        assert statement["Effect"] == "Allow"
        assert not [action for action in listed(statement["Action"]) if "*" in action]
        assert not [resource for resource in listed(statement["Resource"]) if "*" in str(resource)]


def test_the_webhook_reads_neither_the_bot_token_nor_the_model_key() -> None:
    may_read = [statement for statement in statements("WebhookFunction") if "ssm" in statement["Action"]]
    names = [str(each).rpartition("/")[2] for statement in may_read for each in listed(statement["Resource"])]
    assert names == ["webhook-secret'}", "pseudonym-key'}"]


def test_no_secret_stands_in_a_variable() -> None:
    for function in functions().values():
        for name in function["Environment"]["Variables"]:
            assert not re.search(r"(TOKEN|KEY|SECRET)$", name)


def test_the_site_is_private_and_says_what_the_laptop_says() -> None:
    blocked = resources()["SiteBucket"]["Properties"]["PublicAccessBlockConfiguration"]
    assert set(blocked.values()) == {True}
    security = resources()["SiteHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    assert security["ContentSecurityPolicy"]["ContentSecurityPolicy"] == CONTENT_SECURITY_POLICY
    assert security["StrictTransportSecurity"]["AccessControlMaxAgeSec"] >= 31_536_000
    # X-Frame-Options would keep Telegram's web clients from showing the page, and it can't list allowed origins.
    assert "FrameOptions" not in security


def test_the_access_log_says_neither_who_asked_nor_for_what() -> None:
    written = resources()["ApiStage"]["Properties"]["AccessLogSettings"]["Format"]
    assert not re.search(r"identity|query|path|header|body", written, re.IGNORECASE)


def test_no_function_or_api_is_traced() -> None:
    assert "Tracing" not in str(TEMPLATE)


def test_a_file_of_a_strangers_is_read_apart_two_at_a_time_and_without_the_models_key() -> None:
    reader = functions()["CardFilesFunction"]
    (event,) = reader["Events"].values()
    assert event["Properties"]["Queue"] == {"Fn::GetAtt": ["CardQueue", "Arn"]}
    assert (event["Properties"]["BatchSize"], event["Properties"]["ScalingConfig"]) == (1, {"MaximumConcurrency": 2})
    granted = str(statements("CardFilesFunction"))
    assert "telegram-bot-token" in granted
    for other in ("openai", "fallback", "UsersTable", "TurnsTable", "ConversationsTable", "MemoriesTable"):
        assert other not in granted
