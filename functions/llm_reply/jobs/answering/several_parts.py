"""One thing that Telegram delivers as several messages: an album, or a long text that the client cut in pieces.

Clients cut a text at Telegram's limit and send the pieces one after the other. The parts are joined to the last one,
which alone is answered.
"""

from collections.abc import Sequence

from functions.llm_reply.prompting.history import PAGE
from troupe.clock import now_ms
from troupe.conversations import turn_reads
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import RECEIVED

# A little below 4096: some clients cut at a space before it.
CUT_AT = 3900
# How long to wait for the next part to be stored.
NEXT_PART_MS = 1500


def wait_for_next_part_ms(turn: Turn, later: Sequence[Turn]) -> int:
    """Returns the wait in milliseconds; 0 if the message is whole, or its next part is stored."""
    is_part = turn.media_group_id or len(turn.text) >= CUT_AT
    if not is_part or turn.status != RECEIVED or turn.asked_by or turn.retries or turn.attempts:
        return 0
    if any(other.status == RECEIVED for other in later):
        return 0
    return max(0, int(turn.received_at) + NEXT_PART_MS - now_ms())


def album_goes_on(turn: Turn, later: Sequence[Turn]) -> bool:
    return bool(turn.media_group_id) and any(
        other.media_group_id == turn.media_group_id and other.status == RECEIVED for other in later
    )


def is_wordless_album(turn: Turn) -> bool:
    """True for an album whose last message has come, without captions and pictures. Reads the table."""
    if not turn.media_group_id or turn.text or turn.quote or turn.picture:
        return False
    for earlier in turn_reads.newest_first(int(turn.chat_id), PAGE, before=int(turn.message_id)):
        if earlier.media_group_id != turn.media_group_id:
            break
        if earlier.text or earlier.quote or earlier.picture:
            return False
    return True
