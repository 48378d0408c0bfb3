"""Warns the owners before a model that answers here is shut down: 60, 14 and 3 days before, once each."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, date, datetime

import openai
from openai import AsyncOpenAI

from functions.llm_reply import settings
from functions.llm_reply.llm.shutdown_dates import KNOWN
from functions.llm_reply.messaging.owner_notice import tell_owners
from troupe import model_state
from troupe.clock import now_ms

DAYS_BEFORE = (3, 14, 60)
TIMEOUT_S = 10
# The day of the last check of this process.
_checked: list[date] = []


async def warn_of_shutdown(models: Iterable[tuple[AsyncOpenAI, str]]) -> None:
    """Warns the owners, once a day. A check that fails is repeated at the schedule's next invocation.

    :param models: each with the client of its server
    :raises troupe.tables.ERRORS: the warnings given so far can't be read or stored
    """
    today = datetime.fromtimestamp(now_ms() / 1000, UTC).date()
    if not settings.policy.owners or today in _checked:
        return
    reached = [await _warn(client, model, today) for client, model in models]
    if all(reached):
        _checked[:] = [today]


async def _warn(client: AsyncOpenAI, model: str, today: date) -> bool:
    shutdown = await _shutdown_date(client, model)
    days = (shutdown - today).days if shutdown else DAYS_BEFORE[-1] + 1
    stage = next((stage for stage in DAYS_BEFORE if days <= stage), None)
    if shutdown is None or stage is None:
        return True
    warning = f"{model} {shutdown} {stage}"
    state = await asyncio.to_thread(model_state.read)
    if warning in (state.warned or ()):
        return True
    if not await tell_owners("model_ends", model=model, date=shutdown, days=max(days, 0)):
        return False
    await asyncio.to_thread(model_state.note_warning, warning)
    return True


async def _shutdown_date(client: AsyncOpenAI, model: str) -> date | None:
    """The date that the provider's API gives; without one, the date in `shutdown_dates`."""
    try:
        found = await client.with_options(timeout=TIMEOUT_S).models.retrieve(model)
        return date.fromisoformat(found.shutdown_date[:10]) if found.shutdown_date else KNOWN.get(model)
    except (openai.OpenAIError, ValueError):
        return KNOWN.get(model)
