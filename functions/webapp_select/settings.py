"""The settings of the picker's API."""

import os

from troupe import retention
from troupe.admission import Policy
from troupe.characters.access import CARDS_FROM
from troupe.settings import Environment

_environment = Environment(os.environ)
telegram_bot_token = _environment.secret("TELEGRAM_BOT_TOKEN", pattern=r"[0-9]+:[A-Za-z0-9_-]+")
policy = Policy.read(_environment)
retention.check(_environment)
for _table in ("USERS_TABLE", "CHARACTERS_TABLE", "TURNS_TABLE", "CONVERSATIONS_TABLE", "MEMORIES_TABLE"):
    _environment.text(_table)
_environment.url("REPLY_QUEUE_URL")
_environment.url("CARD_QUEUE_URL")
# The people who may make characters: nobody, everybody, or those with these Telegram ids.
cards_from = _environment.text("CARDS_FROM", default="everybody", pattern=CARDS_FROM)
_environment.check()
read_secrets = _environment.read_secrets
