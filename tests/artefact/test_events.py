"""Each of events/*.json goes into the package it is for, and is taken."""

import json

import pytest

from artefacts.package import ROOT
from local.stack import Stack

# The packages are built within the first test.
pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(1200)]

FUNCTIONS = {
    "webhook": "WebhookFunction",
    "picker": "WebappSelectFunction",
    "reply": "LlmReplyFunction",
    "analytics": "AnalyticsFunction",
}
STATUS = {"webhook_wrong_secret": 403, "picker_select_unsigned": 401}
OF_THE_CLOCK = {"reply_look", "webhook_clock"}


EVENTS = {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in (ROOT / "events").glob("*.json")}


@pytest.mark.parametrize("name", sorted(EVENTS))
async def test_a_sample_event_is_taken_by_the_package_it_is_for(stack: Stack, name: str) -> None:
    logical_id = FUNCTIONS[name.partition("_")[0]]
    (function,) = (function for function in stack.functions if function.function.logical_id == logical_id)

    answer = await function.invoke(EVENTS[name])

    if "statusCode" in answer:
        assert answer["statusCode"] == STATUS.get(name, 200)
    else:
        assert answer == ({} if name in OF_THE_CLOCK else {"batchItemFailures": []})
