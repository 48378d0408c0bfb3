"""`make redrive`: sends jobs from the dead-letter queue back to work, once what broke them is mended.

Says what lies there; moves it only with --go. A job is sent first and deleted after: one that is moved twice because
this stopped in between is answered once all the same, for its turn knows.

It moves the jobs itself. SQS's own move task sends a message to where it came from, and does not know that of those
which the reply function put there for being malformed.
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

BATCH = 10
# Long enough to move a batch; a job that was only looked at is back after it.
HIDDEN_S = 30
Message = dict[str, Any]


def batches(url: str) -> Iterator[list[Message]]:
    """In order within each chat. A batch is out of sight until its time is over, or it is deleted."""
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
        # Equal for a second try at the same message, and no other's.
        MessageDeduplicationId=f"redrive:{message['MessageId']}",
    )
    client("sqs").delete_message(QueueUrl=source, ReceiptHandle=message["ReceiptHandle"])


def main(options: argparse.Namespace) -> None:
    Account.open()
    names = live(options.stack).resources()
    source, target = names["DeadReplyQueue"], names["ReplyQueue"]
    waiting, out_of_sight = depth(source)
    if not waiting:
        say("The dead-letter queue is empty: there is nothing to send back." + _hidden(out_of_sight))
        return
    if not options.go:
        say(f"{waiting} jobs lie in the dead-letter queue.{_hidden(out_of_sight)} Nothing has been moved.")
        say("`make logs` and docs/operations.md#dead-letters say why they are there.")
        say("Once that is mended: make redrive ARGS=--go")
        return
    moved: Counter[str] = Counter()
    for messages in batches(source):
        for message in messages:
            move(message, source, target)
            moved[kind(message)] += 1
        say(f"{moved.total()} sent back to work")
    say("Done: " + ", ".join(f"{number} {what}" for what, number in sorted(moved.items())))


def _hidden(count: int) -> str:
    """What the reply function could make nothing of, it leaves hidden, and looks at again twice a day."""
    return f" {count} more are held by the reply function and can't be moved now." if count else ""


if __name__ == "__main__":
    known = parser("redrive", "Send jobs from the dead-letter queue back to work.")
    known.add_argument("--go", action="store_true", help="do it; without this only says what would be done")
    sys.exit(run(main, known.parse_args()))
