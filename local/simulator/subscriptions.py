"""The bot's ways to get updates: a webhook, or getUpdates."""

import re
from urllib.parse import urlsplit

from local.simulator.keyboards import is_web_address
from local.simulator.refusal import Json, Refused, bad_request
from local.simulator.state import Webhook
from local.simulator.telegram_server import TelegramServer

SECRET_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,256}")
PORTS = frozenset({None, 443, 80, 88, 8443})
CONNECTIONS = range(1, 101)
MAX_UPDATES = 100
MAX_POLL_SECONDS = 50


def set_webhook(server: TelegramServer, params: Json) -> bool:
    url = params["url"]
    if not url:
        return delete_webhook(server, params)
    if not is_web_address(url):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if urlsplit(url).scheme == "https" and urlsplit(url).port not in PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    secret = params.get("secret_token", "")
    if secret and not SECRET_TOKEN.fullmatch(secret):
        raise bad_request("secret token contains illegal characters")
    connections = params.get("max_connections", 40)
    if connections not in CONNECTIONS:
        raise bad_request("max_connections must be between 1 and 100")
    server.state.webhook = Webhook(url, secret, connections, params.get("ip_address", ""))
    _settle_choices(server, params)
    return True


def delete_webhook(server: TelegramServer, params: Json) -> bool:
    server.state.webhook = Webhook()
    _settle_choices(server, params)
    return True


def _settle_choices(server: TelegramServer, params: Json) -> None:
    if "allowed_updates" in params:
        server.state.allowed_updates = params["allowed_updates"]
    if params.get("drop_pending_updates"):
        server.state.pending.clear()
    server.changes.publish(0, {"type": "webhook"})


def get_webhook_info(server: TelegramServer, _params: Json) -> Json:
    webhook = server.state.webhook
    info: Json = {
        "url": webhook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(server.state.pending),
    }
    if webhook.url:
        info["max_connections"] = webhook.max_connections
    if webhook.last_error_date:
        info |= {"last_error_date": webhook.last_error_date, "last_error_message": webhook.last_error_message}
    if webhook.ip_address:
        info["ip_address"] = webhook.ip_address
    if server.state.allowed_updates:
        info["allowed_updates"] = server.state.allowed_updates
    return info


async def get_updates(server: TelegramServer, params: Json) -> list[Json]:
    """`offset` confirms all earlier updates."""
    if server.state.webhook.url:
        reason = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
        raise Refused(409, f"Conflict: {reason}")
    if "allowed_updates" in params:
        server.state.allowed_updates = params["allowed_updates"]
    offset = params.get("offset", 0)
    for pending in tuple(server.state.pending):
        if pending.update["update_id"] < offset:
            server.settle(pending)
    limit = min(max(params.get("limit", MAX_UPDATES), 1), MAX_UPDATES)
    try:
        seconds = min(params.get("timeout", 0), MAX_POLL_SECONDS)
        await server.changes.wait_for(lambda: server.state.pending, seconds)
    except TimeoutError:
        return []
    updates = [pending.update for pending in server.state.pending]
    return sorted(updates, key=lambda update: int(update["update_id"]))[:limit]
