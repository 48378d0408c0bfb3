"""The settings of the analytics function."""

import os

from troupe.pseudonym import KEY_PATTERN, use_key
from troupe.settings import Environment

_environment = Environment(os.environ)
amplitude_api_key = _environment.secret("AMPLITUDE_API_KEY")
use_key(_environment.secret("PSEUDONYM_KEY", pattern=KEY_PATTERN))
amplitude_server_url = _environment.url("AMPLITUDE_SERVER_URL", default="https://api2.amplitude.com/2/httpapi")
# A record names its table only in the ARN of its stream.
users_table = _environment.text("USERS_TABLE")
turns_table = _environment.text("TURNS_TABLE")
_environment.check()
read_secrets = _environment.read_secrets
