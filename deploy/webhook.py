"""`make webhook`: sets the bot's webhook, commands, descriptions and menu button."""

import argparse
import sys

from telegram import Bot, WebhookInfo

from deploy.account import Account
from deploy.secret_parameters import TOKEN, WEBHOOK, required
from deploy.servers import Servers
from deploy.stack import Stack, live
from deploy.terminal import parser, run, say
from publishing.bot_profile import publish
from publishing.subscription import ALLOWED_UPDATES, MAX_CONNECTIONS


def set_webhook(stack: Stack) -> None:
    """Pending updates stay at Telegram.

    :raises StoppedError: a secret is missing, or Telegram refuses
    """
    token, secret = required(stack.name, TOKEN, WEBHOOK)
    address, page = stack.output("WebhookUrl"), stack.output("SiteUrl")

    owners = [int(each) for each in stack.parameters.get("OwnerIds", "").split(",") if each]

    async def subscribe(bot: Bot) -> WebhookInfo:
        await bot.set_webhook(
            address, secret_token=secret, allowed_updates=ALLOWED_UPDATES, max_connections=MAX_CONNECTIONS
        )
        say(f"Updates to @{bot.username} go to {address}")
        await publish(bot, page, owners)
        return await bot.get_webhook_info()

    waiting = Servers.of(stack).ask_telegram(token, subscribe).pending_update_count
    say(f"Commands and descriptions are set in English and Russian, and the menu button to {page}")
    if waiting:
        say(f"{waiting} updates wait at Telegram and come in now.")


def main(options: argparse.Namespace) -> None:
    Account.open()
    set_webhook(live(options.stack))


if __name__ == "__main__":
    sys.exit(run(main, parser("webhook", "Set the webhook, commands, descriptions and menu button.").parse_args()))
