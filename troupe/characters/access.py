"""Who may see a character, who may choose it, and who may go on talking to it: the one place that says so."""

from dataclasses import dataclass

# In the picker, for everybody.
PUBLIC = "public"
# For its owner alone.
PRIVATE = "private"
# Taken out of the picker by the operator. Nobody can choose it any more; the people who talk to it may go on.
HIDDEN = "hidden"

# The owner of the characters that ship. A character of a person's has the person's Telegram id, as text.
BUILT_IN = "builtin"


@dataclass(frozen=True)
class Access:
    owner: str
    visibility: str

    def may_choose(self, person_id: int) -> bool:
        """In the picker, by a deep link, and through /api/select."""
        return self.visibility == PUBLIC or self._owned_by(person_id)

    def may_go_on(self, person_id: int) -> bool:
        """Greetings and answers in a conversation that was once begun."""
        return self.may_choose(person_id) or self.visibility == HIDDEN

    def _owned_by(self, person_id: int) -> bool:
        return self.owner == str(person_id)
