"""The settings of the webhook."""

import os

from troupe import retention
from troupe.admission import Policy
from troupe.answer_mode import can_speak as _can_speak
from troupe.characters.access import CARDS_FROM
from troupe.pseudonym import KEY_PATTERN, use_key
from troupe.settings import Environment

_environment = Environment(os.environ)
# Telegram's alphabet for it: https://core.telegram.org/bots/api#setwebhook
webhook_secret = _environment.secret("WEBHOOK_SECRET", pattern=r"[A-Za-z0-9_-]{1,256}")
use_key(_environment.secret("PSEUDONYM_KEY", pattern=KEY_PATTERN))
# As in the reply function: 0 for no statement.
least_age = _environment.number("AGE_STATEMENT", default=0, least=0, most=21)
webapp_url = _environment.url("WEBAPP_URL")
policy = Policy.read(_environment)
# Facts that /privacy tells.
openai_base_url = _environment.url("OPENAI_BASE_URL", default="https://api.openai.com/v1")
amplitude_server_url = _environment.url("AMPLITUDE_SERVER_URL", default="https://api2.amplitude.com/2/httpapi")
log_retention_days = _environment.number("LOG_RETENTION_DAYS", default=30, least=1, most=3653)
retention.check(_environment)
# Servers that hear and draw, named for those alone that are not the model's.
other_servers = [
    _environment.url(name, default=openai_base_url) for name in ("TRANSCRIPTION_BASE_URL", "IMAGE_BASE_URL")
]
# Whether the reply function has a voice: its settings of the same names say which.
speech_base_url = _environment.url("SPEECH_BASE_URL", default=openai_base_url)
can_speak = _can_speak(_environment.text("SPEECH_MODEL", default="auto", pattern=r"[^\s]{1,200}"), speech_base_url)
for _table in ("USERS_TABLE", "CHARACTERS_TABLE", "TURNS_TABLE"):
    _environment.text(_table)
_environment.url("REPLY_QUEUE_URL")
_environment.url("CARD_QUEUE_URL")
# The people who may bring characters: nobody, everybody, or those with these Telegram ids.
cards_from = _environment.text("CARDS_FROM", default="everybody", pattern=CARDS_FROM)
_environment.check()
read_secrets = _environment.read_secrets
