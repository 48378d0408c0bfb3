"""`python -m publishing.cast`, run as an operator runs it, against a table as the template declares it."""

import json
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from local.aws import Aws
from local.emulator import ROOT, Emulator
from local.template import read_template
from publishing.cast import CARDS


@dataclass(frozen=True)
class Outcome:
    code: int
    said: list[str]
    complained: list[str]


@dataclass(frozen=True)
class CharactersTable:
    aws: Aws
    name: str

    def settings(self) -> dict[str, str]:
        return {**self.aws.settings(), "CHARACTERS_TABLE": self.name}

    def items(self) -> dict[str, dict[str, Any]]:
        found = self.aws.dynamodb.scan(TableName=self.name)["Items"]
        return {str(item["character_id"]["S"]): dict(item) for item in found}

    def set_attribute(self, character_id: str, name: str, value: str) -> None:
        self.aws.dynamodb.update_item(
            TableName=self.name,
            Key={"character_id": {"S": character_id}},
            UpdateExpression="SET #name = :value",
            ExpressionAttributeNames={"#name": name},
            ExpressionAttributeValues={":value": {"S": value}},
        )


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    with Emulator.start(tmp_path_factory.mktemp("aws") / "log") as emulator:
        yield Aws.at(emulator.endpoint_url)


@pytest.fixture
def table(aws: Aws) -> CharactersTable:
    (declared,) = [t for t in read_template(ROOT / "template.yaml").tables if t.logical_id == "CharactersTable"]
    name = f"characters-{uuid.uuid4()}"
    aws.dynamodb.create_table(TableName=name, BillingMode="PAY_PER_REQUEST", **declared.definition)
    return CharactersTable(aws, name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two of the cards, to be changed or broken."""
    for name in ("mario", "ada"):
        shutil.copy(CARDS / f"{name}.json", tmp_path)
    return tmp_path


def load(settings: dict[str, str], *arguments: Path) -> Outcome:
    done = subprocess.run(
        [sys.executable, "-m", "publishing.cast", *map(str, arguments)],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "COLUMNS": "200", **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return Outcome(done.returncode, done.stdout.splitlines(), done.stderr.splitlines())


def change(path: Path, **data: Any) -> None:
    content = json.loads(path.read_text())
    content["data"].update(data)
    path.write_text(json.dumps(content))


def test_the_whole_cast_is_loaded_as_its_cards_have_it(table: CharactersTable) -> None:
    outcome = load(table.settings())

    cards = {path.stem: json.loads(path.read_text()) for path in sorted(CARDS.glob("*.json"))}
    assert (outcome.code, outcome.complained) == (0, [])
    assert outcome.said == [f"{name}: added" for name in cards]
    items = table.items()
    assert {name: json.loads(item["card"]["S"]) for name, item in items.items()} == cards
    mario = items["mario"]
    assert (mario["position"], mario["avatar"]) == ({"N": "1"}, {"S": "avatars/mario.svg"})
    assert (mario["owner"], mario["visibility"]) == ({"S": "builtin"}, {"S": "public"})
    locales = json.loads(mario["locales"]["S"])
    assert locales["ru"]["name"] == "Марио"
    assert locales["en"].keys() == {"name", "tagline", "tags"}


def test_loading_again_writes_nothing(table: CharactersTable, folder: Path) -> None:
    load(table.settings(), folder)
    # A write would put the whole item, and this with it would be gone.
    table.set_attribute("ada", "note", "by hand")
    before = table.items()

    again = load(table.settings(), folder)

    assert (again.code, again.said) == (0, ["ada: unchanged", "mario: unchanged"])
    assert table.items() == before


def test_only_the_card_that_changed_is_updated(table: CharactersTable, folder: Path) -> None:
    load(table.settings(), folder)
    change(folder / "ada.json", character_version="1.1")

    assert load(table.settings(), folder).said == ["ada: updated", "mario: unchanged"]

    assert json.loads(table.items()["ada"]["card"]["S"])["data"]["character_version"] == "1.1"


def test_a_character_hidden_in_the_table_stays_hidden(table: CharactersTable, folder: Path) -> None:
    load(table.settings(), folder)
    table.set_attribute("ada", "visibility", "hidden")
    change(folder / "ada.json", character_version="1.1")

    assert load(table.settings(), folder).said[0] == "ada: updated"

    assert table.items()["ada"]["visibility"] == {"S": "hidden"}


def test_a_character_whose_card_is_gone_stays_in_the_table(table: CharactersTable, folder: Path) -> None:
    load(table.settings(), folder)
    (folder / "ada.json").unlink()

    assert load(table.settings(), folder).said == ["mario: unchanged"]

    assert table.items().keys() == {"ada", "mario"}


def test_one_broken_card_keeps_all_of_them_out_and_every_problem_is_named(table: CharactersTable, folder: Path) -> None:
    content = json.loads((folder / "ada.json").read_text())
    content["data"]["first_mes"] = ""
    presentation = content["data"]["extensions"]["troupe"]
    del presentation["locales"]["ru"], presentation["position"]
    (folder / "ada.json").write_text(json.dumps(content))
    (folder / "notes.json").write_text("not a card")

    outcome = load(table.settings(), folder)

    assert (outcome.code, outcome.said) == (1, [])
    assert outcome.complained == [
        f"{folder}/ada.json: data.first_mes: must not be empty",
        f"{folder}/ada.json: data.extensions.troupe.position: Field required",
        f"{folder}/ada.json: data.extensions.troupe.locales: must have ru too",
        f"{folder}/notes.json: is not JSON: expected ident at line 1 column 2",
    ]
    assert table.items() == {}


def test_a_portrait_that_is_not_there_and_english_said_twice_differently_are_refused(folder: Path) -> None:
    content = json.loads((folder / "ada.json").read_text())
    content["data"]["extensions"]["troupe"]["avatar"] = "avatars/nobody.svg"
    content["data"]["creator_notes"] = "Another tagline"
    (folder / "ada.json").write_text(json.dumps(content))

    outcome = load({}, folder)

    assert outcome.code == 1
    assert outcome.complained == [
        f"{folder}/ada.json: data.extensions.troupe.avatar: there is no {ROOT}/static_site/avatars/nobody.svg",
        f"{folder}/ada.json: data.creator_notes: must say the same as its counterpart in the English locale",
    ]


def test_a_portrait_outside_the_avatars_is_refused(folder: Path) -> None:
    content = json.loads((folder / "ada.json").read_text())
    content["data"]["extensions"]["troupe"]["avatar"] = "avatars/../../template.yaml"
    (folder / "ada.json").write_text(json.dumps(content))

    (complaint,) = load({}, folder).complained

    assert complaint.startswith(f"{folder}/ada.json: data.extensions.troupe.avatar: ")


def test_a_folder_without_cards_is_named(tmp_path: Path) -> None:
    outcome = load({}, tmp_path / "nowhere")

    assert outcome.code == 1
    assert outcome.complained == [f"{tmp_path}/nowhere: there are no character cards (*.json) here"]


def test_without_the_name_of_the_table_one_line_says_so(folder: Path) -> None:
    outcome = load({}, folder)

    assert (outcome.code, outcome.complained) == (1, ["CHARACTERS_TABLE is not set"])


def test_a_table_that_is_not_there_is_one_clear_line(table: CharactersTable, folder: Path) -> None:
    outcome = load({**table.settings(), "CHARACTERS_TABLE": "no-such-table"}, folder)

    assert (outcome.code, outcome.said) == (1, [])
    (complaint,) = outcome.complained
    assert complaint.startswith("The table could not be written, load again when it can: ")
