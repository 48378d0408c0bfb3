"""At a terminal `make deploy` makes an update's changes after a yes only."""

import pytest

from tests.deploy.account import World
from tests.deploy.test_change_set import propose
from tests.deploy.test_secrets import at_a_terminal

CARRY_OUT = """
import sys
from deploy.account import Account
from deploy.change_set import Choice, carry_out
from deploy.terminal import StoppedError
Account.open()
try:
    carry_out(sys.argv[1], sys.argv[2], Choice())
    print("The changes are made.")
except StoppedError as stopped:
    print(stopped)
"""


@pytest.mark.parametrize(
    ("answer", "said", "status"),
    [("y", "The changes are made.", "UPDATE_COMPLETE"), ("", "Nothing has been changed.", "CREATE_COMPLETE")],
)
async def test_only_a_yes_makes_the_changes(world: World, answer: str, said: str, status: str) -> None:
    world.create_stack()
    template = world.template()
    del template["Resources"]["DeadChangesQueue"]

    _, shown = await at_a_terminal(world, answer, command=("-c", CARRY_OUT, world.stack, propose(world, template)))

    assert said in shown
    (stack,) = world.client("cloudformation").describe_stacks(StackName=world.stack)["Stacks"]
    assert stack["StackStatus"] == status
