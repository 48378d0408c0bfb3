"""Update in, turn stored, job queued. This function faces the internet, so it holds the fewest secrets and rights."""
# ruff: noqa: E402 - the rest is imported after the line below

import gc

# Imports make no garbage, and collecting it takes a fifteenth of a cold start.
gc.disable()

import base64
import binascii
import hmac
import json
from functools import partial
from typing import Any

from functions.webhook import settings
from functions.webhook.fields import MalformedUpdateError
from functions.webhook.parsing import parse
from functions.webhook.routing import route
from troupe import aws, first_calls, tables
from troupe.conversations.turn import Turn
from troupe.observability import correlate, count, logger, observed
from troupe.users import User

# Telegram's largest updates are some tens of kB.
MAX_BYTES = 512_000

for table in (User, Turn):
    table.connect()
aws.client("sqs")
first_calls.make(settings.read_secrets, partial(Turn.find, 0, 0), first_calls.reach_queue)
gc.enable()
# Later collections skip the objects that exist now: they all stay.
gc.freeze()


@observed
def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """An API Gateway request (payload 2.0) that carries an Update; the answer may carry one Bot API method.

    Or the clock's event, which needs no work: Lambda keeps an environment that is used every few minutes.

    403 without the right secret. 200 for an update that would fail again if Telegram resent it. 503 if reading the
    secret, storing or queueing failed: Telegram resends the update, and no step that was done is done twice.
    """
    if event.get("source") == "aws.events":
        return {}
    try:
        expected = settings.webhook_secret()
    except tables.ERRORS:
        return _postponed("The secret can't be read; Telegram will send the update again")
    secret = event.get("headers", {}).get("x-telegram-bot-api-secret-token", "")
    # Half a surrogate pair, which JSON can carry, is no UTF-8.
    if not hmac.compare_digest(secret.encode(errors="surrogatepass"), expected.encode()):
        count("UpdatesForbidden")
        return {"statusCode": 403}
    return _answer(event)


def _answer(event: dict[str, Any]) -> dict[str, Any]:
    try:
        payload = _json(event)
        update = parse(payload)
        correlate(str(payload["update_id"]))
        method = route(update)
    except MalformedUpdateError as error:
        count("UpdatesRefused")
        logger.warning("Update refused", extra={"reason": str(error)})
        return {"statusCode": 200}
    except tables.ERRORS as error:
        if tables.never_succeeds(error):
            count("UpdatesRefused")
            logger.exception("An update can't be stored, however often Telegram sends it")
            return {"statusCode": 200}
        return _postponed("Storing or queueing failed; Telegram will send the update again")
    if method is None:
        return {"statusCode": 200}
    return {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": json.dumps(method)}


def _postponed(reason: str) -> dict[str, Any]:
    count("UpdatesPostponed")
    logger.exception(reason)
    return {"statusCode": 503, "headers": {"retry-after": "2"}}


def _json(event: dict[str, Any]) -> Any:
    body = event.get("body") or ""
    if len(body) > MAX_BYTES:
        raise MalformedUpdateError(f"body of {len(body)} characters")
    try:
        return json.loads(base64.b64decode(body, validate=True) if event.get("isBase64Encoded") else body)
    except (binascii.Error, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise MalformedUpdateError("body is no JSON") from error
