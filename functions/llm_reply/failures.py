"""The failures on the way to an answer and the retries of each: the whole policy, in one place.

Retries have one owner: the queue. Neither client retries by itself, and no worker sleeps through a wait.
docs/reliability.md has the same table with the texts that the person sees.
"""

import os
import random
from dataclasses import dataclass

import httpx
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

# Attempts at an answer before the apology, crashed ones included: about a minute.
MODEL_ATTEMPTS = 5
# Give up after 3 deaths. The limit is 2 because a first worker holds no claim, so its death is not counted.
MAX_CRASHES = 2
# Seconds of Retry-After beyond which the person gets an apology with a Retry button at once.
MAX_PATIENCE_S = 60
# Workers try to send a message for a day. Telegram repeats its updates for as long.
DELIVERY_MS = 24 * 3600 * 1000
FOR_A_DAY = 1_000_000
MAX_BACKOFF_S = 300
# SQS hides a message for 12 hours at most.
MAX_WAIT_S = 12 * 3600 - 60


@dataclass(frozen=True)
class Failure:
    """`name` goes into metrics and the turn's row. `tries` is the number of attempts in all, the failed one included.

    `after_s` is the wait that the server asked for.
    """

    name: str
    tries: int = 1
    after_s: float | None = None

    @property
    def retry(self) -> bool:
        return self.tries > 1

    @property
    def unreachable(self) -> bool:
        """The bot is blocked, or the account or chat is gone."""
        return self.name in UNREACHABLE

    def wait_s(self, attempt: int) -> float:
        """Before the next attempt: as long as the server asked, or 2 s doubled each time. Jitter spreads the chats."""
        if self.after_s is not None:
            return min(self.after_s + random.uniform(0, 1), MAX_WAIT_S)  # noqa: S311 - jitter
        return min(2.0 ** min(attempt, 20), MAX_BACKOFF_S) * random.uniform(0.5, 1)  # noqa: S311 - jitter


GONE = Failure("character_gone")
# No character was chosen when the message was written. The person gets the picker, not an apology.
NOBODY = Failure("nobody_chosen")
# The message has no words, and a character reads nothing else.
WORDLESS = Failure("wordless")
BLOCKED = Failure("blocked")
# The person stopped the answer before it had a word.
STOPPED = Failure("stopped")
# Why a voice note is not answered: transcription is off; it is longer than the limit; it has no words.
DEAF = Failure("deaf")
LONG_SOUND = Failure("long_sound")
UNHEARD = Failure("unheard")
# Why no picture is drawn: drawing is off; moderation, the bot's or the server's, refuses it.
UNDRAWN = Failure("undrawn")
PICTURE_REFUSED = Failure("picture_refused")
# Why an answer is not said aloud: speech is off.
MUTE = Failure("mute")
# A picture without words: it is too large, or it can't be fetched or read.
LARGE_PICTURE = Failure("large_picture")
UNREADABLE_PICTURE = Failure("unreadable_picture")
CRASHED = Failure("crashed")
DEAD_LETTER = Failure("dead_letter")
REFUSED = Failure("model_refused")
# Moderation refuses the message, or the answer to it.
AGAINST_RULES = Failure("moderation_refused")
# The answer is empty without its markup.
UNREADABLE = Failure("model_unreadable")
# DynamoDB will never accept the answer.
UNSTORABLE = Failure("model_unstorable")
# Nothing is broken: neither metric nor alarm counts these as failures.
EXPECTED = {
    each.name
    for each in (
        STOPPED, AGAINST_RULES, DEAF, LONG_SOUND, UNHEARD, UNDRAWN, PICTURE_REFUSED, LARGE_PICTURE, UNREADABLE_PICTURE,
    )
}  # fmt: skip
UNREACHABLE = {BLOCKED.name, "telegram_blocked", "telegram_chat_gone"}
# Parts of "Bad Request" descriptions that are about the chat and not about the message.
CHAT_GONE = ("chat not found", "user not found", "peer_id_invalid", "user is deactivated", "upgraded to a supergroup")


def of_telegram(error: TelegramError) -> Failure:  # noqa: PLR0911 - a table: one row, one case
    """Returns the policy's row for an error of the Bot API."""
    match error:
        case RetryAfter():
            return Failure("telegram_rate_limit", FOR_A_DAY, after_s=_seconds(error))
        case Forbidden():
            return Failure("telegram_blocked")
        case ChatMigrated():
            # Only groups migrate, and the bot writes in private chats.
            return Failure("telegram_chat_gone")
        case BadRequest() if any(words in error.message.lower() for words in CHAT_GONE):
            return Failure("telegram_chat_gone")
        case BadRequest():
            return Failure("telegram_request")
        case InvalidToken():
            # The operator must correct the token; the answers wait for a day.
            return Failure("telegram_token", FOR_A_DAY)
        case NetworkError() if isinstance(
            error.__cause__, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout
        ):
            return Failure("telegram_connection", FOR_A_DAY)
        case NetworkError():
            # The message may have arrived. A double message is better than none.
            return Failure("telegram_unsure", FOR_A_DAY)
    return Failure("telegram_other", FOR_A_DAY)


def _seconds(error: RetryAfter) -> float:
    after = error.retry_after
    return after if isinstance(after, int) else after.total_seconds()


# Without this setting the library warns at each Retry-After that the value's type will change.
os.environ["PTB_TIMEDELTA"] = "true"
