"""Every kind of row that may hold a person's data is exported and erased, or named here with the reason why not."""

from collections.abc import Iterator

from functions.llm_reply.privacy.data_categories import DATA_CATEGORIES
from tests.deployment.permissions import functions, resources
from troupe.broadcasts import Broadcast
from troupe.characters.suggestion import Suggestion
from troupe.model_state import ModelState
from troupe.spending.days import BotDay
from troupe.tables import Table

OF_NOBODY: dict[type[Table], str] = {
    Suggestion: "a form's draft and a text for it; goes after an hour, and no key leads from the person to it",
    Broadcast: "an owner's; it names people by id alone, for 30 days",
    BotDay: "sums of the whole bot",
    ModelState: "about models",
}


def kinds(base: type[Table]) -> Iterator[type[Table]]:
    for kind in base.__subclasses__():
        if "setting" in vars(kind.Meta) and not kind.__name__.startswith("_"):
            yield kind
        yield from kinds(kind)


def test_every_kind_of_row_is_in_a_category_or_said_to_be_of_nobody() -> None:
    held = {model for category in DATA_CATEGORIES for model in category.models}
    assert set(kinds(Table)) == held | OF_NOBODY.keys()
    assert not held & OF_NOBODY.keys()


def test_every_table_of_the_template_is_in_a_category() -> None:
    variables = functions()["LlmReplyFunction"]["Environment"]["Variables"]
    settings = {value["Ref"]: name for name, value in variables.items() if isinstance(value, dict) and "Ref" in value}
    tables = {name for name, each in resources().items() if each["Type"] == "AWS::DynamoDB::Table"}
    held = {model.Meta.setting for category in DATA_CATEGORIES for model in category.models}
    assert {settings.get(table, table) for table in tables} == held
