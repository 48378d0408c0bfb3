"""Connects the real Telegram without a public address: fetches updates and posts them to our webhook."""

import asyncio
import logging
from typing import Any

import aiohttp

from publishing.subscription import ALLOWED_UPDATES

logger = logging.getLogger(__name__)

LONG_POLL_S = 30
WAIT_S = 2


class PollingRefusedError(RuntimeError):
    """Telegram refuses getUpdates for this bot. The message says why and what to do."""


class Polling:
    def __init__(self, session: aiohttp.ClientSession, api_url: str, token: str, webhook_url: str, secret: str) -> None:
        self._session = session
        self._bot_url = f"{api_url}/bot{token}"
        self._webhook_url = webhook_url
        self._secret = secret

    async def run(self) -> None:
        """Runs until cancelled. Confirms an update to Telegram once the webhook has taken it.

        :raises PollingRefusedError: wrong token, or the bot has a webhook elsewhere
        """
        offset = 0
        while True:
            parameters = {"offset": offset, "timeout": LONG_POLL_S, "allowed_updates": ALLOWED_UPDATES}
            try:
                answer = await self._call("getUpdates", parameters)
            except (aiohttp.ClientError, TimeoutError):
                logger.warning("Telegram can't be reached; trying again")
                await asyncio.sleep(WAIT_S)
                continue
            _refuse(answer)
            updates = answer.get("result", [])
            chats: dict[Any, list[dict[str, Any]]] = {}
            for update in updates:
                chats.setdefault(_queue(update), []).append(update)
            await asyncio.gather(*(self._hand_over(chat) for chat in chats.values()))
            offset = max((update["update_id"] + 1 for update in updates), default=offset)

    async def _hand_over(self, updates: list[dict[str, Any]]) -> None:
        """Posts the updates of one chat in order, each until the webhook takes it, as Telegram does."""
        for update in updates:
            while not await self._post(update):  # noqa: ASYNC110 - only another try can tell
                await asyncio.sleep(WAIT_S)

    async def _post(self, update: dict[str, Any]) -> bool:
        headers = {"X-Telegram-Bot-Api-Secret-Token": self._secret}
        try:
            async with self._session.post(self._webhook_url, json=update, headers=headers) as response:
                if not response.ok:
                    return False
                method = await response.json(content_type=None) if response.content_length else None
        except (aiohttp.ClientError, TimeoutError):
            return False
        if method:
            try:
                await self._call(method.pop("method"), method)
            except (aiohttp.ClientError, TimeoutError):
                logger.warning("Telegram can't be reached; the webhook's immediate answer is lost")
        return True

    async def _call(self, method: str, parameters: dict[str, Any]) -> dict[str, Any]:
        timeout = aiohttp.ClientTimeout(total=LONG_POLL_S + 10)
        async with self._session.post(f"{self._bot_url}/{method}", json=parameters, timeout=timeout) as response:
            answer: dict[str, Any] = await response.json(content_type=None)
        return answer


def _queue(update: dict[str, Any]) -> Any:
    """The key of the update's queue. Telegram keeps order within a chat, and within a person's button presses."""
    for kind in ALLOWED_UPDATES:
        if kind in update:
            return update[kind].get("chat", update[kind].get("from", {})).get("id")
    return None


def _refuse(answer: dict[str, Any]) -> None:
    code = answer.get("error_code")
    if code in {401, 404}:
        raise PollingRefusedError("Telegram does not know this TELEGRAM_BOT_TOKEN. @BotFather shows the right one.")
    if code == 409:  # noqa: PLR2004 - Conflict
        raise PollingRefusedError(
            "This bot has a webhook, or is polled elsewhere, so its updates go there. Use another bot for trying "
            "things out, or take its webhook away (deleteWebhook)."
        )
