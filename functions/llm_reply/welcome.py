"""Whether the person of a job may still come in."""

import asyncio

from functions.llm_reply import settings
from troupe.users import User


async def is_welcome(person_id: int) -> bool:
    return settings.policy.admits(person_id, await asyncio.to_thread(User.find, person_id))
