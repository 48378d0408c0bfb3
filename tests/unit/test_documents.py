"""The documents are true: named files, tests and pages exist, and each decision has a number of its own."""

import re
from collections.abc import Iterator
from pathlib import Path

from artefacts.package import ROOT

DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
# Files of others, and of the reader's own making.
ELSEWHERE = {"card.json", "pylock.toml", "services/lambda_svc.py", "telegram-web-app.js", "texts/mood.js"}
QUOTED_FILE = re.compile(r"`([\w./*-]+\.(?:py|toml|yaml|js|json|html|css|txt|in))`")
# A folder, or that of a file: a file beside it may be named without it.
QUOTED_FOLDER = re.compile(r"[`(]((?:[\w.-]+/)+)(?:[\w.*-]+)?[`)]")
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


def found_in_documents(pattern: re.Pattern[str]) -> Iterator[tuple[Path, str]]:
    for document in DOCUMENTS:
        for name in pattern.findall(document.read_text(encoding="utf-8")):
            yield document, name


def test_each_file_that_a_document_names_exists_in_the_root_or_in_a_folder_that_it_names() -> None:
    named = list(found_in_documents(QUOTED_FILE))
    assert len(named) > 150
    assert {(document.name, name) for document, name in named if not _exists(document, name)} == set()


def _exists(document: Path, name: str) -> bool:
    folders = ["", *QUOTED_FOLDER.findall(document.read_text(encoding="utf-8"))]
    return name in ELSEWHERE or any(list(ROOT.glob(folder + name.removeprefix("/"))) for folder in folders)


def test_each_page_that_a_document_links_to_exists() -> None:
    assert [
        (document.name, to) for document, to in found_in_documents(LINK) if not (document.parent / to).exists()
    ] == []


def test_no_two_decisions_have_the_same_number() -> None:
    numbers = [path.name[:4] for path in (ROOT / "docs" / "decisions").glob("*.md")]
    assert sorted(numbers) == sorted(set(numbers))


def test_each_test_that_a_document_names_exists() -> None:
    tests = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    there = set(re.findall(r"def (test_\w+)", tests))
    named = {name for _, name in found_in_documents(re.compile(r"\b(test_\w+)\b(?!\.py|\*)"))}
    assert len(named) > 100
    assert named - there == set()
