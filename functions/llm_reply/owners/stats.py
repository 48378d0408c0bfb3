"""/stats: people, messages, money, limits, errors and the model. No table is scanned."""

import asyncio

from functions.llm_reply import settings
from functions.llm_reply.owners.people import answer
from troupe import aws, model_state
from troupe.conversations.jobs.owners import OwnerCommandJob
from troupe.conversations.turn import Turn
from troupe.spending import report
from troupe.spending.money import dollars
from troupe.telegram.owner_texts import owner_texts, written_time
from troupe.users import User


async def stats(job: OwnerCommandJob) -> None:
    said, limits = owner_texts(job.language), settings.limits
    spending, people, turns = await asyncio.gather(
        asyncio.to_thread(report.of_bot, limits),
        asyncio.to_thread(_rows_of, User),
        asyncio.to_thread(_rows_of, Turn),
    )
    reached = ", ".join(said.limits[limit] for limit in spending.reached) or said.none
    text = said.stats.format(
        people=people,
        turns=turns,
        messages_today=spending.messages_today,
        messages_month=spending.messages_this_month,
        today=_money(spending.today),
        day_limit=_limit(limits.bot_day),
        month=_money(spending.this_month),
        month_limit=_limit(limits.bot_month),
        reached=reached,
        requests=spending.requests_today,
        failures=spending.failures_today,
        model=settings.openai_model,
    )
    state = await asyncio.to_thread(model_state.read)
    if state.fallback:
        since = written_time(int(state.fallback_since))
        text += "\n" + said.stats_fallback.format(fallback=state.fallback, since=since, failure=state.failure)
    await answer(job, text)


def _rows_of(table: type[User] | type[Turn]) -> int:
    """As DynamoDB counts them, about every six hours: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html"""
    return int(aws.client("dynamodb").describe_table(TableName=table.Meta.table_name)["Table"]["ItemCount"])


def _money(amount: float) -> str:
    return f"${amount:.2f}" if amount >= 1 or not amount else f"${amount:.4f}"


def _limit(nanodollars: int) -> str:
    return _money(dollars(nanodollars)) if nanodollars else "∞"
