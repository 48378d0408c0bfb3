"""A live stack from outside AWS: Telegram, the model's provider, a person's browser."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from urllib.parse import urljoin

import httpx
from telegram import Bot, MenuButtonWebApp, WebhookInfo

from deploy.findings import Finding, good
from deploy.secret_parameters import MODEL_KEY, TOKEN, required
from deploy.servers import Servers
from deploy.stack import Stack
from publishing.subscription import ALLOWED_UPDATES
from troupe.image_model import OFF, image_model

# Warn this many days before a shutdown: it takes some weeks to try a new model.
MIN_DAYS = 60
# An older error of a delivery is over.
RECENT_S = 3600
MANY_PENDING = 100
TIMEOUT_S = 15


def telegram(stack: Stack) -> Iterator[Finding]:
    """:raises StoppedError: the token is missing or wrong"""
    (token,) = required(stack.name, TOKEN)

    async def look(bot: Bot) -> tuple[str, WebhookInfo, object]:
        webhook, button = await asyncio.gather(bot.get_webhook_info(), bot.get_chat_menu_button())
        return bot.username, webhook, button

    username, webhook, button = Servers.of(stack).ask_telegram(token, look)
    yield good(f"Telegram knows the token: @{username}")
    yield from _webhook(webhook, stack.output("WebhookUrl"))
    page = button.web_app.url if isinstance(button, MenuButtonWebApp) else "nothing"
    if page == stack.output("SiteUrl"):
        yield good(f"menu button: opens {page}")
    else:
        yield Finding(f"menu button: opens {page}, not {stack.output('SiteUrl')}", "`make webhook` sets it.")


def _webhook(webhook: WebhookInfo, address: str) -> Iterator[Finding]:
    if webhook.url != address:
        where = "is not set" if not webhook.url else f"goes to {webhook.url}"
        yield Finding(f"webhook: {where}, not to {address}", "`make webhook` sets it.")
        return
    yield good(f"webhook: {address}")
    if missing := sorted(set(ALLOWED_UPDATES) - set(webhook.allowed_updates)):
        yield Finding(f"webhook: no updates of kind {', '.join(missing)}", "`make webhook` asks for them.")
    pending = webhook.pending_update_count
    if pending >= MANY_PENDING:
        yield Finding(f"webhook: {pending} updates wait at Telegram", "See docs/operations.md#server-errors")
    else:
        yield good(f"webhook: {pending} updates wait at Telegram")
    if webhook.last_error_date:
        age = (datetime.now(UTC) - webhook.last_error_date).total_seconds()
        what = f"webhook: {age / 60:.0f} minutes ago Telegram met: {webhook.last_error_message}"
        advice = "403: run `make webhook`; else see docs/operations.md#server-errors" if age < RECENT_S else ""
        yield Finding(what, advice)


def model(stack: Stack) -> Iterator[Finding]:
    """:raises StoppedError: the key is missing or wrong"""
    (key,) = required(stack.name, MODEL_KEY)
    name = stack.parameters.get("OpenAiModel", "")
    models = Servers.of(stack).models(key)
    yield _of_model(name, "OPENAI_MODEL", models)
    drawing = image_model(stack.parameters.get("ImageModel", OFF), stack.parameters.get("OpenAiBaseUrl", ""))
    if drawing != OFF and not stack.parameters.get("ImageBaseUrl"):
        yield _of_model(drawing, "IMAGE_MODEL", models)


def _of_model(name: str, setting: str, models: Mapping[str, date | None]) -> Finding:
    """:param models: those that the provider has, with their shutdown dates"""
    if name in models:
        return shutdown(name, models[name], datetime.now(UTC).date())
    return Finding(
        f"model {name}: the provider has none of that name for this key",
        f"{setting}=<one it has> make deploy. See docs/operations.md#another-model",
    )


def shutdown(name: str, day: date | None, today: date) -> Finding:
    if day is None:
        return good(f"model {name}: no shutdown date is announced")
    left = (day - today).days
    what = f"model {name}: shuts down on {day}, in {left} days"
    return Finding(what, "Choose another: docs/operations.md#another-model") if left < MIN_DAYS else good(what)


def site(stack: Stack) -> Iterator[Finding]:
    page = stack.output("SiteUrl")
    answer = _get(page)
    if isinstance(answer, Finding):
        yield answer
        return
    policy = answer.headers.get("content-security-policy", "")
    if not answer.is_success or "text/html" not in answer.headers.get("content-type", ""):
        yield Finding(f"picker: {page} answers {answer.status_code}", "`make site` uploads it.")
    elif "web.telegram.org" not in policy or "x-frame-options" in answer.headers:
        yield Finding(
            "picker: its headers keep Telegram's web clients from showing it", "`make deploy` puts the headers back."
        )
    else:
        yield good(f"picker: {page} is there, and Telegram may show it")
    yield _characters(urljoin(page, "api/characters"))


def _characters(address: str) -> Finding:
    answer = _get(address)
    if isinstance(answer, Finding):
        return answer
    if not answer.is_success:
        return Finding(f"picker's API: answers {answer.status_code}", "See docs/operations.md#server-errors")
    try:
        shown = len(answer.json()["characters"])
    except (json.JSONDecodeError, KeyError, TypeError):
        return Finding("picker's API: its answer is no list of characters", "`make deploy` puts it in again.")
    return good(f"picker's API: {shown} characters") if shown else Finding("no characters", "`make cast` loads them.")


def door(stack: Stack) -> Iterator[Finding]:
    """A request without the secret must be refused."""
    address = stack.output("WebhookUrl")
    try:
        status = httpx.post(address, content=b"{}", timeout=TIMEOUT_S).status_code
    except httpx.HTTPError as error:
        yield Finding(
            f"webhook: {address} can't be reached ({type(error).__name__})", "See docs/operations.md#server-errors"
        )
        return
    if status == httpx.codes.FORBIDDEN:
        yield good("webhook: answers, and refuses a request without the secret")
    else:
        yield Finding(f"webhook: answers {status} to a stranger", "See docs/operations.md#server-errors")


def _get(address: str) -> httpx.Response | Finding:
    try:
        return httpx.get(address, timeout=TIMEOUT_S)
    except httpx.HTTPError as error:
        advice = (
            "A new distribution takes some minutes to be known everywhere; a domain of your own needs its DNS record."
        )
        return Finding(f"{address} can't be reached ({type(error).__name__})", advice)
