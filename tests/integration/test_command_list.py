from importlib import import_module

from functions.webhook import commands


def test_each_command_runs_by_the_module_that_is_named_for_it() -> None:
    for module in set(commands.MODULES.values()):
        theirs = {name for name, other in commands.MODULES.items() if other == module}
        assert set(import_module(f"functions.webhook.commands.{module}").COMMANDS) == theirs


def test_there_is_no_command_by_another_name() -> None:
    assert commands.find("stop") is None
