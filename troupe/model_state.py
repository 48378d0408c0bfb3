"""The state of the models for all processes: since when the fallback answers, and which warnings were given."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UnicodeSetAttribute
from pynamodb.exceptions import UpdateError
from pynamodb.expressions.update import Action

from troupe.clock import now_ms
from troupe.invitations import NOBODY
from troupe.tables import Table, condition_failed


class ModelState(Table):
    """One item, beside the conversations. Missing attributes: the chosen model answers."""

    class Meta:
        setting = "CONVERSATIONS_TABLE"
        table_name = ""

    person_id = NumberAttribute(hash_key=True)
    conversation_id = UnicodeAttribute(range_key=True)
    fallback = UnicodeAttribute(null=True)
    fallback_since = NumberAttribute(null=True)
    failure = UnicodeAttribute(null=True)
    # "<model> <shutdown date> <days before>", for each warning that all owners have.
    warned = UnicodeSetAttribute(null=True)


def read() -> ModelState:
    return ModelState.find(NOBODY, "models") or _item()


def note_fallback(fallback: str, failure: str) -> bool:
    """False if another process has noted it."""
    actions: list[Action] = [
        ModelState.fallback.set(fallback),
        ModelState.failure.set(failure),
        ModelState.fallback_since.set(now_ms()),
    ]
    try:
        _item().update(actions=actions, condition=ModelState.fallback.does_not_exist())
    except UpdateError as error:
        if not condition_failed(error):
            raise
        return False
    return True


def note_return() -> None:
    gone: list[Action] = [
        ModelState.fallback.remove(),
        ModelState.failure.remove(),
        ModelState.fallback_since.remove(),
    ]
    _item().update(actions=gone)


def note_warning(warning: str) -> None:
    _item().update(actions=[ModelState.warned.add({warning})])


def _item() -> ModelState:
    return ModelState(NOBODY, "models")
