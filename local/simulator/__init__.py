"""A Telegram of one's own: the Bot API and a chat page, for one machine and for tests."""

from local.simulator.faults import Fault
from local.simulator.refusal import Refused
from local.simulator.simulator import Simulator
from local.simulator.state import SavedStateError
from local.simulator.user import User

__all__ = ["Fault", "Refused", "SavedStateError", "Simulator", "User"]
