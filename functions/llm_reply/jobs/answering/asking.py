"""One answer of the model: shown as it grows, ended early by moderation or by the person."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace

from functions.llm_reply import settings
from functions.llm_reply.failures import Failure
from functions.llm_reply.jobs.answering.stopping import stoppable
from functions.llm_reply.jobs.speaking.delivering import is_aloud
from functions.llm_reply.llm.errors import TOO_LONG, ModelError
from functions.llm_reply.llm.generation import MAX_OUTPUT_TOKENS, Generated, Request
from functions.llm_reply.llm.interruption import Interruption
from functions.llm_reply.messaging.drafts import Drafts
from functions.llm_reply.prompting.attached import pictures_in
from functions.llm_reply.prompting.context import PromptContext, build_context, read
from functions.llm_reply.queue_work.batch import Task
from functions.llm_reply.safety.screening import Screening, Show
from troupe.conversations.turn import Turn
from troupe.observability import record_ms
from troupe.users import User

# The model finds the prompt too long: it gets these shares of the earlier turns, and less room for its answer.
SHARES = (1 / 4, 0)
SHORT_ANSWER = MAX_OUTPUT_TOKENS // 4

Generate = Callable[[Request], Awaitable[Generated]]


async def ask(  # noqa: PLR0917 - all that an answer depends on
    turn: Turn, user: User, task: Task, generate: Generate, context: PromptContext, screening: Screening
) -> Generated | Failure:
    """Asks the model, and shows its answer in the chat as drafts while it grows.

    :param generate: `BookedModel.generate`, booked on the person
    :raises ModelError: there is none
    :raises LimitReachedError: the model may not be asked
    """
    deadline = time.monotonic() + min(settings.model_timeout_s, task.left_s() - settings.telegram_timeout_s)
    async with (
        Drafts(int(turn.chat_id), int(turn.message_id), turn.topic_id, aloud=is_aloud(user)) as drafts,
        stoppable(turn, user, lambda: drafts.has_words) as interruption,
    ):
        asking = _Asking(turn, generate, deadline, interruption)
        generated = await screening.guard(drafts.grow, lambda show: asking.within_context(context, show))
    if drafts.first_words_at:
        record_ms("ReceiptToFirstWords", drafts.first_words_at - int(turn.received_at))
    return generated


class _Asking:
    def __init__(self, turn: Turn, generate: Generate, deadline: float, interruption: Interruption) -> None:
        self._turn, self._ask, self._deadline, self._interruption = turn, generate, deadline, interruption

    async def within_context(self, context: PromptContext, show: Show) -> Generated | Failure:
        """Asks again with less to read, and with less to say, as long as the model finds the prompt too long."""
        try:
            return await self._generate(context, show, MAX_OUTPUT_TOKENS)
        except ModelError as error:
            too_long = error
        for share in SHARES:
            if too_long.failure != TOO_LONG:
                break
            shorter = await self._shortened(share, context)
            if isinstance(shorter, Failure):
                return shorter
            try:
                return await self._generate(shorter, show, SHORT_ANSWER)
            except ModelError as error:
                too_long = error
        raise too_long

    async def _generate(self, context: PromptContext, show: Show, max_tokens: int) -> Generated:
        left_s = self._deadline - time.monotonic()
        return await self._ask(Request(context.prompt, left_s, max_tokens, show, interruption=self._interruption))

    async def _shortened(self, share: float, context: PromptContext) -> PromptContext | Failure:
        """In the last try it leaves the pictures out: they may be too long."""
        turn = self._turn
        known = await read(int(turn.person_id), int(turn.chat_id), int(turn.message_id))
        pictures = tuple(pictures_in(context.prompt))
        left_out = bool(pictures) and not share
        known = replace(known, pictures=() if left_out else pictures, unseen="blind" if left_out else context.unseen)
        return await asyncio.to_thread(build_context, turn, known, round(settings.history_tokens * share), 0)
