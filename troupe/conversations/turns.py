"""The turn: a person's message and the answer beside it, on one item, and every change it may go through.

    what                 who                                   from                 to
    receive              webhook                               nothing              received, or unaddressed
    take_up              the first worker to receive its job   received             as it was; no write
    claim                any later one, if no other holds it   any open             as it was, and held
    leave_unaddressed    the holder, once the person was told  received             unaddressed
    save_answer          the holder                            received             answered
    record_parts         the holder                            answered             answered
    mark_delivered       whoever has sent it                   answered             delivered
    give_up              the holder                            received, answered   given up: an apology is owed
    close                the holder                            given up             failed
    release, drop        the holder                            any open             as it was, and free
    reopen               webhook, for a pressed Retry          given up, failed     received; answered, if it has one
    join                 the holder, when more was written     received             joined: answered with the next
    reword               webhook, for an edit                  received             received, in other words
    ask_again            webhook, for a button or an edit      delivered            received, with its takes so far
    keep_shown            the holder, if that came to nothing   received             delivered, as it was
    show_alternative            reply worker, for a swipe             delivered            delivered
    withdraw             webhook, for a button                 delivered            withdrawn

A message that nobody is there to answer is unaddressed, and stays that.

Each change is a conditional write, so that of two workers one wins and the other notices. The queue gives a chat to one
worker at a time, so a turn that no worker has held yet is taken up without a write: its first change is what claims it.
From then on a worker holds a turn by a lease that ends when its invocation must: a worker that died stands in nobody's
way for longer than that.
"""

import os
from collections.abc import Iterator, Sequence

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PutError, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from troupe.tables import Table, condition_failed
from troupe.users import now_ms

RECEIVED, ANSWERED, DELIVERED, UNADDRESSED = "received", "answered", "delivered", "unaddressed"
# Answered together with the message after it; taken back by the person.
JOINED, WITHDRAWN = "joined", "withdrawn"
GIVEN_UP, FAILED = "given_up", "failed"
# Somebody still has to do something about it.
OPEN = (RECEIVED, ANSWERED, GIVEN_UP)
# What nobody reads again but the analytics function, in the table's stream.
COSTS = {"usage", "answered_at", "delivered_at", "failed_at"}


class TurnBusyError(Exception):
    """Another worker holds the turn for `wait_ms` more."""

    def __init__(self, wait_ms: int) -> None:
        super().__init__(f"held by another worker for {wait_ms} ms more")
        self.wait_ms = wait_ms


class TurnLostError(Exception):
    """The turn is not (or no longer) this worker's to change: it is closed, or its lease ran out and was taken."""


class TurnRewordedError(Exception):
    """The person has put it in other words since this worker read it: the answer is not to these any more."""


class Turn(Table):
    """Keyed as Telegram names a message, so a redelivered update, an edit and a button all find it."""

    class Meta:
        setting = "TURNS_TABLE"
        table_name = ""

    chat_id = NumberAttribute(hash_key=True)
    message_id = NumberAttribute(range_key=True)
    update_id = NumberAttribute()
    thread_id = NumberAttribute(null=True)
    conversation_id = UnicodeAttribute(null=True)
    character_id = UnicodeAttribute(null=True)
    language = UnicodeAttribute(null=True)
    # What was sent: text, voice, sticker, ...
    kind = UnicodeAttribute(default="text")
    text = UnicodeAttribute(default="")
    # The update that last changed the text before it was answered.
    edited_by = NumberAttribute(null=True)
    status = UnicodeAttribute(default=RECEIVED)
    # Telegram's own time of the message, in whole seconds; the rest of the times are milliseconds.
    sent_s = NumberAttribute()
    received_at = NumberAttribute()
    # The lease: until when, and by which claim.
    leased_until = NumberAttribute(default=0)
    holder = UnicodeAttribute(null=True)
    # Since the last step forward: attempts that failed; and claims, in a row, whose worker has not said how it ended.
    attempts = NumberAttribute(default=0)
    crashes = NumberAttribute(default=0)
    answer = UnicodeAttribute(null=True)
    answered_at = NumberAttribute(null=True)
    # What the answer cost: model, tokens (input, cached, written, output), milliseconds (first_word_ms, total_ms).
    usage = JSONAttribute(null=True)
    # Telegram's ids of the messages that carry the answer, as far as they went out.
    reply_ids = JSONAttribute(default=list)
    delivered_at = NumberAttribute(null=True)
    failed_at = NumberAttribute(null=True)
    failure = UnicodeAttribute(null=True)
    # Every answer to it so far, the shown one among them, once there is more than one; the messages that show an
    # earlier one, to be edited into the next; and the update that last asked for another.
    alternatives = JSONAttribute(default=list)
    replaced_ids = JSONAttribute(default=list)
    asked_by = NumberAttribute(null=True)
    # How often, and when last, the person pressed Retry.
    retries = NumberAttribute(default=0)
    retried_at = NumberAttribute(null=True)

    # Not stored: that no worker has held it before this one, and what its next change takes along.
    unheld: bool = False
    pending: tuple[Action, ...] = ()

    def address(self, character_id: str, conversation_id: str) -> None:
        """To whom it was written: stored with the next change."""
        self.character_id, self.conversation_id = character_id, conversation_id
        named = Turn.character_id.set(character_id), Turn.conversation_id.set(conversation_id)
        self.pending = (*self.pending, *named)

    def set_language(self, language: str) -> None:
        """The language of what the bot itself says about it: stored with the next change."""
        self.language = language
        self.pending = (*self.pending, Turn.language.set(language))


