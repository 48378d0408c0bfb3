"""`make destroy`: lists the tables that stay, asks, and deletes the stack."""

import argparse
import sys

from telegram import Bot

from deploy.account import Account, client
from deploy.secret_parameters import ALL, OPTIONAL, TOKEN, stored
from deploy.servers import Servers
from deploy.stack import TABLES, Stack, advice, look
from deploy.terminal import StoppedError, ask, interactive, parser, run, say


def announce(stack: Stack, names: dict[str, str], *, with_secrets: bool) -> None:
    say(f"This deletes the stack {stack.name}: functions, queues with their jobs, logs, API, picker, alarms.")
    say("These stay, and cost their storage until you delete them:")
    for table in TABLES:
        if table in names:
            say(f"  table {names[table]}")
    if not with_secrets:
        say(f"  the secrets under /troupe/{stack.name}/ (--secrets deletes them too)")


def confirm(stack: Stack, given: str | None) -> None:
    """:raises StoppedError: the answer is not the stack's name"""
    if given is None and not interactive():
        raise StoppedError(f"There is no terminal to ask at: --confirm {stack.name} says yes.")
    answer = given if given is not None else ask(f"Type {stack.name} to go on")
    if answer != stack.name:
        raise StoppedError("Nothing has been changed.")


def stop_updates(stack: Stack) -> None:
    """Deletes the webhook, so that Telegram does not retry for a day. Leaves another stack's webhook as it is."""
    token = stored(stack.name).get(TOKEN)
    if not token:
        return
    address = stack.outputs.get("WebhookUrl")

    async def unsubscribe(bot: Bot) -> bool:
        ours = (await bot.get_webhook_info()).url == address
        return ours and await bot.delete_webhook()

    try:
        if Servers.of(stack).ask_telegram(token, unsubscribe):
            say("Telegram sends no more updates here.")
    except StoppedError as stopped:
        say(f"The webhook is left as it is: {stopped}")


def empty(bucket: str) -> None:
    """CloudFormation can't delete a bucket that has objects."""
    for page in client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket):
        keys = [{"Key": each["Key"]} for each in page.get("Contents", [])]
        if keys:
            client("s3").delete_objects(Bucket=bucket, Delete={"Objects": keys})


def main(options: argparse.Namespace) -> None:
    Account.open()
    stack = look(options.stack)
    if stack is None:
        say(f"There is no stack {options.stack} here: nothing to delete.")
        return
    if stack.status.endswith("_IN_PROGRESS"):
        raise StoppedError(f"The stack {stack.name} is in state {stack.status}: {advice(stack.status)}")
    names = stack.resources()
    announce(stack, names, with_secrets=options.secrets)
    confirm(stack, options.confirm)
    stop_updates(stack)
    if names.get("SiteBucket"):
        empty(names["SiteBucket"])
    cloudformation = client("cloudformation")
    cloudformation.delete_stack(StackName=stack.name)
    say("AWS deletes it; CloudFront takes some minutes ...")
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=stack.name)
    if options.secrets:
        client("ssm").delete_parameters(Names=[each.name(stack.name) for each in (*ALL, *OPTIONAL)])
        say("The secrets are deleted.")
    say(f"The stack {stack.name} is gone. `TABLES=kept make deploy` uses its tables again.")


if __name__ == "__main__":
    known = parser("destroy", "Delete the stack; the tables stay.")
    known.add_argument("--secrets", action="store_true", help="delete the secrets too")
    known.add_argument("--confirm", metavar="STACK", help="the stack's name, instead of being asked for it")
    sys.exit(run(main, known.parse_args()))
