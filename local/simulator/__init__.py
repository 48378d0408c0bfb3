"""A simulated Telegram, for one machine and for tests: the Bot API and a chat page."""

from local.simulator.faults import Fault
from local.simulator.refusal import Refused
from local.simulator.simulator import Simulator
from local.simulator.state import SavedStateError
from local.simulator.user import User

__all__ = ["Fault", "Refused", "SavedStateError", "Simulator", "User"]
