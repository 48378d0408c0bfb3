"""What the analytics function must be told before it can start."""

import os

from troupe.settings import Environment

_environment = Environment(os.environ)
amplitude_api_key = _environment.secret("AMPLITUDE_API_KEY")
amplitude_server_url = _environment.url("AMPLITUDE_SERVER_URL", default="https://api2.amplitude.com/2/httpapi")
# A change says only by its stream which table it was made in.
users_table = _environment.text("USERS_TABLE")
turns_table = _environment.text("TURNS_TABLE")
_environment.check()
