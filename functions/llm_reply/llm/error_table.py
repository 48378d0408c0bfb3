"""Providers' wordings of errors: the first row that fits decides the kind of failure.

Statuses alone can't tell: a full context is 400, 413, 422 or 500, a provider's filter 400 or 403, an empty account 402,
403 or 429. `tests/unit/test_error_table.py` has an example of each row.
"""

import re
from typing import NamedTuple

CONTEXT, FILTERED, QUOTA, KEY = "model_context", "model_refused", "model_quota", "model_key"
UNKNOWN_MODEL, RATE_LIMIT, SERVER, TIMEOUT = "model_unknown", "model_rate_limit", "model_server", "model_timeout"
REQUEST, CONNECTION = "model_request", "model_connection"
# These two make the client send another kind of request before they become failures.
NO_ENDPOINT, ROLES = "no_endpoint", "roles"
# The model is asked again without pictures.
BLIND, BAD_PICTURE = "blind", "bad_picture"


class Row(NamedTuple):
    """`code` is looked for in the error's codes and types, `message` in its message. One of the two must match."""

    kind: str
    code: str = r"(?!)"
    message: str = r"(?!)"
    statuses: tuple[int | None, ...] = ()


# Statuses of a refused picture. None: inside a stream.
_OF = (400, 404, 415, 422, 500, 501, None)
ROWS = (
    # OpenAI, Azure, OpenRouter, DeepSeek, DashScope, Volcengine, Zhipu, xAI, Gemini
    Row(FILTERED, code=r"content_?filter|content_policy|invalid_prompt|ResponsibleAIPolicy|moderation_blocked"),
    Row(FILTERED, code=r"data_?inspection_?failed|SensitiveContent|\b1301\b|PROHIBITED_CONTENT|\bSAFETY\b"),
    Row(FILTERED, message=r"moderation|was flagged|content (exists )?risk|sensitive (content|information)|敏感"),
    Row(FILTERED, message=r"(content|usage) (management )?(policy|policies|guidelines)|inappropriate content"),
    # Image models: OpenAI, Gemini, diffusers
    Row(FILTERED, message=r"safety (system|filter|checker|policy|reasons)|image_safety|guardrails|\bnsfw\b"),
    # Of pictures. OpenAI, Azure; llama.cpp, Ollama, OpenRouter, LM Studio, vLLM, xAI, Gemini, Mistral; Groq, DeepSeek
    Row(BAD_PICTURE, code=r"invalid_image|image_(parse|too_|file)|unsupported_image|invalid_base64"),
    Row(BLIND, message=r"(image|vision|modal)[\w ]{0,40}(not|n't) (be )?(support|enabl|available|allow)", statuses=_OF),
    Row(BLIND, message=r"vision[\w -]{0,20} not loaded|(not|n't) (support|accept)\w*[\w' ]{0,30}image", statuses=_OF),
    Row(BLIND, message=r"support image input|image_url is only supported|required for image input", statuses=_OF),
    Row(BLIND, message=r"not a (multi-?modal|vision)|at most 0 image|mmproj|variant [`'\"]?image_url", statuses=_OF),
    Row(BLIND, message=r"content\W{1,8}(value )?(must|should) be a (valid )?string", statuses=_OF),
    Row(BAD_PICTURE, message=r"(invalid|unsupported|corrupt|decod|pars|process|load)\w*[\w ]{0,30}image", statuses=_OF),
    Row(BAD_PICTURE, message=r"image[\w ]{0,30}(invalid|unsupported|corrupt|too (large|big|small))", statuses=_OF),
    # A cap on tokens per minute that one request exceeds is helped by a shorter one too: Groq, GitHub Models.
    Row(CONTEXT, code=r"context_length_exceeded|exceed_context_size|tokens_limit_reached|string_above_max_length"),
    Row(CONTEXT, code=r"request_too_large|context_window", statuses=(400, 413, 422)),
    # OpenAI, vLLM, OpenRouter, llama.cpp, Ollama, LM Studio, MiniMax
    Row(CONTEXT, message=r"(context|model'?s?) (length|window|size)|maximum context|context the overflows"),
    Row(CONTEXT, message=r"maximum (prompt|model|input) length|longer than the maximum|(prompt|input) is too long"),
    # Gemini, Mistral, Cohere, Together, Kimi, DashScope, Zhipu
    Row(CONTEXT, message=r"token count .*exceeds|too many tokens|(prompt|input)\w* .*too large for model"),
    Row(CONTEXT, message=r"tokens.* must be <=|token limit|range of input length|exceeds max length|too large.*tokens"),
    Row(CONTEXT, message=r"request (body )?(too|is too) large", statuses=(400, 413)),
    # Gemini calls its limits per minute a quota, and says when to retry.
    Row(RATE_LIMIT, message=r"(retry|try again) in \d", statuses=(429,)),
    Row(QUOTA, code=r"insufficient_(quota|balance|credits)|billing|Arrearage|\b1113\b|credit_balance"),
    Row(QUOTA, message=r"insufficient (account )?(balance|credits?|funds|quota)|credit balance|余额不足|欠费"),
    Row(QUOTA, message=r"(run out of|used all).*credits|spending limit|exceeded your current quota|good standing"),
    Row(KEY, code=r"invalid_api_key|API_KEY_INVALID|authentication_error|unsupported_country"),
    Row(KEY, message=r"(api|access) key.*(not valid|invalid|incorrect|expired|revoked)|(invalid|incorrect) api.?key"),
    Row(UNKNOWN_MODEL, code=r"model_not_found|DeploymentNotFound|model_decommissioned|model_not_exist"),
    Row(UNKNOWN_MODEL, message=r"model [`'\"]?[^\s`'\"]+[`'\"]? (was )?(not found|does not exist|not exist)"),
    Row(UNKNOWN_MODEL, message=r"(not a valid|invalid) model|no models? loaded|model.{0,60} (does not|doesn't) exist"),
    # Chat templates of Mistral, Gemma and others. Servers report their errors as 400 or 500.
    Row(ROLES, message=r"roles? must|must alternate|(system|developer) (role|message)|after the optional system"),
    Row(ROLES, message=r"determine type of 'item'|(first|last) message (must|should)|role .*not (supported|allowed)"),
    Row(NO_ENDPOINT, message=r"unexpected endpoint|(unknown|invalid) (url|endpoint|path)|no route|not implemented"),
    Row(RATE_LIMIT, code=r"rate_limit|resource_exhausted|too_many_requests|throttl"),
    Row(SERVER, code=r"server_error|internal_error|overloaded|unavailable|engine_error"),
)  # fmt: skip
_COMPILED = [(row, re.compile(row.code, re.IGNORECASE), re.compile(row.message, re.IGNORECASE)) for row in ROWS]

BY_STATUS = {
    401: KEY, 402: QUOTA, 403: KEY, 404: NO_ENDPOINT, 405: NO_ENDPOINT, 408: TIMEOUT, 409: SERVER, 413: CONTEXT,
    429: RATE_LIMIT, 501: NO_ENDPOINT, 504: TIMEOUT,
}  # fmt: skip
HTTP_ERROR, TOO_MANY_REQUESTS, HTTP_SERVER_ERROR = 400, 429, 500


def row_of(status: int | None, code: str, message: str) -> Row | None:
    for row, codes, messages in _COMPILED:
        if row.statuses and status not in row.statuses:
            continue
        # In these messages "token limit" means a limit per minute or day.
        if row.kind == CONTEXT and status == TOO_MANY_REQUESTS:
            continue
        if codes.search(code) or messages.search(message):
            return row
    return None


def kind_of(status: int | None, code: str, message: str) -> str:
    """:param status: None inside a stream that gives none"""
    row = row_of(status, code, message)
    if row:
        return row.kind
    if status in BY_STATUS:
        return BY_STATUS[status]
    if status and status >= HTTP_SERVER_ERROR:
        return SERVER
    return REQUEST if status and status >= HTTP_ERROR else CONNECTION
