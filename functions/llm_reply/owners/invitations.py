"""/invite: a link for some people, or the admission of one."""

import asyncio
import re
from datetime import timedelta

from functions.llm_reply import settings
from functions.llm_reply.messaging.bot_client import bot
from functions.llm_reply.owners.people import answer, person_meant
from troupe import user_admin
from troupe.admission import INVITATION_PREFIX, LIST
from troupe.clock import now_ms
from troupe.conversations.jobs.owners import OwnerCommandJob
from troupe.invitations import MAX_DAYS, MAX_USES, make
from troupe.telegram.owner_texts import owner_texts, written_time

# "/invite", "/invite 10", "/invite 10 30d": for how many people, and for how many days. No id is as short as a number.
TERMS = re.compile(r"(?P<uses>[0-9]{1,3})?\s*((?P<days>[0-9]{1,3})\s*[dд])?")
DEFAULT_USES, DEFAULT_DAYS = 1, 7


async def invite(job: OwnerCommandJob) -> None:
    terms = TERMS.fullmatch(job.argument)
    if job.about_id or not terms:
        await _admit(job)
    elif settings.policy.mode == LIST:
        await answer(job, owner_texts(job.language).no_links)
    else:
        await _make_link(job, terms)


async def _admit(job: OwnerCommandJob) -> None:
    said, meant = owner_texts(job.language), await person_meant(job)
    text = said.admitted if await asyncio.to_thread(user_admin.admit, meant.user_id) else said.was_admitted
    if meant.user and meant.user.banned_at:
        text = f"{text} {said.still_blocked}"
    await answer(job, text.format(who=meant.name, id=meant.user_id))


async def _make_link(job: OwnerCommandJob, terms: re.Match[str]) -> None:
    uses = min(max(int(terms["uses"] or DEFAULT_USES), 1), MAX_USES)
    lifetime = timedelta(days=min(max(int(terms["days"] or DEFAULT_DAYS), 1), MAX_DAYS))
    code = await asyncio.to_thread(make, job.person_id, uses, lifetime)
    link = f"https://t.me/{await _username()}?start={INVITATION_PREFIX}{code}"
    until = written_time(now_ms() + round(lifetime.total_seconds() * 1000))
    await answer(job, owner_texts(job.language).invitation.format(uses=uses, until=until, link=link))


async def _username() -> str:
    return str((await bot().get_me()).username)
