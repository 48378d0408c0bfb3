"""The people: one row each, made at /start or with their first message."""

from dataclasses import dataclass
from typing import Any

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from troupe.clock import now_ms
from troupe.retention import lasting
from troupe.tables import Table, condition_failed


@dataclass(frozen=True)
class Person:
    """The sender of an Update. `language` is the IETF tag of their Telegram; Telegram may leave it out."""

    user_id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language: str | None = None


class UsernameIndex(GlobalSecondaryIndex["User"]):  # type: ignore[no-untyped-call]  # pynamodb leaves it untyped
    """Ids by username. A username that was given up and taken again leads to several."""

    class Meta:
        index_name = "username"
        projection = KeysOnlyProjection()

    username = UnicodeAttribute(hash_key=True)


class User(Table):
    class Meta:
        setting = "USERS_TABLE"
        table_name = ""

    by_username = UsernameIndex()

    user_id = NumberAttribute(hash_key=True)
    first_name = UnicodeAttribute(default="")
    last_name = UnicodeAttribute(null=True)
    username = UnicodeAttribute(null=True)
    language = UnicodeAttribute(null=True)
    registered_at = NumberAttribute()
    # The character they are talking to now; `troupe.choices` changes it.
    character_id = UnicodeAttribute(null=True)
    chosen_at = NumberAttribute(null=True)
    # The last conversations they switched to, newest last: [since when in ms, character, generation].
    switches = JSONAttribute(default=list)
    # For each character, how often the conversation with it was restarted; and the update of the last restart.
    generations = JSONAttribute(default=dict)
    restarted_for = NumberAttribute(default=0)
    # When they last brought a character of their own.
    brought_at = NumberAttribute(null=True)
    # The last event of a form for a character: {"step": started, saved or refused, "at", "is_new", "why"}. `why`
    # names fields and reasons; no word of the form stands here.
    form = JSONAttribute(null=True)
    # When a chat of theirs from another program last became a conversation.
    imported_at = NumberAttribute(null=True)
    # When they blocked the bot.
    blocked_at = NumberAttribute(null=True)
    # When an owner blocked them, and when an invitation or an owner let them in: troupe.admission says what follows.
    banned_at = NumberAttribute(null=True)
    admitted_at = NumberAttribute(null=True)
    # Since when they want no broadcasts; and the last one that was sent to them, noted before it was sent.
    muted_at = NumberAttribute(null=True)
    last_broadcast = UnicodeAttribute(null=True)
    # The language they chose with /language; it counts more than the one of their Telegram.
    language_choice = UnicodeAttribute(null=True)
    # Whether all their characters may know what one of them has learned of the person: /shared.
    shares_memory = BooleanAttribute(default=False)
    # The time zone that they gave with /timezone (troupe/time_zones.py), and when the bot asked for it, in ms.
    time_zone = UnicodeAttribute(null=True)
    asked_time_zone_at = NumberAttribute(null=True)
    # How they get their answers: a mode of `troupe.answer_mode`; missing: in writing. voice_refused_at: since when
    # Telegram refuses voice messages to them, because of a setting of theirs.
    answers_as = UnicodeAttribute(null=True)
    voice_refused_at = NumberAttribute(null=True)
    # An allowance of their own instead of MESSAGES_PER_DAY and DOLLARS_PER_PERSON_DAY. 0: no limit.
    messages_per_day = NumberAttribute(null=True)
    dollars_per_day = NumberAttribute(null=True)
    # When they were first told that an AI plays the characters.
    told_of_ai_at = NumberAttribute(null=True)
    # The age that they say they have reached, and when they said so; 0 for those who say that they are too young.
    stated_age = NumberAttribute(null=True)
    stated_age_at = NumberAttribute(null=True)
    # Their data is being erased: how far that is (troupe.erasure). Nothing new is written for them meanwhile.
    erasure = JSONAttribute(null=True)
    # Seconds since 1970, DynamoDB's TTL: the row may be deleted after that. Missing: the row stays.
    expires_at = NumberAttribute(null=True)

    def generation(self, character_id: str) -> int:
        """The number of the current conversation with the character: 0 until the first restart."""
        return int((self.generations or {}).get(character_id, 0))

    def conversation_at(self, at_ms: int) -> tuple[str, int] | None:
        """The (character, generation) of the conversation they were in at that time."""
        made = [switch for switch in self.past_switches() if switch[0] <= at_ms]
        return (made[-1][1], made[-1][2]) if made else None

    def past_switches(self) -> list[list[Any]]:
        """`switches`; for a row with a character and without switches, the one switch that the row implies."""
        if self.switches or not self.character_id:
            return list(self.switches)
        return [[int(self.chosen_at or 0), self.character_id, self.generation(self.character_id)]]


