"""Commands about a person's own data: /privacy, /export, /delete."""

import os
import secrets
from urllib.parse import urlsplit

from functions.webhook import settings
from functions.webhook.commands.command import Command
from functions.webhook.context import Method, UpdateContext
from functions.webhook.queueing import queue_job
from functions.webhook.update import Message
from troupe import retention
from troupe.clock import now_ms
from troupe.conversations.jobs.privacy import EraseJob, ExportJob
from troupe.erasure import Erasure
from troupe.telegram.callback_data import CallbackData
from troupe.telegram.privacy_texts import privacy_texts

# An older question is asked again: the person may press its button by mistake.
MAX_QUESTION_AGE_S = 900
# SQS drops a repeat within five minutes, so a person gets their files once in that time.
EXPORT_EVERY_MS = 300_000


def privacy(context: UpdateContext, _message: Message, _argument: str) -> Method:
    said = privacy_texts(context.language_tag)
    days = retention.days()
    speaking = [settings.speech_base_url] if settings.can_speak else []
    servers = [settings.openai_base_url, *settings.other_servers, *speaking]
    return context.say(
        said.privacy.format(
            region=os.environ.get("AWS_REGION", ""),
            term=said.kept_for.format(days=days) if days else said.kept_for_ever,
            model=", ".join(dict.fromkeys(str(urlsplit(server).hostname) for server in servers)),
            events=urlsplit(settings.amplitude_server_url).hostname,
            log_days=settings.log_retention_days,
        )
    )


def export(context: UpdateContext, _message: Message, _argument: str) -> Method:
    queue_job(context, ExportJob, f"{context.person.user_id}:{now_ms() // EXPORT_EVERY_MS}")
    return context.say(privacy_texts(context.language_tag).export_coming)


def delete(context: UpdateContext, _message: Message, _argument: str) -> Method:
    said, asked_at = privacy_texts(context.language_tag), str(now_ms() // 1000)
    rows = [
        [{"text": text, "callback_data": str(CallbackData("erase", (choice, asked_at)))}]
        for text, choice in ((said.erase_yes, "yes"), (said.erase_no, "no"))
    ]
    return context.say(said.erase_ask, reply_markup={"inline_keyboard": rows})


def press_erase(context: UpdateContext, pressed: CallbackData) -> Method:
    """Marks the person's row first: from then on nothing new is written for them."""
    said = privacy_texts(context.language_tag)
    if pressed.arguments[0] == "no":
        return context.say(said.nothing_erased)
    if now_ms() // 1000 - pressed.number(1) > MAX_QUESTION_AGE_S:
        return context.say(context.texts.old_button)
    erasure = Erasure(reference=secrets.token_hex(4).upper(), asked_at=now_ms()).begin(context.person.user_id)
    queue_erasure(context, erasure)
    return context.say(said.being_erased)


def refuse_while_erased(context: UpdateContext) -> Method:
    """Queues the job again: the process that marked the row may have died before it did."""
    erasure = Erasure.of(context.user)
    if erasure:
        queue_erasure(context, erasure)
    return context.say(privacy_texts(context.language_tag).being_erased)


def queue_erasure(context: UpdateContext, erasure: Erasure) -> None:
    queue_job(context, EraseJob, erasure.reference, reference=erasure.reference, message_id=context.button_message_id)


COMMANDS: dict[str, Command] = {"privacy": privacy, "export": export, "delete": delete}
