"""What can go wrong on the way to an answer, and what is done about it: the whole policy, in one place.

Retries have one owner: the queue. Neither client retries by itself, and no worker sleeps through a wait.
docs/reliability.md has the same as a table, with what the person sees.
"""

import os
import random
from dataclasses import dataclass

import httpx
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

# A turn is apologised for after this many attempts at an answer, crashed ones included: about a minute of trying.
MODEL_ATTEMPTS = 5
# A worker that dies three times over the same turn will die a fourth time. The first time is not counted: nobody has to
# claim a turn that comes from the queue for the first time.
MAX_CRASHES = 2
# Nobody waits longer than this for an answer that may not come: the apology has a button for another try.
MAX_PATIENCE_S = 60
# Telegram is tried for as long as it would itself try to reach us.
DELIVERY_MS = 24 * 3600 * 1000
FOR_A_DAY = 1_000_000
MAX_BACKOFF_S = 300
# SQS hides a message for 12 hours at most.
MAX_WAIT_S = 12 * 3600 - 60


@dataclass(frozen=True)
class Failure:
    """`name` goes into metrics and the turn's row; `tries` is how often in all what failed is attempted.

    `after_s` is what the other side asked us to wait.
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
        """Before the next attempt: as asked, or doubling from 2 s. With jitter: chats should not come back as one."""
        if self.after_s is not None:
            return min(self.after_s + random.uniform(0, 1), MAX_WAIT_S)  # noqa: S311 - jitter
        return min(2.0 ** min(attempt, 20), MAX_BACKOFF_S) * random.uniform(0.5, 1)  # noqa: S311 - jitter


GONE = Failure("character_gone")
# No character was chosen when the message was written. Nothing has failed: there is a choice to be made.
NOBODY = Failure("nobody_chosen")
# A message that holds no words, which is all that a character can read.
WORDLESS = Failure("wordless")
BLOCKED = Failure("blocked")
CRASHED = Failure("crashed")
DEAD_LETTER = Failure("dead_letter")
REFUSED = Failure("model_refused")
# Nothing of the answer is left when its markup is taken away.
UNREADABLE = Failure("model_unreadable")
# The table does not take the answer, whatever it is about it.
UNSTORABLE = Failure("model_unstorable")
UNREACHABLE = {BLOCKED.name, "telegram_blocked", "telegram_chat_gone"}
# Bad Request: ..., where it is not the message's fault.
CHAT_GONE = ("chat not found", "user not found", "peer_id_invalid", "user is deactivated", "upgraded to a supergroup")


def of_telegram(error: TelegramError) -> Failure:  # noqa: PLR0911 - a table: one row, one case
    """The row of the policy for an error that came up while a message was sent."""
    match error:
        case RetryAfter():
            return Failure("telegram_rate_limit", FOR_A_DAY, after_s=_seconds(error))
        case Forbidden():
            return Failure("telegram_blocked")
        case ChatMigrated():
            # Groups only, and the bot has nothing to say in those.
            return Failure("telegram_chat_gone")
        case BadRequest() if any(words in error.message.lower() for words in CHAT_GONE):
            return Failure("telegram_chat_gone")
        case BadRequest():
            return Failure("telegram_request")
        case InvalidToken():
            # A wrong token is the operator's to mend; the answers wait for it.
            return Failure("telegram_token", FOR_A_DAY)
        case NetworkError() if isinstance(
            error.__cause__, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout
        ):
            return Failure("telegram_connection", FOR_A_DAY)
        case NetworkError():
            # It may have arrived all the same. Silence would be worse than to say it twice.
            return Failure("telegram_unsure", FOR_A_DAY)
    return Failure("telegram_other", FOR_A_DAY)


def _seconds(error: RetryAfter) -> float:
    after = error.retry_after
    return after if isinstance(after, int) else after.total_seconds()


# Else the library warns of each wait, whose type is going to change to this one.
os.environ["PTB_TIMEDELTA"] = "true"
