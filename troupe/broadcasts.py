"""Broadcasts: a message of an owner's to everybody, and how far it has come. They stand beside the conversations.

    change   made by                                     from                      to
    draft    an owner's /broadcast                       nothing                   preview
    start    an owner's button                           preview                   running
    cancel   an owner's button                           preview, running          cancelled
    advance  the worker that has sent a page of people   running                   running; done after the last page
    report   the worker that has told the owner          done, cancelled           reported

Each change is a conditional write: a repeated job or button changes nothing.
"""

import secrets
from collections import Counter
from typing import Self

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from troupe.clock import now_ms
from troupe.invitations import NOBODY
from troupe.tables import Table, condition_failed

PREVIEW, RUNNING, CANCELLED, DONE, REPORTED = "preview", "running", "cancelled", "done", "reported"
KEPT_S = 30 * 24 * 3600


class Broadcast(Table):
    class Meta:
        setting = "CONVERSATIONS_TABLE"
        table_name = ""

    person_id = NumberAttribute(hash_key=True)
    conversation_id = UnicodeAttribute(range_key=True)
    made_by = NumberAttribute()
    text = UnicodeAttribute()
    # Sent only to people whose interface is in this language; missing: to everybody.
    language = UnicodeAttribute(null=True)
    state = UnicodeAttribute(default=PREVIEW)
    # The number of pages sent, the last person of them, and the counts of outcomes.
    step = NumberAttribute(default=0)
    cursor = NumberAttribute(null=True)
    counts = JSONAttribute(default=dict)
    started_at = NumberAttribute(null=True)
    finished_at = NumberAttribute(null=True)
    expires_at = NumberAttribute()

    @property
    def id(self) -> str:
        return str(self.conversation_id).removeprefix("broadcast:")

    @classmethod
    def of(cls, broadcast_id: str) -> Self | None:
        return cls.find(NOBODY, f"broadcast:{broadcast_id}")

    def start(self) -> bool:
        """False if the broadcast was cancelled or is over. True also if it is under way already."""
        began: list[Action] = [Broadcast.state.set(RUNNING), Broadcast.started_at.set(now_ms())]
        return self._change(began, Broadcast.state == PREVIEW) or self.state == RUNNING

    def cancel(self) -> bool:
        """False if the broadcast is over."""
        ended: list[Action] = [Broadcast.state.set(CANCELLED), Broadcast.finished_at.set(now_ms())]
        return self._change(ended, Broadcast.state.is_in(PREVIEW, RUNNING)) or self.state == CANCELLED

    def advance(self, cursor: int | None, came_to: Counter[str]) -> bool:
        """Saves that a page is done. False if another worker has done it, or an owner has cancelled the broadcast.

        :param cursor: the last person of the page; None after the last page
        """
        counts = Counter(self.counts) + came_to
        actions: list[Action] = [Broadcast.step.set(int(self.step) + 1), Broadcast.counts.set(dict(counts))]
        if cursor is None:
            actions += [Broadcast.state.set(DONE), Broadcast.finished_at.set(now_ms())]
        else:
            actions.append(Broadcast.cursor.set(cursor))
        return self._change(actions, (Broadcast.state == RUNNING) & (Broadcast.step == self.step))

    def note_report(self) -> None:
        self._change([Broadcast.state.set(REPORTED)], Broadcast.state.is_in(DONE, CANCELLED))

    def _change(self, actions: list[Action], condition: Condition) -> bool:
        try:
            self.update(actions=actions, condition=condition)
        except UpdateError as error:
            if not condition_failed(error):
                raise
            self.refresh(consistent_read=True)
            return False
        return True


def draft(owner_id: int, text: str, language: str | None) -> Broadcast:
    broadcast = Broadcast(NOBODY, f"broadcast:{secrets.token_hex(8)}")
    actions: list[Action] = [
        Broadcast.made_by.set(owner_id),
        Broadcast.text.set(text),
        Broadcast.state.set(PREVIEW),
        Broadcast.step.set(0),
        Broadcast.counts.set({}),
        Broadcast.expires_at.set(now_ms() // 1000 + KEPT_S),
    ]
    if language:
        actions.append(Broadcast.language.set(language))
    broadcast.update(actions=actions)
    return broadcast
