"""`make secrets`: asks for the secrets, checks the token and the model's key, and stores all in SSM as SecureStrings.

A stored secret stays unless a new value is given. No value, nor part of one, is ever printed.
"""

import argparse
import os
import re
import secrets
import sys

from botocore.exceptions import ClientError

from deploy.account import Account, client
from deploy.secret_parameters import ALL, ASKED, MADE, MODEL_KEY, OPTIONAL, TOKEN, WEBHOOK, Secret, stored
from deploy.servers import Servers
from deploy.stack import FUNCTIONS, USABLE, Stack, look
from deploy.terminal import StoppedError, ask_hidden, interactive, parser, run, say
from deploy.webhook import set_webhook


def keep(stack: str, *, ask_all: bool, new_webhook_secret: bool = False) -> set[Secret]:
    """Asks for missing secrets (or for all), and checks all of them before it stores any. Returns those that changed.

    :raises StoppedError: one of them is missing or wrong, and none has been stored
    """
    there = stored(stack)
    given = {each: value for each in ASKED if (value := _given(each, there, ask_all=ask_all))}
    given |= {each: value for each in OPTIONAL if (value := os.environ.get(each.variable, "").strip())}
    for each in MADE:
        if os.environ.get(each.variable):
            given[each] = os.environ[each.variable]
        elif each not in there or (each == WEBHOOK and new_webhook_secret):
            given[each] = secrets.token_urlsafe(32)
    changed = {each: value for each, value in given.items() if there.get(each) != value}
    _check(changed, stack)
    for each, value in changed.items():
        client("ssm").put_parameter(Name=each.name(stack), Value=value, Type="SecureString", Overwrite=True)
    for each in (*ALL, *OPTIONAL):
        if each in changed or each in there:
            say(f"{each.title}: {'stored in' if each in changed else 'unchanged in'} {each.name(stack)}")
        elif each in ALL:
            say(f"{each.title}: there is none")
    return set(changed)


def _given(secret: Secret, there: dict[Secret, str], *, ask_all: bool) -> str:
    """The new value; empty if the stored one stays."""
    if value := os.environ.get(secret.variable, "").strip():
        return value
    # An optional one is asked for before the first deployment, and by `make secrets`.
    decided = secret in there or (secret.optional and bool(there))
    if (decided or (secret.optional and not interactive())) and not (ask_all and interactive()):
        return ""
    if not interactive():
        raise StoppedError(f"{secret.title}: there is none yet. Set {secret.variable}, or run this at a terminal.")
    hint = " (Enter keeps the present one)" if secret in there else " (Enter for none)" if secret.optional else ""
    value = ask_hidden(f"{secret.title}{hint}")
    if not value and secret not in there and not secret.optional:
        raise StoppedError(f"{secret.title}: none was given, and there is none yet.")
    return value


def _check(given: dict[Secret, str], stack: str) -> None:
    for secret, value in given.items():
        if not re.fullmatch(secret.pattern, value):
            raise StoppedError(f"{secret.title}: the value has the wrong form.")
    servers = Servers.of(look(stack))
    if TOKEN in given:
        say(f"Telegram knows the token: it is @{servers.username(given[TOKEN])}.")
    if MODEL_KEY in given:
        say(f"The model's provider knows the key: it may use {len(servers.models(given[MODEL_KEY]))} models.")


def renew(stack: Stack) -> None:
    """A process of a function reads its secrets once. A change of the configuration has Lambda start new processes.

    :raises StoppedError: another change of a function is still in progress
    """
    names = stack.resources()
    for function in FUNCTIONS:
        try:
            client("lambda").update_function_configuration(
                FunctionName=names[function], Description=f"Secrets {secrets.token_hex(4)}"
            )
        except ClientError as error:
            raise StoppedError(
                f"{function} still has the old secrets ({error.response['Error']['Code']}): run this again with "
                "--renew in a minute."
            ) from None
    say("The functions restart with the new secrets.")


def main(options: argparse.Namespace) -> None:
    Account.open()
    changed = keep(options.stack, ask_all=True, new_webhook_secret=options.new_webhook_secret)
    stack = look(options.stack)
    if stack is None or stack.status not in USABLE or not (changed or options.renew):
        return
    renew(stack)
    if options.renew or changed & {TOKEN, WEBHOOK}:
        set_webhook(stack)


if __name__ == "__main__":
    known = parser("secrets", "Ask for the secrets, check them, and keep them in SSM.")
    known.add_argument("--new-webhook-secret", action="store_true", help="make another secret for the webhook")
    known.add_argument("--renew", action="store_true", help="have the functions read them again in any case")
    sys.exit(run(main, known.parse_args()))
