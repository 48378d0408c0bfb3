"""Has Amplitude delete the events of a person who was erased: https://amplitude.com/docs/apis/analytics/user-privacy"""

import asyncio
from urllib.parse import urlsplit, urlunsplit

import httpx

from functions.llm_reply import settings
from functions.llm_reply.queue_work.batch import PostponedError, Task
from functions.llm_reply.trust import tls
from troupe.conversations.jobs.privacy import ForgetEventsJob
from troupe.observability import count, logger

PATH = "/api/2/deletions/users"
TIMEOUT_S = 10
# Within this time the streams bring the person's last changes to Amplitude. An event that comes after the request is
# deleted too, if it comes before Amplitude's next run.
MIN_AGE_S = 180
# Between two tries, while Amplitude can't be reached. It allows one request a second.
MAX_WAIT_S = 3600
# SQS keeps a job for 14 days.
MAX_AGE_S = 13 * 24 * 3600


def deletion_url(events_url: str) -> str:
    """The address of the deletion API that belongs to an address for events.

    That API has hosts of its own: events go to api2.amplitude.com or api.eu.amplitude.com.
    """
    parts = urlsplit(events_url)
    host = {"api2.amplitude.com": "amplitude.com", "api.eu.amplitude.com": "analytics.eu.amplitude.com"}
    before = parts.path.removesuffix("/2/httpapi").removesuffix("/batch").rstrip("/")
    return urlunsplit((parts.scheme, host.get(parts.netloc, parts.netloc), before + PATH, "", ""))


async def forget_events(job: ForgetEventsJob, task: Task) -> None:
    """:raises PostponedError: the events may still be on their way, or Amplitude could not take it just now"""
    if task.age_s < MIN_AGE_S:
        raise PostponedError(MIN_AGE_S - task.age_s)
    if task.left_s() < TIMEOUT_S:
        raise PostponedError(0)
    status = await _ask(job.person)
    if status == httpx.codes.OK:
        count("EventDeletionsAsked")
    elif task.age_s > MAX_AGE_S:
        count("EventDeletionsFailed")
        logger.error("Amplitude was not told to delete a person's events", extra={"person": job.person})
    else:
        logger.warning("Amplitude can't be told now to delete a person's events", extra={"status": status})
        raise PostponedError(min(2.0 ** min(task.receive_count + 2, 20), MAX_WAIT_S))


async def _ask(person: str) -> int:
    """Returns the HTTP status; 0 if Amplitude does not answer."""
    key, secret = await asyncio.to_thread(lambda: (settings.amplitude_api_key(), settings.amplitude_secret_key()))
    asked = {"user_ids": [person], "requester": "troupe", "ignore_invalid_id": "True", "delete_from_org": "False"}
    url = deletion_url(settings.amplitude_server_url)
    try:
        async with httpx.AsyncClient(verify=tls, timeout=TIMEOUT_S) as client:
            return (await client.post(url, json=asked, auth=(key, secret))).status_code
    except httpx.HTTPError:
        return 0
