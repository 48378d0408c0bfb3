"""API Gateway's payload format 2.0: a request to the function's event, and the function's answer to a response.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

import base64
import binascii
import json
import time
import uuid
from collections.abc import Mapping
from typing import Any

from aiohttp import web
from multidict import CIMultiDict

from local.emulator import ACCOUNT

TEXT_TYPES = {"application/json", "application/xml", "application/javascript"}
MAX_STATUS = 599


class MalformedAnswerError(ValueError):
    """The function's answer is no HTTP response. API Gateway answers 500."""


def event_of(request: web.Request, body: bytes, route_key: str) -> dict[str, Any]:
    """Leaves out empty parts, as API Gateway does."""
    headers = {name.lower(): ",".join(request.headers.getall(name)) for name in request.headers}
    cookies = [cookie.strip() for cookie in headers.pop("cookie", "").split(";") if cookie.strip()]
    source = request.remote or ""
    headers["x-forwarded-for"] = ", ".join(filter(None, [headers.get("x-forwarded-for"), source]))
    headers.setdefault("x-forwarded-proto", request.scheme)
    now = time.time()
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route_key,
        "rawPath": request.path,
        "rawQueryString": request.rel_url.raw_query_string,
        "headers": headers,
        "requestContext": {
            "accountId": ACCOUNT,
            "apiId": "local",
            "domainName": request.host,
            "domainPrefix": "local",
            "http": {
                "method": request.method,
                "path": request.path,
                "protocol": "HTTP/1.1",
                "sourceIp": source,
                "userAgent": headers.get("user-agent", ""),
            },
            "requestId": str(uuid.uuid4()),
            "routeKey": route_key,
            "stage": "$default",
            "time": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(now)),
            "timeEpoch": int(now * 1000),
        },
        "isBase64Encoded": False,
    }
    query = {name: ",".join(request.query.getall(name)) for name in request.query}
    optional = {"cookies": cookies, "queryStringParameters": query, "pathParameters": dict(request.match_info)}
    event |= {name: value for name, value in optional.items() if value}
    return event | _body(body, request.content_type if "Content-Type" in request.headers else "")


def _body(body: bytes, content_type: str) -> dict[str, Any]:
    """Text for a short list of types (seen on AWS, not documented); base64 for all others, including forms."""
    if not body:
        return {}
    if content_type.startswith("text/") or content_type in TEXT_TYPES:
        return {"body": body.decode(errors="replace")}
    return {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}


def response_of(answer: Any) -> web.Response:
    """:raises MalformedAnswerError: the status, a header or the body is invalid"""
    if not isinstance(answer, dict) or "statusCode" not in answer:
        return web.json_response(answer)
    try:
        status = int(answer["statusCode"])
        headers = _headers(answer)
        body = answer.get("body") or ""
        content = base64.b64decode(body, validate=True) if answer.get("isBase64Encoded") else body.encode()
    except (AttributeError, TypeError, ValueError, binascii.Error):
        raise MalformedAnswerError from None
    broken = any("\n" in value or "\r" in value for value in headers.values())
    if broken or not web.HTTPOk.status_code <= status <= MAX_STATUS:
        raise MalformedAnswerError
    return web.Response(status=status, headers=headers, body=content)


def _headers(answer: Mapping[str, Any]) -> CIMultiDict[str]:
    headers: CIMultiDict[str] = CIMultiDict()
    for name, value in (answer.get("headers") or {}).items():
        headers.add(name, json.dumps(value) if isinstance(value, bool) else str(value))
    for cookie in answer.get("cookies") or []:
        headers.add("Set-Cookie", str(cookie))
    headers.setdefault("Content-Type", "text/plain;charset=UTF-8")
    return headers
