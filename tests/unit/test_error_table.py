"""Each provider's wordings of errors, as they were seen, and the kind that each counts as."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.llm_reply.failures import REFUSED
from functions.llm_reply.llm.error_log import scrubbed
from functions.llm_reply.llm.error_table import ROWS, row_of
from functions.llm_reply.llm.errors import ProviderError
from functions.llm_reply.prompting.prompt import ChatMessage, Prompt, Speakers

Example = tuple[int | None, Any]


def error(message: str, code: Any = None, **more: Any) -> dict[str, Any]:
    return {"error": {"message": message, "code": code, "param": None, **more}}


FILTERED: list[Example] = [
    (400, error("The response was filtered", "content_filter", innererror={"code": "ResponsibleAIPolicyViolation"})),
    (400, error("Invalid prompt: your prompt was flagged.", "invalid_prompt")),
    (400, error("Output data may contain inappropriate content.", "data_inspection_failed")),
    (400, error("The request failed.", "InputTextSensitiveContentDetected")),
    (403, error("Your chosen model requires moderation and your input was flagged", 403, metadata={"reasons": []})),
    (400, error("Content Exists Risk", "invalid_request_error")),
    (400, error("系统检测到输入或生成内容可能包含不安全或敏感内容", "1301")),
    (403, error("Content violates usage guidelines.")),
    (400, error("Your request was rejected by the safety system. safety_violations=[sexual].", "moderation_blocked")),
    (400, error("Your request was rejected as a result of our safety system.")),
    (500, error("The prompt may violate our guardrails around nudity")),
    (400, error("Gemini image generation blocked [IMAGE_SAFETY]: unable to show")),
    (200, error("Potential NSFW content was detected in one or more images.")),
]
CONTEXT: list[Example] = [
    (400, error("Your input exceeds the context window", "context_length_exceeded")),
    (400, error("request (4500 tokens) exceeds the available context size", 400, type="exceed_context_size_error")),
    (400, {"object": "error", "message": "This model's maximum context length is 4096 tokens. However, you requested "
           "4500 tokens", "type": "BadRequestError", "param": None, "code": 400}),
    (400, [error("The input token count (9) exceeds the maximum number of tokens allowed (8).", 400, status="X")]),
    (422, error("Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4097", type="x")),
    (413, error("Request too large for model `m` on tokens per minute (TPM): Limit 6000", "rate_limit_exceeded")),
    (413, "<html>Request Entity Too Large</html>"),
    (413, error("Request body too large for m. Max size: 8000 tokens.", "tokens_limit_reached")),
    (400, error("Request too large", "request_too_large")),
    (None, error("The number of tokens to keep from the initial prompt is greater than the context length")),
    (400, error("This model's maximum prompt length is 131072 but the request contains 537812 tokens.")),
    (400, error("Invalid request: Your request exceeded model token limit : 8192")),
    (400, error("Request body is too large")),
]  # fmt: skip
QUOTA: list[Example] = [
    (429, error("You exceeded your current quota, please check your plan.", "insufficient_quota")),
    (402, error("Insufficient Balance", "invalid_request_error")),
    (402, error("something", 402)),
    (429, error("账户余额不足", "1113")),
    (403, error("Your team has used all available credits or reached its monthly spending limit.")),
    (400, error("Access denied, please make sure your account is in good standing.", "Arrearage")),
    (400, error("Your credit balance is too low to access the API.")),
]
KEY: list[Example] = [
    (401, error("Incorrect API key provided.", "invalid_api_key")),
    (403, error("Country, region, or territory not supported", "unsupported_country_region_territory")),
    (400, [error("API key not valid. Please pass a valid API key.", 400, status="INVALID_ARGUMENT")]),
    (401, {"detail": "Unauthorized"}),
    (403, "Forbidden"),
]
UNKNOWN: list[Example] = [
    (404, error("The requested model does not exist.", "model_not_found")),
    (404, error("model 'llama9' not found, try pulling it first", type="api_error")),
    (404, error("The API deployment for this resource does not exist.", "DeploymentNotFound")),
    (400, error("mistral-9 is not a valid model ID")),
    (404, "404 page not found"),
]
RATE: list[Example] = [
    (429, [error("You exceeded your current quota. Please retry in 26.3s.", 429, status="RESOURCE_EXHAUSTED")]),
    (429, "slow down"),
    (429, error("You have reached your daily token limit")),
    (None, error("Rate limit reached", "rate_limit_exceeded")),
]
SERVER: list[Example] = [
    (500, error("The server had an error")),
    (529, error("Overloaded", type="overloaded_error")),
    (None, error("Provider returned error", 502)),
    (None, error("The server had an error", "server_error")),
]
REQUEST: list[Example] = [
    (400, error("Conversation roles must alternate user/assistant/user/assistant/...", 400)),
    (400, error("Cannot determine type of 'item'", 400)),
    (400, error("The request failed.")),
    (418, "a teapot"),
]
# Of servers whose model sees no pictures, and of pictures that a server can't read.
BLIND: list[Example] = [
    (500, error("image input is not supported - hint: if this is unexpected, you may need to provide the mmproj", 500)),
    (500, error("this model is missing data required for image input")),
    (404, error("No endpoints found that support image input", 404)),
    (400, {"error": "Model does not support images. Please use a model that does."}),
    (400, error("At most 0 image(s) may be provided in one prompt.", 400)),
    (400, error("some-model is not a multimodal model", 400)),
    (400, error("Image input modality is not enabled for models/gemma")),
    (422, {"detail": "messages: unknown variant `image_url`, expected `text` at line 1"}),
    (400, error("'messages.1.content' : value must be a string")),
    (400, error("Invalid content type. image_url is only supported by certain models.", None)),
]
BAD_PICTURE: list[Example] = [
    (400, error("You uploaded an unsupported image.", "invalid_image_format")),
    (400, error("Failed to load image or audio file")),
    (400, error("The image is too large")),
]
ENDPOINT: list[Example] = [(None, {"error": "Unexpected endpoint or method. (POST /v1/responses)"})]
EXAMPLES = {
    "model_refused": FILTERED, "model_context": CONTEXT, "model_quota": QUOTA, "model_key": KEY,
    "model_unknown": UNKNOWN + ENDPOINT, "model_rate_limit": RATE, "model_server": SERVER,
    "model_request": REQUEST + BLIND + BAD_PICTURE,
}  # fmt: skip


@pytest.mark.parametrize(("failure", "example"), [(name, each) for name, of in EXAMPLES.items() for each in of])
def test_a_providers_words_are_understood(failure: str, example: Example) -> None:
    status, body = example
    assert ProviderError.read(body, status).failure().name == failure


def test_a_model_that_can_not_see_is_told_from_a_picture_that_can_not_be_read() -> None:
    assert {ProviderError.read(body, status).kind for status, body in BLIND} == {"blind"}
    assert {ProviderError.read(body, status).kind for status, body in BAD_PICTURE} == {"bad_picture"}


def test_every_row_of_the_table_has_an_example() -> None:
    said = [ProviderError.read(body, status) for of in EXAMPLES.values() for status, body in of]
    assert {row_of(each.status, each.code, each.message) for each in said} >= set(ROWS)


def test_a_filters_words_ring_no_alarm_and_get_no_second_try() -> None:
    for status, body in FILTERED:
        assert ProviderError.read(body, status).failure() is REFUSED


@pytest.mark.parametrize(
    ("message", "seconds"),
    [("Please try again in 7.5s.", 7.5), ("Please try again in 250ms", 0.25), ("Please retry in 1m2s", 62)],
)
def test_a_wait_is_understood_from_the_words_too(message: str, seconds: float) -> None:
    failure = ProviderError.read(error(message), 429).failure()
    assert failure.after_s == seconds
    assert failure.retry is (seconds < 60)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["error", "code", "message", "x"]), inner)
    ),
)


@given(json_values, st.none() | st.integers(400, 599))
def test_any_error_of_a_server_is_one_of_the_failures(body: Any, status: int | None) -> None:
    assert ProviderError.read(body, status).failure().name.startswith("model_")


def test_a_logged_message_holds_no_key_and_nothing_of_the_prompt() -> None:
    prompt = Prompt(
        "You are Mario.",
        (ChatMessage("user", "my secret garden is behind the old mill"), ChatMessage("user", "Tea?")),
        cache_key="k",
        person="p",
        speakers=Speakers("Mario", "Annabel"),
    )
    said = (
        "Bad value 'my secret garden is behind the old mill' by Annabel, then secret garden is behind. Tea? "
        "Key sk-abcdefghijkl0123456789 of this. " + "word " * 200
    )
    logged = scrubbed(said, prompt)
    assert logged.startswith("Bad value")
    assert not any(part in logged for part in ("garden", "mill", "Annabel", "Tea", "abcdefghijkl"))
    assert len(logged) <= 300
