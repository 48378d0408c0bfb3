"""/limit: shows and sets the messages and dollars that a person may use in a day."""

import asyncio
import re

from functions.llm_reply import settings
from functions.llm_reply.owners.people import Meant, answer, person_meant
from troupe import user_admin
from troupe.conversations.jobs.owners import OwnerCommandJob
from troupe.spending import report
from troupe.spending.money import dollars
from troupe.telegram.owner_texts import owner_texts
from troupe.users import User

# Messages a day, and dollars for models a day: "200 0.50". 0 is no limit.
ALLOWANCE = re.compile(r"(?P<messages>[0-9]{1,6})\s+\$?(?P<dollars>[0-9]{1,4}([.,][0-9]{1,4})?)")
DEFAULT = "default"


async def limit(job: OwnerCommandJob) -> None:
    said, meant = owner_texts(job.language), await person_meant(job)
    given = ALLOWANCE.fullmatch(meant.rest)
    if meant.rest and meant.rest.lower() != DEFAULT and not given:
        await answer(job, said.limit_usage)
        return
    if meant.rest:
        messages = int(given["messages"]) if given else None
        money = float(given["dollars"].replace(",", ".")) if given else None
        known = await asyncio.to_thread(
            user_admin.set_allowance, meant.user_id, messages_per_day=messages, dollars_per_day=money
        )
        if not known:
            await answer(job, said.limit_of_nobody.format(who=meant.name))
            return
    await answer(job, await asyncio.to_thread(_shown, job, meant))


def _shown(job: OwnerCommandJob, meant: Meant) -> str:
    limits = settings.limits.of(User.find(meant.user_id))
    spent = report.of_person(meant.user_id, limits)
    return owner_texts(job.language).limit.format(
        who=meant.name,
        messages_today=spent.messages_today,
        messages=limits.messages_per_day or "∞",
        today=f"${spent.today:.4f}",
        dollars=f"${dollars(limits.person_day):.2f}" if limits.person_day else "∞",
        month=f"${spent.this_month:.4f}",
    )
