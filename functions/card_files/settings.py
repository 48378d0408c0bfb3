"""The settings of the function that reads and writes card files. It holds no key of the model's."""

import os

from troupe.settings import Environment

_environment = Environment(os.environ)
telegram_bot_token = _environment.secret("TELEGRAM_BOT_TOKEN", pattern=r"[0-9]+:[A-Za-z0-9_-]+")
telegram_api_url = _environment.server("TELEGRAM_API_URL", default="https://api.telegram.org")
telegram_timeout_s = _environment.number("TELEGRAM_TIMEOUT_S", default=12, least=1, most=60)
_environment.text("CHARACTERS_TABLE")
_environment.url("REPLY_QUEUE_URL")
_environment.check()
read_secrets = _environment.read_secrets