def receive(turn: Turn) -> Turn:
    """Stores the message, once. What is stored comes back: for a repeat, the turn as it has become since."""
    try:
        turn.save(condition=Turn.chat_id.does_not_exist())
    except PutError as error:
        if not condition_failed(error):
            raise
        return Turn.find(int(turn.chat_id), int(turn.message_id)) or turn
    return turn


def take_up(turn: Turn, until_ms: int) -> bool:
    """Whether it can be worked until then without a claim: it is as the webhook stored it, and nobody has held it.

    Only for who has its job from the queue for the first time: until then no other worker can have it.
    """
    if turn.status != RECEIVED or turn.holder:
        return False
    turn.unheld, turn.holder, turn.leased_until = True, os.urandom(8).hex(), until_ms
    turn.pending = (Turn.holder.set(turn.holder),)
    return True


def claim(chat_id: int, message_id: int, until_ms: int) -> Turn:
    """Takes the turn up until then, and reads it in the same request.

    :raises TurnBusyError: another worker holds it
    :raises TurnLostError: it is closed, or was never stored
    """
    turn, holder = Turn(chat_id, message_id), os.urandom(8).hex()
    actions: list[Action] = [
        Turn.leased_until.set(until_ms),
        Turn.holder.set(holder),
        Turn.crashes.add(1),
    ]
    try:
        turn.update(actions=actions, condition=Turn.status.is_in(*OPEN) & (Turn.leased_until < now_ms()))
    except UpdateError as error:
        current = _found_instead(error, turn)
        if current is None or current.status not in OPEN:
            raise TurnLostError from error
        if current.holder != holder:
            raise TurnBusyError(max(0, int(current.leased_until) - now_ms()) + 1) from error
        return current
    return turn


def save_answer(turn: Turn, answer: str, usage: dict[str, str | int | None]) -> None:
    """From here on the answer is paid for and is only ever sent, never asked for again.

    :raises TurnLostError: another worker has taken the turn over
    :raises TurnRewordedError: this is no answer to what stands there now
    """
    said = [Turn.answer.set(answer), Turn.answered_at.set(now_ms()), Turn.usage.set(usage)]
    if turn.alternatives:
        said.append(Turn.alternatives.set([*turn.alternatives, answer]))
    as_read = Turn.edited_by == turn.edited_by if turn.edited_by else Turn.edited_by.does_not_exist()
    try:
        _move(turn, [*said, Turn.attempts.set(0), Turn.crashes.set(1)], come_from=(RECEIVED,), to=ANSWERED, if_=as_read)
    except TurnLostError as lost:
        current = Turn.find(int(turn.chat_id), int(turn.message_id))
        mine = current and current.status == RECEIVED and current.holder == (None if turn.unheld else turn.holder)
        if current and mine and current.edited_by != turn.edited_by:
            raise TurnRewordedError from lost
        raise


def record_parts(turn: Turn, reply_ids: list[int]) -> None:
    """A long answer goes out in parts; what has gone out is not sent again.

    :raises TurnLostError: another worker has taken the turn over
    """
    _move(turn, [Turn.reply_ids.set(reply_ids)], come_from=(ANSWERED,), to=ANSWERED)


