"""Shows the answer in the chat while it grows. A draft that fails does no harm."""

import asyncio
import time
from types import TracebackType
from typing import Self

from telegram.error import TelegramError

from functions.llm_reply.failures import of_telegram
from functions.llm_reply.formatting.split import OutgoingMessage, draft
from functions.llm_reply.messaging.bot_client import bot
from troupe.clock import now_ms
from troupe.observability import count

# Telegram allows 20 drafts in 5 s and 40 in 30 s per chat, typing actions included:
# https://core.telegram.org/api/bots/ai#limits
INTERVAL_S = 1.2
# A draft lapses after 30 s.
RENEWAL_S = 20
# Seconds that Telegram may take for a draft, and that a draft under way can hold up the end of the block. A draft that
# Telegram shows later lapses by itself.
DRAFT_S = 3
LAST_DRAFT_S = 0.5

# The chats in which Telegram has asked for a pause, and its end on time.monotonic's clock. A pause outlasts a turn.
_quiet: dict[int, float] = {}


class Drafts:
    """Shows "thinking" at once, then the newest text given to `grow`, until the block ends or Telegram refuses a draft.

    :param aloud: the answer will be a voice message: "recording a voice message" is shown instead
    """

    def __init__(self, chat_id: int, draft_id: int, thread_id: int | None, *, aloud: bool = False) -> None:
        self._chat_id, self._draft_id, self._thread_id = chat_id, draft_id, thread_id
        self._aloud = aloud
        self._text = ""
        # The time at which the chat showed the first words, in milliseconds since 1970.
        self.first_words_at: int | None = None
        self._grown, self._over = asyncio.Event(), asyncio.Event()

    @property
    def has_words(self) -> bool:
        return bool(self._text)

    def grow(self, text: str) -> None:
        self._text = text
        self._grown.set()

    async def __aenter__(self) -> Self:
        self._showing = asyncio.create_task(self._show())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._grown.set()
        try:
            await asyncio.wait([self._showing], timeout=LAST_DRAFT_S)
        finally:
            self._showing.cancel()

    async def _show(self) -> None:
        shown = None
        while not await self._ended(self._quiet_s()):
            self._grown.clear()
            # A long text takes long to read, and the other chats share this thread.
            part = await asyncio.to_thread(draft, self._text)
            if part == shown:
                shown = await self._waited_for_more(shown)
                continue
            try:
                await self._send(part)
            except TelegramError as error:
                count("DraftsRefused")
                refusal = of_telegram(error)
                if not refusal.retry:
                    return
                self._hush(refusal.after_s or INTERVAL_S)
            else:
                shown = part
                self.first_words_at = self.first_words_at or (now_ms() if part.text and not self._aloud else None)
                # The first words need not wait for the next interval.
                if part.text:
                    await self._ended(INTERVAL_S)

    async def _send(self, part: OutgoingMessage) -> None:
        if self._aloud:
            await bot().send_chat_action(
                self._chat_id, "record_voice", message_thread_id=self._thread_id, read_timeout=DRAFT_S
            )
            return
        await bot().send_message_draft(
            self._chat_id,
            self._draft_id,
            part.text,
            message_thread_id=self._thread_id,
            entities=part.entities,
            read_timeout=DRAFT_S,
            # Bot API 10.3: a button that stops the answer. Telegram keeps the draft until the answer is sent.
            api_kwargs={"can_stop": True, "keep_on_stop": True},
        )

    async def _waited_for_more(self, shown: OutgoingMessage) -> OutgoingMessage | None:
        """Waits for more text. Returns the draft on screen, or None after 20 s: it lapses and must be sent again."""
        try:
            async with asyncio.timeout(RENEWAL_S):
                await self._grown.wait()
        except TimeoutError:
            return None
        return shown

    async def _ended(self, within_s: float) -> bool:
        try:
            async with asyncio.timeout(within_s):
                await self._over.wait()
        except TimeoutError:
            return False
        return True

    def _hush(self, wait_s: float) -> None:
        now = time.monotonic()
        for chat_id in [chat_id for chat_id, until in _quiet.items() if until < now]:
            del _quiet[chat_id]
        _quiet[self._chat_id] = now + wait_s

    def _quiet_s(self) -> float:
        return max(0, _quiet.get(self._chat_id, 0) - time.monotonic())
