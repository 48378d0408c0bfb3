"""The conversation that a person is in: choosing a character, restarting, and undoing a restart."""

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from troupe.clock import now_ms
from troupe.tables import condition_failed
from troupe.users import Person, User, profile

# A message whose writer switched more often than this before its turn came finds no addressee any more.
MAX_SWITCHES = 8
# Writes of one choice, each of them refused because another choice was written at the same moment.
MAX_ATTEMPTS = 5


def choose(person: Person, character_id: str, *, at_ms: int | None = None) -> User | None:
    """Registers the person too: a link can open the Mini App before the first /start.

    A person whose data is being erased chooses nothing: look at `erasure` of the user that comes back.

    :param at_ms: time of the request in ms, if it may be old. Returns None if the person has made a later choice.
    :raises PynamoDBException: the table can't be reached, or other choices won MAX_ATTEMPTS times
    """
    now = now_ms()
    chosen_at = now if at_ms is None else at_ms
    for attempt in range(1, MAX_ATTEMPTS + 1):
        user = User.find(person.user_id) or User(person.user_id)
        if user.erasure:
            return user
        if at_ms is not None and user.chosen_at and user.chosen_at > at_ms:
            return None
        chosen = [User.character_id.set(character_id), User.chosen_at.set(chosen_at)]
        switched, unchanged = _switch(user, character_id, user.generation(character_id), now)
        try:
            user.update(actions=[*profile(person), *chosen, switched, User.blocked_at.remove()], condition=unchanged)
        except UpdateError as error:
            if not condition_failed(error) or attempt == MAX_ATTEMPTS:
                raise
        else:
            return user
    return None


def restart(user: User, character_id: str, update_id: int) -> User:
    """Starts a new conversation with the character; once per update, however often Telegram delivers it.

    :raises UpdateError: the table can't be reached, or another switch was written at the same moment
    """
    if user.restarted_for == update_id:
        return user
    first = (User.restarted_for != update_id) | User.restarted_for.does_not_exist()
    return _switch_to(user, character_id, user.generation(character_id) + 1, first, User.restarted_for.set(update_id))


def undo_restart(user: User, character_id: str, generation: int) -> User:
    """Goes back to the conversation before this generation, if this generation is the current one.

    :raises UpdateError: as `restart`
    """
    if user.generation(character_id) != generation or generation < 1:
        return user
    return _switch_to(user, character_id, generation - 1, User.generations == user.generations)


def go_into(user: User, character_id: str, generation: int, asked_at: int = 0) -> User:
    """Goes into that conversation. A repeat changes nothing.

    :param asked_at: in ms; messages since then belong to that conversation. 0 for now
    :raises UpdateError: as `restart`
    """
    if user.character_id == character_id and user.generation(character_id) == generation:
        return user
    last = max((switch[0] for switch in user.past_switches()), default=0)
    chosen = User.character_id.set(character_id), User.chosen_at.set(now_ms())
    at = asked_at if asked_at > last else None
    return _switch_to(user, character_id, generation, User.user_id.exists(), *chosen, at_ms=at)


def _switch_to(
    user: User, character_id: str, generation: int, condition: Condition, *also: Action, at_ms: int | None = None
) -> User:
    switched, unchanged = _switch(user, character_id, generation, now_ms() if at_ms is None else at_ms)
    generations = User.generations.set((user.generations or {}) | {character_id: generation})
    try:
        user.update(actions=[generations, switched, *also], condition=condition & unchanged)
    except UpdateError as error:
        # An earlier delivery of the same update may have made the change.
        found = User.find(int(user.user_id)) if condition_failed(error) else None
        if found is None or found.generation(character_id) != generation:
            raise
        return found
    return user


def _switch(user: User, character_id: str, generation: int, now: int) -> tuple[Action, Condition]:
    """The write that adds a switch, and its condition: no other switch was written since `user` was read."""
    switches = user.past_switches()
    if not switches or switches[-1][1:] != [character_id, generation]:
        switches = [*switches, [now, character_id, generation]][-MAX_SWITCHES:]
    unchanged = User.switches == user.switches
    return User.switches.set(switches), unchanged if user.switches else unchanged | User.switches.does_not_exist()
