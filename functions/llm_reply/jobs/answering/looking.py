"""The pictures that a message is answered with: its own, and those of the messages that it is joined with."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from functions.llm_reply import settings
from functions.llm_reply.failures import LARGE_PICTURE, UNREADABLE_PICTURE, Failure
from functions.llm_reply.jobs.answering.retrying import is_tried_again, postpone_or_do_without
from functions.llm_reply.jobs.answering.several_parts import album_goes_on
from functions.llm_reply.messaging.pictures import fetch_all, file_of
from functions.llm_reply.prompting.addressee import note_addressee
from functions.llm_reply.prompting.context import ChatSnapshot
from functions.llm_reply.prompting.together import answered_with
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import CONTINUE, DRAWING, RECEIVED
from troupe.observability import count

BLIND = "blind"


async def look(turn: Turn, known: ChatSnapshot) -> ChatSnapshot:
    """With the pictures. A message that has neither them nor a word is given up.

    :raises PostponedError: another attempt may bring them
    """
    if not _may_show(turn, known) or not note_addressee(turn, known.user):
        return known
    together = await asyncio.to_thread(answered_with, turn)
    pictured = [each for each in together if file_of(each)]
    if not pictured:
        return known
    if not settings.pictures_seen:
        return replace(known, unseen=BLIND)
    found = await fetch_all(pictured)
    if found.failure and (is_tried_again(turn, found.failure) or not (found.pictures or _has_words(together))):
        await postpone_or_do_without(turn, found.failure)
        return known
    count("PicturesShown", len(found.pictures))
    return replace(known, pictures=found.pictures, unseen=_why(found.failure))


def _why(failure: Failure | None) -> str | None:
    if failure is None:
        return None
    return (LARGE_PICTURE if failure == LARGE_PICTURE else UNREADABLE_PICTURE).name


def _may_show(turn: Turn, known: ChatSnapshot) -> bool:
    """Without a read. A part of an album that goes on is joined to its last part, and shown with that."""
    if turn.status != RECEIVED or turn.stopped_at or turn.kind in {CONTINUE, DRAWING}:
        return False
    if album_goes_on(turn, known.neighbours.later):
        return False
    return bool(turn.picture) or any(each.picture for each in known.neighbours.recent)


def _has_words(together: Sequence[Turn]) -> bool:
    """True also for a sticker's emoji, and for words of another person."""
    return any(each.text or each.quote or (each.picture and each.picture["emoji"]) for each in together)
