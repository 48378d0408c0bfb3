"""A person comes by an invitation link: t.me/<bot>?start=invite_<code>. They may have no row yet."""

from functions.webhook.context import Method, typing
from functions.webhook.update import Message
from troupe.admission import INVITATION_PREFIX
from troupe.conversations import kept_words
from troupe.conversations.jobs.entry import RedeemJob
from troupe.conversations.jobs.queue import enqueue
from troupe.telegram.texts import interface_language


def redeem(message: Message, argument: str) -> Method:
    """The reply function lets them in, or says that the invitation is void.

    :param argument: the words behind /start; the first one is the link's
    """
    job = RedeemJob(
        person_id=message.person.user_id,
        chat_id=message.chat_id,
        code=argument.split(maxsplit=1)[0].removeprefix(INVITATION_PREFIX),
        language=interface_language(message.person.language),
        words_id=kept_words.keep(message.person, message.chat_id, message.update_id),
        thread_id=message.thread_id,
        correlation_id=str(message.update_id),
    )
    enqueue(job, f"redeem:{message.update_id}")
    return typing(message.chat_id, message.thread_id)
