"""The states of a turn, and the changes between them.

    change               made by                               from                 to
    receive              webhook                               nothing              received, or unaddressed
    take_up              the first worker to receive its job   received             unchanged; no write
    claim                a later worker, if no other holds it  any open             unchanged, and held
    leave_unaddressed    the holder, once the person was told  received             unaddressed
    save_answer          the holder                            received             answered
    record_parts         the holder                            answered             answered
    mark_delivered       the worker that has sent it           answered             delivered
    mark_drawn           the worker that has sent the picture  received             delivered
    give_up              the holder                            received, answered   given up: an apology is owed
    close                the holder                            given up             failed
    release, drop        the holder                            any open             unchanged, and free
    join                 the holder, if more was written       received             joined: answered with the next
    hold                 the holder, at a limit               received             held: kept for a later answer
    keep_shown           the holder, without another answer    received             delivered, with the answer before
    show_alternative     reply worker, for a swipe             delivered            delivered
    reopen               webhook, for a pressed Retry          given up, failed,    received; answered, if it has one
                                                               held
    stop                 webhook, for a button or /stop        received             received, with stopped_at
    reword               webhook, for an edit                  received             received, with the new words
    give_words           webhook, for an edit                  unaddressed command  received, with the new words
    replace_command      webhook, for an edit                  unaddressed command  received, a wish for a picture
    give_picture         reply worker, if it holds no card      unaddressed image    received: shown to the character
    ask_again            webhook, for a button or an edit      delivered            received, with its alternatives
    withdraw             webhook, for a button                 delivered, held      withdrawn
    erase                a worker, to forget it for good       any                  withdrawn, without words

An unaddressed turn is a message that no character answers. Only give_words, replace_command and give_picture change it.

record_speech notes the voice message of an answer, and leaves the turn delivered.

note_heard puts the words of a voice note on its turn, held and received, and leaves it so. note_seen describes a
picture on its turn, once, in any state but withdrawn.

Each change is a conditional write: of two writers one wins, and the other is told so. The queue gives a chat to one
worker at a time, so the first worker takes a turn up without a write, and its first change claims the turn. Later
workers hold a turn by a lease that ends with their invocation: a dead worker blocks the turn no longer than that.

`turns` has the changes that workers make, `turn_lease` the lease, and `turn_records` what workers note without it. Of
the person's changes, `turn_intake` has receive, `turn_edits` those by an edit, `turn_requests` those by a button or a
command, and `turn_removal` withdraw and erase.
"""

RECEIVED, ANSWERED, DELIVERED, UNADDRESSED = "received", "answered", "delivered", "unaddressed"
# JOINED: answered together with the message after it. WITHDRAWN: taken back by the person.
JOINED, WITHDRAWN = "joined", "withdrawn"
GIVEN_UP, FAILED = "given_up", "failed"
# No answer for now, because of a limit on messages or money: later answers take it in.
HELD = "held"
# Kinds of messages that are transcribed.
SOUNDS = ("voice", "video_note", "audio")
CONTINUE, COMMAND, DRAWING = "continue", "command", "drawing"
# The person says nothing to the character: they ask it to go on, or the bot for a picture.
SILENT = (CONTINUE, DRAWING)
# Statuses in which a worker still has something to do.
OPEN = (RECEIVED, ANSWERED, GIVEN_UP)


class TurnBusyError(Exception):
    """Another worker holds the turn for `wait_ms` more."""

    def __init__(self, wait_ms: int) -> None:
        super().__init__(f"held by another worker for {wait_ms} ms more")
        self.wait_ms = wait_ms


class TurnLostError(Exception):
    """The worker may not change the turn (any more): it is closed, or its lease ran out and another took it."""


class TurnRewordedError(Exception):
    """The person has edited the message since the worker read it: the answer is to the old words."""