def leave_unaddressed(turn: Turn) -> None:
    """There is nobody to answer it, and the person was told, or can't be.

    :raises TurnLostError: another worker has taken the turn over
    """
    _move(turn, [], come_from=(RECEIVED,), to=UNADDRESSED)


def mark_delivered(turn: Turn, reply_ids: list[int]) -> None:
    """The person has it. What was sent was sent: a worker whose lease has run out by now may say so too.

    :raises TurnLostError: another worker has closed the turn otherwise
    """
    told: list[Action] = [Turn.delivered_at.set(now_ms()), Turn.reply_ids.set(reply_ids), Turn.leased_until.set(0)]
    if turn.replaced_ids:
        told.append(Turn.replaced_ids.set([]))
    try:
        turn.update(actions=[Turn.status.set(DELIVERED), *told], condition=Turn.status == ANSWERED)
    except UpdateError as error:
        current = _found_instead(error, turn)
        if current is None or current.status != DELIVERED:
            raise TurnLostError from error


def give_up(turn: Turn, failure: str) -> None:
    """There will be no answer, unless the person asks for another try. They have yet to be told.

    :raises TurnLostError: another worker has taken the turn over
    """
    why = [Turn.failure.set(failure), Turn.failed_at.set(now_ms()), Turn.attempts.set(0), Turn.crashes.set(1)]
    _move(turn, why, come_from=(RECEIVED, ANSWERED), to=GIVEN_UP)


def close(turn: Turn) -> None:
    """The person was told, or can't be.

    :raises TurnLostError: another worker has taken the turn over, or the person has pressed Retry already
    """
    _move(turn, [], come_from=(GIVEN_UP,), to=FAILED)


def release(turn: Turn, failure: str | None = None) -> None:
    """Gives the turn back for later, with the reason if an attempt has failed."""
    failed = [Turn.attempts.set(int(turn.attempts) + 1), Turn.failure.set(failure)] if failure else []
    if failed or not turn.unheld:
        _let_go(turn, [Turn.crashes.set(0), *failed])


def is_suspect(turn: Turn) -> bool:
    """True if a worker may have died over it."""
    return turn.status in OPEN and turn.crashes > 0


def drop(turn: Turn) -> None:
    """Gives the turn back after something that nobody foresaw. It counts as a crash, as far as crashes are counted."""
    if not turn.unheld:
        _let_go(turn, [])


def reopen(chat_id: int, message_id: int) -> Turn | None:
    """The person asks for another try at a turn that failed: once per failure. None if there is none to try.

    Comes back for a turn that was reopened before and is not closed yet, too: whoever reopened it may have died before
    the job was on the queue.
    """
    turn = Turn.find(chat_id, message_id)
    if turn and turn.status in (GIVEN_UP, FAILED):
        again = ANSWERED if turn.answer else RECEIVED
        actions: list[Action] = [
            Turn.status.set(again),
            Turn.leased_until.set(0),
            Turn.holder.remove(),
            Turn.attempts.set(0),
            Turn.crashes.set(0),
            Turn.failed_at.remove(),
            Turn.retries.add(1),
            Turn.retried_at.set(now_ms()),
        ]
        try:
            turn.update(actions=actions, condition=Turn.status.is_in(GIVEN_UP, FAILED))
        except UpdateError as error:
            turn = _found_instead(error, turn)
    return turn if turn and turn.retries and turn.status in (RECEIVED, ANSWERED) else None


def join(turn: Turn) -> None:
    """The person has written more by now: both are answered with the later one, as somebody would who reads a chat.

    :raises TurnLostError: another worker has taken the turn over
    """
    _move(turn, [], come_from=(RECEIVED,), to=JOINED)


def newest_first(chat_id: int, page: int, before: int | None = None) -> Iterator[Turn]:
    """The chat's turns without what they cost, in requests of so many; or those before a message."""
    return iter(
        Turn.query(
            chat_id,
            Turn.message_id < before if before else None,
            attributes_to_get=[name for name in Turn.get_attributes() if name not in COSTS],
            scan_index_forward=False,
            page_size=page,
            # The answer before this one may have been saved a moment ago.
            consistent_read=True,
        )
    )


def newest(chat_id: int) -> Turn | None:
    """The chat's last turn that a character answers, or has answered."""
    found = Turn.query(
        chat_id,
        filter_condition=~Turn.status.is_in(UNADDRESSED, WITHDRAWN),
        scan_index_forward=False,
        page_size=5,
        consistent_read=True,
    )
    return next(iter(found), None)


