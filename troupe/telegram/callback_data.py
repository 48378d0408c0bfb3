"""The data behind the bot's buttons: an action and its arguments, in at most 64 bytes.

Anybody can send any data. `parse` takes only what `str` of a CallbackData of this bot can be.
"""

import re
from dataclasses import dataclass
from typing import Self

_NUMBER = r"0|[1-9][0-9]{0,15}"
_ID = r"[a-z2-7]{26}"
_ARGUMENTS = {
    # Retry, another answer, go on, take back, and a picture. The argument is the turn's message id.
    "retry": (_NUMBER,),
    "again": (_NUMBER,),
    "go_on": (_NUMBER,),
    "take_back": (_NUMBER,),
    "picture": (_NUMBER,),
    # The message id of the turn whose answer is to be said aloud.
    "say": (_NUMBER,),
    # The same of one that came as a voice message, whose words are wanted.
    "write_out": (_NUMBER,),
    # How the person wants their answers: one of troupe.answer_mode.MODES.
    "voice": (r"text|both|voice",),
    # The turn's message id, and the number of the answer to show.
    "alternative": (_NUMBER, r"0|[1-9][0-9]{0,3}"),
    # The number of the greeting to show.
    "greeting": (r"0|[1-9][0-9]{0,3}",),
    # The generation of the conversation whose restart is undone.
    "restart_undo": (_NUMBER,),
    # The digest of a fact, or the summary.
    "forget": (r"[0-9a-f]{16}|summary",),
    # An owner's broadcast, and what to do with it; whether a person wants broadcasts.
    "broadcast": (r"[0-9a-f]{16}", r"send|cancel"),
    "news": (r"off",),
    "language": (r"en|ru|auto",),
    # Minutes from UTC, to the east.
    "timezone": (r"0|-?[1-9][0-9]{0,2}",),
    # A person's character: talk to it, delete it, share it, stop that, have it as a file.
    "talk": (_ID,),
    "delete": (_ID,),
    "share": (_ID,),
    "unshare": (_ID,),
    "export": (_ID, r"png|json"),
    # A shared character, and the token of its link.
    "meet": (_ID, _ID),
    # A chat from another program, by its digest, and the character whose conversation it becomes; or nothing of it.
    # Characters with longer ids are not offered: a button's data has no room for them.
    "import": (r"[0-9a-f]{16}", r"[a-z0-9_-]{1,40}"),
    "drop": (r"[0-9a-f]{16}",),
    # The generation of the imported conversation, and that of the one before it, which comes back.
    "import_undo": (_NUMBER, _NUMBER),
    # The age that the person says they have reached.
    "age": (r"[1-9]|1[0-9]|2[01]|no",),
    # Whether to erase all of the person's data, and when the question was asked, in seconds since 1970.
    "erase": (r"yes|no", r"[1-9][0-9]{0,10}"),
}
FORGET_SUMMARY = "summary"
# The whole conversation: the Mini App asks for it, no button does.
FORGET_ALL = "all"
# They have not reached the age that the question named.
NO = "no"


@dataclass(frozen=True)
class CallbackData:
    action: str
    arguments: tuple[str, ...]

    def __str__(self) -> str:
        return ":".join((self.action, *self.arguments))

    @classmethod
    def parse(cls, data: str) -> Self | None:
        """None for data that this version of the bot puts behind no button."""
        action, *arguments = data.split(":")
        patterns = _ARGUMENTS.get(action, ())
        if not arguments or len(arguments) != len(patterns):
            return None
        fits = all(re.fullmatch(pattern, value, re.ASCII) for pattern, value in zip(patterns, arguments, strict=True))
        return cls(action, tuple(arguments)) if fits else None

    def number(self, position: int = 0) -> int:
        return int(self.arguments[position])