def register(person: Person, *, told_of_ai: bool = False) -> User:
    """Makes the row, or updates its names. The time of registration is set once.

    :param told_of_ai: the message that they get now says that an AI plays the characters
    """
    user = User(person.user_id)
    told = [User.told_of_ai_at.set(User.told_of_ai_at | now_ms())] if told_of_ai else []
    user.update(actions=[*profile(person), *told, User.blocked_at.remove()])
    return user


def state_age(person: Person, age: int) -> User:
    """:param age: what they say they have reached; 0 if they say that they are too young"""
    user = User(person.user_id)
    user.update(actions=[*profile(person), User.stated_age.set(age), User.stated_age_at.set(now_ms())])
    return user


def set_language(person: Person, language: str | None) -> User:
    """:param language: None for the one of their Telegram"""
    user = User(person.user_id)
    choice = User.language_choice.set(language) if language else User.language_choice.remove()
    user.update(actions=[*profile(person), choice])
    return user


def set_shares_memory(person: Person, *, shares: bool) -> None:
    User(person.user_id).update(actions=[*profile(person), User.shares_memory.set(shares)])


def set_time_zone(person: Person, time_zone: str | None) -> User:
    """:param time_zone: None to forget it"""
    user = User(person.user_id)
    choice = User.time_zone.set(time_zone) if time_zone else User.time_zone.remove()
    user.update(actions=[*profile(person), choice, User.asked_time_zone_at.set(now_ms())])
    return user


def set_answers_as(person: Person, mode: str) -> None:
    """:param mode: one of `troupe.answer_mode.MODES`. They may allow voice messages by now: one is tried again."""
    User(person.user_id).update(actions=[*profile(person), User.answers_as.set(mode), User.voice_refused_at.remove()])


def mark_blocked(user_id: int, at_ms: int | None = None) -> None:
    """The bot sends nothing more to a person who blocked it, until they write again.

    :param at_ms: when the bot sent the message that Telegram refused: what they wrote after that is answered
    """
    blocked = User.blocked_at.set(now_ms() if at_ms is None else at_ms)
    _change(user_id, blocked, User.blocked_at.does_not_exist())


def mark_unblocked(user_id: int) -> None:
    _change(user_id, User.blocked_at.remove(), User.blocked_at.exists())


def set_muted(user_id: int, *, muted: bool) -> None:
    """Muted people get no broadcasts."""
    action = User.muted_at.set(now_ms()) if muted else User.muted_at.remove()
    _change(user_id, action, User.user_id.exists())


def change_if(user_id: int, condition: Condition, *actions: Action) -> bool:
    """False if the condition does not hold."""
    try:
        User(user_id).update(actions=[*actions], condition=condition)
    except UpdateError as error:
        if not condition_failed(error):
            raise
        return False
    return True


def _change(user_id: int, action: Action, condition: Condition) -> None:
    """Does nothing if the row does not exist, or if the condition says that the change is made already."""
    change_if(user_id, User.user_id.exists() & condition, action)


def profile(person: Person) -> list[Action]:
    """The update actions that bring a row's names and Telegram language up to date, and set `registered_at` once."""
    optional = [(User.last_name, person.last_name), (User.username, person.username), (User.language, person.language)]
    return [
        User.first_name.set(person.first_name),
        User.registered_at.set(User.registered_at | now_ms()),
        lasting(User.expires_at, now_ms()),
        *(attribute.set(value) if value else attribute.remove() for attribute, value in optional),
    ]
