"""A text that the model suggests for a field of a character's form: the reply function writes it, the page reads it."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from troupe.clock import now_ms
from troupe.tables import Table

LIFETIME_S = 3600
# Why there is no text: a limit of messages or money is reached; the model refuses; anything else.
LIMIT, REFUSED, FAILED = "limit", "refused", "failed"


class Suggestion(Table):
    """`character_id` is "suggestion:<id>", which is no id of a character. Without a text, `failure` says why."""

    class Meta:
        setting = "CHARACTERS_TABLE"
        table_name = ""

    character_id = UnicodeAttribute(hash_key=True)
    person_id = NumberAttribute()
    # The form's texts so far, as a JSON object. Removed when the model has answered.
    draft = UnicodeAttribute(null=True)
    text = UnicodeAttribute(default="")
    failure = UnicodeAttribute(null=True)
    # Seconds since 1970, DynamoDB's TTL.
    expires_at = NumberAttribute()

    @classmethod
    def ask(cls, suggestion_id: str, person_id: int, draft: str) -> None:
        cls(_key(suggestion_id), person_id=person_id, draft=draft, expires_at=_end()).save()

    @classmethod
    def store(cls, suggestion_id: str, person_id: int, text: str, failure: str | None = None) -> None:
        cls(_key(suggestion_id), person_id=person_id, text=text, failure=failure, expires_at=_end()).save()

    @classmethod
    def of(cls, suggestion_id: str, person_id: int) -> "Suggestion | None":
        """None if it is another person's. It has a draft until the model has answered."""
        found = cls.find(_key(suggestion_id))
        return found if found and found.person_id == person_id else None


def _end() -> int:
    return now_ms() // 1000 + LIFETIME_S


def _key(suggestion_id: str) -> str:
    return f"suggestion:{suggestion_id}"
