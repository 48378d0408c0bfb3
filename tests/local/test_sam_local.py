"""`make sam-local` gives a function enough variables to start, and none that reach the real AWS by default."""

import os
import subprocess
import sys

import pytest

from local.emulator import ROOT
from local.sam_local import NOWHERE, declare, settings
from local.template import read_template

FUNCTIONS = {
    function.logical_id: function.handler.rpartition(".")[0]
    for function in read_template(ROOT / "template.yaml").functions
}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_starts_with_the_settings_of_env_json_alone(function: str) -> None:
    given = settings({})[function]

    done = subprocess.run(
        [sys.executable, "-c", f"import {FUNCTIONS[function]}"],
        env={"PATH": os.environ["PATH"], **given},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert given["AWS_ENDPOINT_URL"] == NOWHERE
    assert given["AWS_ACCESS_KEY_ID"] == "test"
    assert given["WEBHOOK_SECRET"] == "local-secret"


def test_servers_named_by_settings_are_used() -> None:
    given = settings({"AWS_ENDPOINT_URL": "http://aws.example:4566", "OPENAI_BASE_URL": "http://model.example/v1"})

    reply = given["LlmReplyFunction"]
    assert reply["AWS_ENDPOINT_URL"] == "http://aws.example:4566"
    assert reply["REPLY_QUEUE_URL"].startswith("http://aws.example:4566/")
    assert reply["OPENAI_BASE_URL"] == "http://model.example/v1"


def test_the_copy_of_the_template_declares_every_variable_and_this_machines_processor() -> None:
    """SAM silently leaves out undeclared variables."""
    template = {
        "Resources": {
            "WebhookFunction": {
                "Type": "AWS::Serverless::Function",
                "Properties": {"Architectures": ["arm64"], "Environment": {"Variables": {"A": {"Ref": "B"}}}},
            },
            "Queue": {"Type": "AWS::SQS::Queue"},
        }
    }

    properties = declare(template, {"WebhookFunction": {"A": "1", "C": "2"}})["Resources"]["WebhookFunction"][
        "Properties"
    ]

    assert properties["Environment"] == {"Variables": {"A": "", "C": ""}}
    assert properties["Architectures"] in (["x86_64"], ["arm64"])
