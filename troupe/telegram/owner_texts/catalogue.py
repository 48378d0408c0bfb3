"""The texts that every language has for the owners."""

from dataclasses import dataclass


@dataclass(frozen=True)
class OwnerTexts:
    # In the menu of the owners' own chats, above everybody's commands.
    commands: dict[str, str]
    whom: str
    unknown_username: str
    ambiguous_username: str
    blocked: str
    was_blocked: str
    owner_stays: str
    unblocked: str
    was_not_blocked: str
    still_uninvited: str
    still_blocked: str
    admitted: str
    was_admitted: str
    invitation: str
    no_links: str
    audiences: dict[str, str]
    broadcast_usage: str
    broadcast_too_long: str
    broadcast_question: str
    broadcast_send: str
    broadcast_cancel: str
    broadcast_stop: str
    broadcast_running: str
    broadcast_stopping: str
    broadcast_cancelled: str
    broadcast_over: str
    broadcast_done: str
    broadcast_stopped: str
    broadcast_took: str
    # By what became of the people: functions/llm_reply/broadcasting/recipients.py
    outcomes: dict[str, str]
    none: str
    # By `troupe.spending.limits.Limit`; those of the whole bot.
    limits: dict[str, str]
    stats: str
    limit: str
    limit_usage: str
    limit_of_nobody: str
    stats_fallback: str
    # Messages that the bot sends unasked.
    notices: dict[str, str]