def reword(chat_id: int, message_id: int, text: str, update_id: int) -> bool:
    """Whether there was still time: it waits for its answer, which will be to these words."""
    turn = Turn(chat_id, message_id)
    words: list[Action] = [Turn.text.set(text), Turn.edited_by.set(update_id)]
    try:
        turn.update(actions=words, condition=(Turn.status == RECEIVED) & (Turn.kind == "text"))
    except UpdateError as error:
        current = _found_instead(error, turn)
        return bool(current and current.edited_by == update_id)
    return True


def ask_again(turn: Turn, update_id: int, text: str | None = None) -> bool:
    """Another answer to the same message, or to what it was edited into. The earlier ones are kept.

    True also for a repeat of the update: whoever handled it first may have died before the job was on the queue.
    """
    alternatives = [] if text is not None else (turn.alternatives or [turn.answer])
    actions: list[Action] = [
        Turn.status.set(RECEIVED),
        Turn.alternatives.set(alternatives),
        Turn.replaced_ids.set(list(turn.reply_ids)),
        Turn.reply_ids.set([]),
        Turn.asked_by.set(update_id),
        Turn.attempts.set(0),
        Turn.crashes.set(0),
        *([Turn.text.set(text), Turn.answer.remove()] if text is not None else []),
    ]
    try:
        turn.update(actions=actions, condition=Turn.status == DELIVERED)
    except UpdateError as error:
        current = _found_instead(error, turn)
        return bool(current and current.asked_by == update_id and current.status in OPEN)
    return True


def keep_shown(turn: Turn) -> None:
    """No other answer could be had: the one before it stands.

    :raises TurnLostError: another worker has taken the turn over
    """
    back: list[Action] = [Turn.reply_ids.set(list(turn.replaced_ids)), Turn.replaced_ids.set([])]
    _move(turn, back, come_from=(RECEIVED,), to=DELIVERED)


def show_alternative(turn: Turn, answer: str, reply_ids: list[int]) -> None:
    """The person has swiped to another of the answers; from here on the character has said that one."""
    try:
        turn.update(
            actions=[Turn.answer.set(answer), Turn.reply_ids.set(reply_ids)], condition=Turn.status == DELIVERED
        )
    except UpdateError as error:
        _found_instead(error, turn)


def withdraw(turn: Turn) -> bool:
    """Takes the exchange back: it stays stored, and the character has never heard of it."""
    try:
        turn.update(actions=[Turn.status.set(WITHDRAWN)], condition=Turn.status == DELIVERED)
    except UpdateError as error:
        current = _found_instead(error, turn)
        return bool(current and current.status == WITHDRAWN)
    return True


def _move(
    turn: Turn, actions: Sequence[Action], *, come_from: tuple[str, ...], to: str, if_: Condition | None = None
) -> None:
    holder = turn.holder
    held = _is_held(turn) & Turn.status.is_in(*come_from)
    lease = Turn.leased_until.set(turn.leased_until if to in OPEN else 0)
    try:
        turn.update(
            actions=[Turn.status.set(to), lease, *turn.pending, *actions],
            condition=held if if_ is None else held & if_,
        )
    except UpdateError as error:
        current = _found_instead(error, turn)
        # A write whose answer got lost on the way is sent again by the client, and then meets its own effect.
        if current is None or (current.holder, current.status) != (holder, to):
            raise TurnLostError from error
        turn.refresh(consistent_read=True)
    turn.unheld, turn.pending = False, ()


def _let_go(turn: Turn, actions: Sequence[Action]) -> None:
    """Whoever has taken the turn over, if anybody has, keeps it."""
    try:
        turn.update(
            actions=[*turn.pending, *actions, Turn.leased_until.set(0)],
            condition=_is_held(turn) & Turn.status.is_in(*OPEN),
        )
    except UpdateError as error:
        _found_instead(error, turn)


def _is_held(turn: Turn) -> Condition:
    """By this worker; or still by nobody, if it was taken up without a claim."""
    mine = Turn.holder == turn.holder
    return mine | Turn.holder.does_not_exist() if turn.unheld else mine


def _found_instead(error: UpdateError, turn: Turn) -> Turn | None:
    """What a conditional write met.

    :raises UpdateError: it was not its condition that failed
    """
    if not condition_failed(error):
        raise error
    return Turn.find(int(turn.chat_id), int(turn.message_id))
