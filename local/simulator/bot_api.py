"""Bot API calls: validated, recorded, subjected to scripted faults, and executed."""

import asyncio
import inspect
import logging
import time
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from local.simulator import files, messages, presence, profile, subscriptions, validation, voice
from local.simulator.faults import Fault, Faults
from local.simulator.flood import Flood
from local.simulator.refusal import Json, Refused
from local.simulator.telegram_server import TelegramServer

log = logging.getLogger(__name__)
MAX_CALLS_KEPT = 20_000

METHODS: dict[str, Callable[[TelegramServer, Json], Any]] = {
    "getMe": profile.get_me,
    "setWebhook": subscriptions.set_webhook,
    "deleteWebhook": subscriptions.delete_webhook,
    "getWebhookInfo": subscriptions.get_webhook_info,
    "getUpdates": subscriptions.get_updates,
    "sendMessage": messages.send_message,
    "sendPhoto": messages.send_photo,
    "sendDocument": messages.send_document,
    "sendVoice": voice.send_voice,
    "getFile": files.get_file,
    "editMessageText": messages.edit_message_text,
    "editMessageReplyMarkup": messages.edit_message_reply_markup,
    "deleteMessage": messages.delete_message,
    "deleteMessages": messages.delete_messages,
    "sendChatAction": presence.send_chat_action,
    "sendMessageDraft": presence.send_message_draft,
    "answerCallbackQuery": presence.answer_callback_query,
    "setMyCommands": profile.set_my_commands,
    "getMyCommands": profile.get_my_commands,
    "deleteMyCommands": profile.delete_my_commands,
    "setChatMenuButton": profile.set_chat_menu_button,
    "getChatMenuButton": profile.get_chat_menu_button,
    "setMyName": profile.setter("name"),
    "getMyName": profile.getter("name"),
    "setMyDescription": profile.setter("description"),
    "getMyDescription": profile.getter("description"),
    "setMyShortDescription": profile.setter("short_description"),
    "getMyShortDescription": profile.getter("short_description"),
}


@dataclass
class Call:
    """One call and its answer. `at` is Unix time; `result` is None if the call was refused."""

    method: str
    params: Json
    at: float
    by_webhook: bool = False
    result: Any = None
    error_code: int | None = None
    description: str | None = None

    @property
    def ok(self) -> bool:
        return self.error_code is None

    @property
    def chat_id(self) -> int | None:
        chat_id = self.params.get("chat_id")
        return chat_id if isinstance(chat_id, int) else None


class ConnectionLost(Exception):  # noqa: N818 - an outcome of a call, not a failure of the simulator
    """The connection closes without an answer."""


class MalformedAnswer(Exception):  # noqa: N818 - as above
    """The caller gets an answer whose last character is missing."""

    def __init__(self, result: Any) -> None:
        super().__init__()
        self.result = result


@dataclass
class BotApi:
    server: TelegramServer
    flood: Flood | None = field(default_factory=Flood)
    faults: Faults = field(default_factory=Faults)
    calls: list[Call] = field(default_factory=list)

    async def execute(self, method: str, params: Json, *, by_webhook: bool = False) -> Any:
        """:raises Refused: the Bot API's error
        :raises ConnectionLost: a scripted fault closes the connection
        :raises MalformedAnswer: a scripted fault breaks the answer's JSON
        """
        call = Call(method, params, time.time(), by_webhook)
        try:
            call.result = deepcopy(await self._meet_faults(call))
        except Refused as refused:
            call.error_code, call.description = refused.code, refused.description
            raise
        except ConnectionLost:
            call.error_code, call.description = 0, "connection closed"
            raise
        except MalformedAnswer:
            call.error_code, call.description = 0, "answer malformed"
            raise
        finally:
            self._record(call)
        return call.result

    def _record(self, call: Call) -> None:
        self.calls.append(call)
        del self.calls[:-MAX_CALLS_KEPT]
        self.server.changes.publish(0, {"type": "call"})

    async def _meet_faults(self, call: Call) -> Any:
        model = validation.method_model(call.method)
        call.method = model.__api_method__
        call.params = validation.validated(model, call.params)
        fault = self.faults.next_for(call.method, call.params)
        if not fault:
            return await self._do(call)
        if fault.when == "before":
            await _strike(fault)
            return await self._do(call)
        result = await self._do(call)
        await _strike(fault, result)
        return result

    async def _do(self, call: Call) -> Any:
        if call.method not in METHODS:
            log.error("The Telegram simulator does not do %s", call.method)
            raise Refused(501, f"Not Implemented: the simulator does not do {call.method}")
        if self.flood:
            self.flood.check(call.method, call.params)
        result = METHODS[call.method](self.server, call.params)
        return await result if inspect.isawaitable(result) else result


async def _strike(fault: Fault, result: Any = None) -> None:
    await asyncio.sleep(fault.hang)
    if fault.disconnect:
        raise ConnectionLost
    if fault.malformed:
        raise MalformedAnswer(result)
    if refusal := fault.refusal():
        raise refusal
