"""Words that a person passes on in a message: a quote, the message that it replies to, a forwarded text."""

from dataclasses import asdict, dataclass
from typing import Any

from functions.webhook.fields import Fields, optional_object
from troupe.unicode import without_lone_surrogates

# A reply needs to show which message is meant. Telegram's own quotes have up to 1024 characters.
MAX_QUOTE = 1024


@dataclass(frozen=True)
class Quote:
    """`by`: the character (or the bot that plays it), the person themselves, or somebody else."""

    by: str
    text: str
    is_forward: bool

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def quote_in(fields: Fields, kind: str) -> Quote | None:
    """Never raises: a quote that can't be read is as good as none."""
    person = optional_object(fields, "from").get("id")
    if "forward_origin" in fields:
        author = optional_object(optional_object(fields, "forward_origin"), "sender_user").get("id")
        words = _words(fields, "text" if kind == "text" else "caption")
        return Quote("person" if author == person else "other", words, is_forward=True) if words else None
    replied_to = optional_object(fields, "reply_to_message") or optional_object(fields, "external_reply")
    words = (
        _words(optional_object(fields, "quote"), "text") or _words(replied_to, "text") or _words(replied_to, "caption")
    )
    return Quote(_author(replied_to, person), words[:MAX_QUOTE], is_forward=False) if words else None


def _author(replied_to: Fields, person: Any) -> str:
    sender = optional_object(replied_to, "from")
    if "forward_origin" in replied_to or "id" not in sender:
        return "other"
    if sender.get("is_bot"):
        return "character"
    return "person" if sender["id"] == person else "other"


def _words(fields: Fields, name: str) -> str:
    value = fields.get(name)
    return without_lone_surrogates(value) if isinstance(value, str) else ""
