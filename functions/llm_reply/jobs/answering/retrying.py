"""A turn that failed is tried again later, or ends without an answer."""

from functions.llm_reply.failures import Failure
from functions.llm_reply.messaging.endings import do_without
from functions.llm_reply.queue_work.batch import PostponedError
from troupe.conversations.turn import Turn


async def postpone_or_do_without(turn: Turn, failure: Failure) -> None:
    """:raises PostponedError: another attempt may bring an answer"""
    if is_tried_again(turn, failure):
        raise PostponedError(failure.wait_s(int(turn.attempts) + 1), failure.name)
    await do_without(turn, failure)


def is_tried_again(turn: Turn, failure: Failure) -> bool:
    return failure.tries > turn.attempts + 1
