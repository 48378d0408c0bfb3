"""`make redrive`: sends dead letters back to the queues that they came from, once the fault that broke them is gone.

Without --go it only counts them. It sends a job before it deletes it. If it stops in between, the job is sent twice and
still answered once, because the turn's row has its state.

SQS's own move task can't be used: it returns a message to its source queue, and a malformed job has none, because the
reply function put it here.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

from deploy.account import Account, client
from deploy.inside import depth
from deploy.stack import live
from deploy.terminal import parser, run, say
from troupe.conversations.jobs.characters import ExportCardJob, ReadCardJob

BATCH = 10
# Visibility timeout, in seconds: long enough to move a batch.
HIDDEN_S = 30
CARD_FILE_KINDS = {ReadCardJob.kind, ExportCardJob.kind}
Message = dict[str, Any]


def batches(url: str) -> Iterator[list[Message]]:
    """In order within each chat. A batch is hidden for HIDDEN_S."""
    while (
        messages := client("sqs")
        .receive_message(
            QueueUrl=url,
            MaxNumberOfMessages=BATCH,
            VisibilityTimeout=HIDDEN_S,
            WaitTimeSeconds=1,
            MessageSystemAttributeNames=["MessageGroupId"],
        )
        .get("Messages")
    ):
        yield messages


def kind(message: Message) -> str:
    try:
        return str(json.loads(message["Body"])["kind"])
    except (ValueError, KeyError, TypeError):
        return "malformed"


def move(message: Message, source: str, target: str) -> None:
    client("sqs").send_message(
        QueueUrl=target,
        MessageBody=message["Body"],
        MessageGroupId=message["Attributes"]["MessageGroupId"],
        # The same for a second attempt at the same message, and different for any other message.
        MessageDeduplicationId=f"redrive:{message['MessageId']}",
    )
    client("sqs").delete_message(QueueUrl=source, ReceiptHandle=message["ReceiptHandle"])


def main(options: argparse.Namespace) -> None:
    Account.open()
    names = live(options.stack).resources()
    source = names["DeadReplyQueue"]
    waiting, out_of_sight = depth(source)
    if not waiting:
        say("The dead-letter queue is empty: there is nothing to send back." + _hidden(out_of_sight))
        return
    if not options.go:
        say(f"{waiting} jobs lie in the dead-letter queue.{_hidden(out_of_sight)} Nothing has been moved.")
        say("`make logs` and docs/operations.md#dead-letters tell the reason.")
        say("After the correction: make redrive ARGS=--go")
        return
    moved: Counter[str] = Counter()
    for messages in batches(source):
        for message in messages:
            move(message, source, names["CardQueue" if kind(message) in CARD_FILE_KINDS else "ReplyQueue"])
            moved[kind(message)] += 1
        say(f"{moved.total()} sent back")
    say("Done: " + ", ".join(f"{number} {what}" for what, number in sorted(moved.items())))


def _hidden(count: int) -> str:
    """The reply function hides a job that it can't read for half a day at a time."""
    return f" {count} more are held by the reply function and can't be moved now." if count else ""


if __name__ == "__main__":
    known = parser("redrive", "Send jobs from the dead-letter queue back to the reply queue.")
    known.add_argument("--go", action="store_true", help="move the jobs; without it they are only counted")
    sys.exit(run(main, known.parse_args()))
