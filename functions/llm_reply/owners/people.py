"""/block and /unblock; finds a person by an id, a username or a reply."""

import asyncio
import re
from dataclasses import dataclass

from functions.llm_reply import settings
from functions.llm_reply.formatting.split import plain
from functions.llm_reply.messaging import bot_api
from troupe import user_admin
from troupe.admission import Admission
from troupe.conversations.jobs.owners import OwnerCommandJob
from troupe.telegram.owner_texts import owner_texts
from troupe.users import User

ID = re.compile(r"[0-9]{1,16}")
USERNAME = re.compile(r"@(\w{3,32})", re.ASCII)


@dataclass(frozen=True)
class Meant:
    """`rest` is the part of the command after the person's name."""

    user_id: int
    user: User | None
    rest: str

    @property
    def name(self) -> str:
        """First name, username and id, as far as they are known."""
        named = [self.user.first_name, self.user.username and f"@{self.user.username}"] if self.user else []
        known = " ".join(filter(None, named))
        return f"{known} ({self.user_id})" if known else str(self.user_id)


class NobodyMeantError(Exception):
    """The message tells the owner the reason."""


async def block(job: OwnerCommandJob) -> None:
    said, meant = owner_texts(job.language), await person_meant(job)
    if settings.policy.is_owner(meant.user_id):
        text = said.owner_stays
    else:
        text = said.blocked if await asyncio.to_thread(user_admin.ban, meant.user_id) else said.was_blocked
    await answer(job, text.format(who=meant.name, id=meant.user_id))


async def unblock(job: OwnerCommandJob) -> None:
    said, meant = owner_texts(job.language), await person_meant(job)
    text = said.unblocked if await asyncio.to_thread(user_admin.unban, meant.user_id) else said.was_not_blocked
    found = await asyncio.to_thread(User.find, meant.user_id)
    if settings.policy.admission(meant.user_id, found) is Admission.UNINVITED:
        text = f"{text} {said.still_uninvited}"
    await answer(job, text.format(who=meant.name, id=meant.user_id))


async def answer(job: OwnerCommandJob, text: str) -> None:
    """:raises telegram.error.TelegramError: see `failures.of_telegram`"""
    await bot_api.send_parts(job.chat_id, plain(text), thread_id=job.thread_id)


async def person_meant(job: OwnerCommandJob) -> Meant:
    """:raises NobodyMeantError: the command names nobody, or a username that nobody or several people have had"""
    return await asyncio.to_thread(_person_meant, job)


def _person_meant(job: OwnerCommandJob) -> Meant:
    first, _, rest = job.argument.partition(" ")
    if ID.fullmatch(first):
        user_id = int(first)
    elif named := USERNAME.fullmatch(first):
        user_id = _of_username(named[1], job.language)
    elif job.about_id:
        user_id, rest = job.about_id, job.argument
    else:
        raise NobodyMeantError(owner_texts(job.language).whom.format(command=job.command))
    return Meant(user_id, User.find(user_id), rest.strip())


def _of_username(username: str, language: str) -> int:
    said = owner_texts(language)
    found = user_admin.ids_of(username)
    if not found:
        raise NobodyMeantError(said.unknown_username.format(name=f"@{username}"))
    if len(found) > 1:
        raise NobodyMeantError(said.ambiguous_username.format(name=f"@{username}", ids=", ".join(map(str, found))))
    return found[0]
