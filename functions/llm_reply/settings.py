"""The settings of the reply function."""

import os

from troupe import retention
from troupe.admission import Policy
from troupe.answer_mode import can_speak as _can_speak
from troupe.image_model import image_model as image_model_of
from troupe.pseudonym import KEY_PATTERN, use_key
from troupe.settings import Environment
from troupe.spending.limits import Limits

_environment = Environment(os.environ)
telegram_bot_token = _environment.secret("TELEGRAM_BOT_TOKEN", pattern=r"[0-9]+:[A-Za-z0-9_-]+")
telegram_api_url = _environment.server("TELEGRAM_API_URL", default="https://api.telegram.org")
openai_api_key = _environment.secret("OPENAI_API_KEY")
openai_base_url = _environment.url("OPENAI_BASE_URL", default="https://api.openai.com/v1")
openai_model = _environment.text("OPENAI_MODEL", default="gpt-6-luna")
# The model that answers while the chosen one is gone, over quota or down; empty for none. It may have its own server.
fallback_model = _environment.text("FALLBACK_MODEL", default="", pattern=r"\S*")
fallback_base_url = _environment.text("FALLBACK_BASE_URL", default="", pattern=r"(https?://[^\s/]+(/\S*)?)?")
fallback_api_key = _environment.secret("FALLBACK_API_KEY") if fallback_base_url else openai_api_key
# US dollars per million tokens: input/cached/written to the cache/output. Empty: what `prices` knows of the model.
openai_prices = _environment.text("OPENAI_PRICES", default="", pattern=r"([0-9.]+(/[0-9.]+){3})?")
use_key(_environment.secret("PSEUDONYM_KEY", pattern=KEY_PATTERN))
# The check of people's messages. auto: OpenAI's moderation for OpenAI's own server, off for others.
moderation = _environment.text("MODERATION", default="auto", pattern="auto|openai|decisions|off")
# The age that people must say they have reached before their first chat; 0 for none.
least_age = _environment.number("AGE_STATEMENT", default=0, least=0, most=21)
# Hours of a session without a break after which people are reminded that they talk with an AI; 0 for never.
ai_reminder_hours = _environment.number("AI_REMINDER_HOURS", default=3, least=0, most=24)
# The model that transcribes voice notes, and its server. auto: gpt-transcribe at OpenAI, off elsewhere.
transcription_base_url = _environment.url("TRANSCRIPTION_BASE_URL", default=openai_base_url)
transcription_model = _environment.text("TRANSCRIPTION_MODEL", default="auto", pattern=r"[^\s]{1,200}")
max_sound_s = _environment.number("MAX_SOUND_S", default=600, least=1, most=3600)
# The model that draws, and its server. auto: gpt-image-2.6-flare at OpenAI, off elsewhere.
image_base_url = _environment.url("IMAGE_BASE_URL", default=openai_base_url)
image_model = image_model_of(_environment.text("IMAGE_MODEL", default="auto", pattern=r"[^\s]{1,200}"), image_base_url)
image_quality = _environment.text("IMAGE_QUALITY", default="low", pattern="low|medium|high|auto")
# US dollars for a picture by a model that `image_generation` knows no prices of.
image_price = _environment.dollars("IMAGE_PRICE", default=0)
# The model that says answers aloud. auto: OpenAI's model at OpenAI, off elsewhere. And the server's names for the
# voices of the cards: "marin=af_heart,*=am_adam", where * is any other voice.
speech_model = _environment.text("SPEECH_MODEL", default="auto", pattern=r"[^\s]{1,200}")
speech_base_url = _environment.url("SPEECH_BASE_URL", default=openai_base_url)
speech_voices = _environment.text(
    "SPEECH_VOICES", default="", pattern=r"((\*|[\w.+-]+)=[^\s,=]+(,(\*|[\w.+-]+)=[^\s,=]+)*)?"
)
can_speak = _can_speak(speech_model, speech_base_url)
# Whether models are shown the pictures that people send.
pictures_seen = _environment.text("PICTURES_SEEN", default="on", pattern="on|off") == "on"
# Without Amplitude's secret key, events of a person who is erased stay there under the pseudonym.
amplitude_api_key = _environment.secret("AMPLITUDE_API_KEY")
amplitude_secret_key = _environment.optional_secret("AMPLITUDE_SECRET_KEY")
amplitude_server_url = _environment.url("AMPLITUDE_SERVER_URL", default="https://api2.amplitude.com/2/httpapi")
log_retention_days = _environment.number("LOG_RETENTION_DAYS", default=30, least=1, most=3653)
webapp_url = _environment.url("WEBAPP_URL")
# Tokens of earlier turns that a prompt may carry: most of a turn's cost.
history_tokens = _environment.number("HISTORY_TOKENS", default=3000, least=0, most=200_000)
# The most of them for recalled turns; 0: nothing is recalled.
recall_tokens = _environment.number("RECALL_TOKENS", default=1500, least=0, most=100_000)
# Vectors beside the index, from any server with OpenAI's /v1/embeddings; empty: none. Dollars per million tokens.
embeddings_model = _environment.text("EMBEDDINGS_MODEL", default="", pattern=r"\S*")
embeddings_base_url = _environment.url("EMBEDDINGS_BASE_URL", default=openai_base_url)
embeddings_price = float(_environment.text("EMBEDDINGS_PRICE", default="0.02", pattern=r"[0-9]*\.?[0-9]+"))
# Seconds that the model may take for an answer, and Telegram for a message. An invocation must have time for both, and
# for a start that Lambda counts into it, as after a crash. Its 57 s must be within the 60 s for which the queue hides a
# job.
model_timeout_s = _environment.number("MODEL_TIMEOUT_S", default=36, least=1, most=600)
telegram_timeout_s = _environment.number("TELEGRAM_TIMEOUT_S", default=12, least=1, most=60)
# Seconds for which the queue hides a job that it has handed out, unless it is told otherwise.
visibility_timeout_s = _environment.number("VISIBILITY_TIMEOUT_S", default=60, least=1, most=43_200)
retention.check(_environment)
policy = Policy.read(_environment)
# Messages to a character, and US dollars for models. 0 switches a limit off. `troupe.spending` counts.
limits = Limits.read(_environment)
for _table in (
    "USERS_TABLE",
    "CHARACTERS_TABLE",
    "TURNS_TABLE",
    "CONVERSATIONS_TABLE",
    "SPENDING_TABLE",
    "MEMORIES_TABLE",
):
    _environment.text(_table)
# Hours for which a person is a newcomer, and gives way to others while more messages come in than can be answered at
# once; 0: nobody gives way.
newcomer_hours = _environment.number("NEWCOMER_HOURS", default=24, least=0, most=720)
reply_queue_url = _environment.url("REPLY_QUEUE_URL")
dead_letter_queue_url = _environment.url("DEAD_LETTER_QUEUE_URL")
_environment.check()
read_secrets = _environment.read_secrets
