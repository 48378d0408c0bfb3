"""The first calls of a process, made while Lambda starts it.

A first call opens a connection and loads what botocore loads late. During INIT a function has a whole processor for
that, whatever its memory; its first request has the share that its memory buys, a seventh of one with 256 MB.
"""

import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from botocore.exceptions import ClientError

from troupe.aws import client
from troupe.observability import logger

# Lambda ends an INIT after 10 s, and then starts the function again at the small share of a processor.
MAX_WAIT_S = 3


def make(*calls: Callable[[], object]) -> None:
    """Makes the calls side by side, in Lambda only. One that fails or takes too long is left to the first request."""
    if "AWS_LAMBDA_FUNCTION_NAME" not in os.environ:
        return
    threads = [threading.Thread(target=_attempt, args=(call,), daemon=True) for call in calls]
    for thread in threads:
        thread.start()
    give_up_at = time.monotonic() + MAX_WAIT_S
    for thread in threads:
        thread.join(max(0, give_up_at - time.monotonic()))


def _attempt(call: Callable[[], object]) -> None:
    try:
        call()
    except Exception as error:  # noqa: BLE001 - whatever fails here fails again, or does not, in the first request
        logger.warning("A first call failed", extra={"error": type(error).__name__})


def reach_queue() -> None:
    """Sends a batch of no jobs, which SQS refuses and stores nowhere. No call of SQS needs fewer rights."""
    with suppress(ClientError):
        client("sqs").send_message_batch(QueueUrl=os.environ["REPLY_QUEUE_URL"], Entries=[])
