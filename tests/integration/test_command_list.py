from importlib import import_module

from functions.webhook import commands


def test_each_command_runs_by_the_module_that_is_named_for_it() -> None:
    known = commands.known_to(is_owner=True)
    for module in set(known.values()):
        theirs = {name for name, other in known.items() if other == module}
        assert set(import_module(f"functions.webhook.commands.{module}").COMMANDS) == theirs


def test_there_is_no_command_by_another_name() -> None:
    assert commands.find("leave", is_owner=True) is None


def test_only_owners_have_the_owners_commands() -> None:
    for name in commands.OWNERS_MODULES:
        assert commands.find(name, is_owner=True)
        assert commands.find(name, is_owner=False) is None
