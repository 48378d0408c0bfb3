"""/timezone: asks the person for their time, by buttons that show it. It is never guessed."""

from typing import Any

from functions.webhook.commands.command import Command
from functions.webhook.context import Method, UpdateContext
from functions.webhook.update import Message
from troupe import time_zones, users
from troupe.clock import now_ms
from troupe.telegram.callback_data import CallbackData

# From Hawaii to Tonga: each shows another time of the clock.
HOURS = range(-10, 14)
PER_ROW = 4


def timezone(context: UpdateContext, _message: Message, argument: str) -> Method:
    """Without an argument it asks; "off" forgets it; anything else is a time zone."""
    if not argument:
        return context.say(context.texts.time_zone, reply_markup=_buttons())
    if argument.strip().lower() == "off":
        users.set_time_zone(context.person, None)
        return context.say(context.texts.time_zone_off)
    stored = time_zones.parse(argument)
    return _set(context, stored) if stored else context.say(context.texts.time_zone_unknown)


def press(context: UpdateContext, pressed: CallbackData) -> Method:
    stored = time_zones.offset(int(pressed.arguments[0]))
    return _set(context, stored) if stored else context.say(context.texts.old_button)


def _set(context: UpdateContext, stored: str) -> Method:
    users.set_time_zone(context.person, stored)
    local = time_zones.local_time(stored, now_ms())
    return context.say(context.texts.time_zone_set.format(time=f"{local:%H:%M}" if local else stored))


def _buttons() -> dict[str, Any]:
    buttons = []
    for hours in HOURS:
        local = time_zones.local_time(str(time_zones.offset(60 * hours)), now_ms())
        data = CallbackData("timezone", (str(60 * hours),))
        buttons.append({"text": f"{local:%H:%M}", "callback_data": str(data)})
    return {"inline_keyboard": [buttons[start : start + PER_ROW] for start in range(0, len(buttons), PER_ROW)]}


COMMANDS: dict[str, Command] = {"timezone": timezone}
