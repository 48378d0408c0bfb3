"""The settings of the picker's API."""

import os

from troupe.admission import Policy
from troupe.settings import Environment

_environment = Environment(os.environ)
telegram_bot_token = _environment.secret("TELEGRAM_BOT_TOKEN", pattern=r"[0-9]+:[A-Za-z0-9_-]+")
policy = Policy.read(_environment)
for _table in ("USERS_TABLE", "CHARACTERS_TABLE"):
    _environment.text(_table)
_environment.url("REPLY_QUEUE_URL")
_environment.check()
read_secrets = _environment.read_secrets
