"""Checks a turn's words while the model works: only the text that people see waits for moderation."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from types import TracebackType
from typing import Self

from functions.llm_reply import settings
from functions.llm_reply.failures import AGAINST_RULES, Failure
from functions.llm_reply.llm.generation import Generated
from functions.llm_reply.llm.usage import record_usage
from functions.llm_reply.safety.crisis import offer_help
from functions.llm_reply.safety.moderation import Moderation
from functions.llm_reply.safety.phrases import shows_signs
from functions.llm_reply.safety.policy import (
    Action,
    Signs,
    Verdict,
    may_be_drawn,
    of_answer,
    of_message,
    of_picture,
)
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import CONTINUE
from troupe.observability import count
from troupe.spending.ledger import Spender
from troupe.spending.limits import LimitReachedError, Limits
from troupe.users import User

Show = Callable[[str], None]
Generate = Callable[[Show], Awaitable[Generated | Failure]]


class Screening:
    """Begins to check when its block is entered. Help lines, if they are due, go out from here."""

    def __init__(self, turn: Turn, user: User, moderation: Moderation, pictures: Sequence[str] = ()) -> None:
        """:param pictures: data URLs, which are checked as the words are"""
        self._turn, self._user, self._moderation, self._pictures = turn, user, moderation, pictures
        self._spender = Spender(int(turn.person_id), settings.limits.of(user), turn.asked_for)
        # A check that costs money was not made, because a limit is reached.
        self.is_unchecked = False

    async def __aenter__(self) -> Self:
        self._checking = asyncio.create_task(self._check())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # After an error the turn comes back, and its words are checked again.
        if error:
            self._checking.cancel()
        await asyncio.gather(self._checking, return_exceptions=True)

    async def refuses(self) -> bool:
        """Waits for the verdict on the message, and for the help lines that it leads to.

        :raises LimitReachedError: there is no verdict, because the check costs money
        """
        return (await self._checking).action is Action.REFUSE

    async def may_be_drawn(self, description: str) -> bool:
        """False also for words that are only watched: an answer in words may follow them, a picture may not.

        :raises LimitReachedError: as `refuses`
        """
        if (await self._checking).action is not Action.ALLOW:
            return False
        return may_be_drawn(await self._moderation.flagged(description, self._spender) or ())

    async def guard(self, show: Show, generate: Generate) -> Generated | Failure:
        """Has an answer made while the message is checked. Shows nothing of it before the verdict, and nothing at all
        of an answer that must be checked itself.

        :raises ModelError: there is no answer
        :raises LimitReachedError: neither an answer nor a check may be paid for
        """
        gate = _Gate(show)
        generating = asyncio.ensure_future(generate(gate.grow))
        try:
            await asyncio.wait({generating, self._checking}, return_when=asyncio.FIRST_COMPLETED)
            verdict = await self._checking
            if verdict.action is Action.REFUSE:
                count("ModerationRefused")
                return AGAINST_RULES
            if verdict.action is Action.ALLOW:
                gate.open()
            generated = await generating
        finally:
            generating.cancel()
            await asyncio.gather(generating, return_exceptions=True)
        if isinstance(generated, Failure):
            return generated
        return await self._checked(generated, verdict)

    async def _checked(self, generated: Generated, verdict: Verdict) -> Generated | Failure:
        """A model that was given no words, or words to watch, may go further than the person did."""
        if verdict.action is Action.ALLOW and self._turn.kind != CONTINUE:
            return generated
        # No limit stops this check: the answer is paid for.
        flagged = await self._moderation.flagged(generated.text, Spender(self._spender.person_id, Limits()))
        if of_answer(flagged or ()).action is not Action.REFUSE:
            return generated
        record_usage(generated.usage)
        count("ModerationRefused")
        return AGAINST_RULES

    async def _check(self) -> Verdict:
        asking = asyncio.create_task(self._moderation.flagged(_words(self._turn), self._spender))
        looking = asyncio.create_task(self._moderation.flagged_in_pictures(self._pictures, self._spender))
        try:
            # Words of others that the person passes on are no signs of the person's own state.
            own = Signs.INTENT if shows_signs(self._turn.text) else Signs.NONE
            if own:
                await offer_help(self._turn, self._user, own)
            verdict = of_message(await asking or ())
            shown = of_picture(await looking or ())
            verdict = Verdict(max(verdict.action, shown.action), max(verdict.signs, shown.signs))
        except LimitReachedError:
            self.is_unchecked = True
            raise
        finally:
            asking.cancel()
            looking.cancel()
        if verdict.signs > own:
            await offer_help(self._turn, self._user, verdict.signs)
        return Verdict(max(verdict.action, Action.WATCH if own else Action.ALLOW), max(own, verdict.signs))


class _Gate:
    """Holds the growing answer back until it is opened."""

    def __init__(self, show: Show) -> None:
        self._show, self._text, self._is_open = show, "", False

    def grow(self, text: str) -> None:
        self._text = text
        if self._is_open:
            self._show(text)

    def open(self) -> None:
        self._is_open = True
        if self._text:
            self._show(self._text)


def _words(turn: Turn) -> str:
    """The message, with what others wrote and the person passes on. The character's own words were checked before."""
    passed_on = turn.quote["text"] if turn.quote and turn.quote["by"] != "character" else ""
    return "\n".join(filter(None, [passed_on, turn.text]))
