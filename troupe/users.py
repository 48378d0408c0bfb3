"""The people: one row each, made at /start, and the character each of them has chosen."""

import time
from dataclasses import dataclass
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from troupe.tables import Table, condition_failed

# A message that waited for its answer through more changes of character than these is answered by nobody.
MAX_SWITCHES = 8
# Of a choice, with another one in its way each time.
MAX_ATTEMPTS = 5


def now_ms() -> int:
    """Times are milliseconds since 1970, everywhere in the tables."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True)
class Person:
    """Who Telegram says is writing. `language` is its IETF tag, at times missing."""

    user_id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language: str | None = None


class User(Table):
    class Meta:
        setting = "USERS_TABLE"
        table_name = ""

    user_id = NumberAttribute(hash_key=True)
    first_name = UnicodeAttribute(default="")
    last_name = UnicodeAttribute(null=True)
    username = UnicodeAttribute(null=True)
    language = UnicodeAttribute(null=True)
    registered_at = NumberAttribute()
    character_id = UnicodeAttribute(null=True)
    chosen_at = NumberAttribute(null=True)
    # The last of the conversations they went over to, newest last: [since when, character, generation]. A message
    # belongs to the one that was current when it came in, whatever was chosen before its turn came.
    choices = JSONAttribute(default=list)
    blocked_at = NumberAttribute(null=True)
    # The language they chose with /language, over the one that Telegram tells.
    language_choice = UnicodeAttribute(null=True)
    # How often each character's conversation was begun anew, and the update that last did so.
    generations = JSONAttribute(default=dict)
    restarted_for = NumberAttribute(default=0)

    @property
    def spoken(self) -> str | None:
        """The language we speak to them, as an IETF tag."""
        return self.language_choice or self.language

    def generation(self, character_id: str) -> int:
        """Which of their conversations with the character is the current one."""
        return int((self.generations or {}).get(character_id, 0))

    def conversation_at(self, at_ms: int) -> tuple[str, int] | None:
        """The character, and the generation of the conversation with it, that they were in at that time."""
        made = [choice for choice in self.past_switches() if choice[0] <= at_ms]
        return (made[-1][1], made[-1][2]) if made else None

    def past_switches(self) -> list[list[Any]]:
        """The choices; of a row that was last written before they were kept, the one it knows of."""
        if self.choices or not self.character_id:
            return list(self.choices)
        return [[int(self.chosen_at or 0), self.character_id, self.generation(self.character_id)]]


def register(person: Person) -> User:
    """Makes the row, or brings its names up to date. The time of registration is set once."""
    user = User(person.user_id)
    user.update(actions=[*_names(person), User.blocked_at.remove()])
    return user


def choose(person: Person, character_id: str, *, at_ms: int | None = None) -> User | None:
    """Registers too: the Mini App can be opened from a link before the first /start.

    :param at_ms: when it was asked for, if that may have been a while ago. None comes back if they chose again since.
    :raises PynamoDBException: the table can't be reached, or they choose faster than it can be written down
    """
    now = now_ms()
    chosen_at = now if at_ms is None else at_ms
    for attempt in range(1, MAX_ATTEMPTS + 1):
        user = User.find(person.user_id) or User(person.user_id)
        if at_ms is not None and user.chosen_at and user.chosen_at > at_ms:
            return None
        made = [User.character_id.set(character_id), User.chosen_at.set(chosen_at)]
        over, unchanged = _switch(user, character_id, user.generation(character_id), now)
        try:
            user.update(actions=[*_names(person), *made, over, User.blocked_at.remove()], condition=unchanged)
        except UpdateError as error:
            if not condition_failed(error) or attempt == MAX_ATTEMPTS:
                raise
        else:
            return user
    return None


def _switch(user: User, character_id: str, generation: int, now: int) -> tuple[Action, Condition]:
    """To that conversation from now on, unless they have gone over to another in the meantime."""
    choices = user.past_switches()
    if not choices or choices[-1][1:] != [character_id, generation]:
        choices = [*choices, [now, character_id, generation]][-MAX_SWITCHES:]
    unchanged = User.choices == user.choices
    return User.choices.set(choices), unchanged if user.choices else unchanged | User.choices.does_not_exist()


def set_language(person: Person, language: str | None) -> User:
    """From now on in this language; None for the one that Telegram tells."""
    user = User(person.user_id)
    choice = User.language_choice.set(language) if language else User.language_choice.remove()
    user.update(actions=[*_names(person), choice])
    return user


def restart(user: User, character_id: str, update_id: int) -> User:
    """Begins the conversation with the character anew; once per update, however often it is delivered.

    :raises UpdateError: the table can't be reached, or something else was chosen at the same moment
    """
    if user.restarted_for == update_id:
        return user
    never = User.restarted_for.does_not_exist()
    first = (User.restarted_for != update_id) | never
    return _switch_to(user, character_id, user.generation(character_id) + 1, first, User.restarted_for.set(update_id))


def undo_restart(user: User, character_id: str, generation: int) -> User:
    """Back to the conversation before this generation of it, if that is the current one.

    :raises UpdateError: as `restart`
    """
    if user.generation(character_id) != generation or generation < 1:
        return user
    return _switch_to(user, character_id, generation - 1, User.generations == user.generations)


def _switch_to(user: User, character_id: str, generation: int, condition: Condition, *also: Action) -> User:
    over, unchanged = _switch(user, character_id, generation, now_ms())
    generations = User.generations.set((user.generations or {}) | {character_id: generation})
    try:
        user.update(actions=[generations, over, *also], condition=condition & unchanged)
    except UpdateError as error:
        # Delivered twice at once, perhaps: then it is done.
        found = User.find(int(user.user_id)) if condition_failed(error) else None
        if found is None or found.generation(character_id) != generation:
            raise
        return found
    return user


def mark_blocked(user_id: int, at_ms: int | None = None) -> None:
    """A person who blocked the bot gets nothing more until they write again, and costs nothing.

    :param at_ms: when the message was sent that found it out. What they wrote since then is answered.
    """
    blocked = User.blocked_at.set(now_ms() if at_ms is None else at_ms)
    _change(user_id, blocked, User.blocked_at.does_not_exist())


def mark_unblocked(user_id: int) -> None:
    _change(user_id, User.blocked_at.remove(), User.blocked_at.exists())


def _change(user_id: int, action: Action, condition: Condition) -> None:
    """Changes a row that exists and is not so already; else there is nothing to do."""
    try:
        User(user_id).update(actions=[action], condition=User.user_id.exists() & condition)
    except UpdateError as error:
        if not condition_failed(error):
            raise


def _names(person: Person) -> list[Action]:
    optional = [(User.last_name, person.last_name), (User.username, person.username), (User.language, person.language)]
    return [
        User.first_name.set(person.first_name),
        User.registered_at.set(User.registered_at | now_ms()),
        *(attribute.set(value) if value else attribute.remove() for attribute, value in optional),
    ]
