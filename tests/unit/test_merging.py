"""Writes of several threads to one row at the same time become one write."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from threading import Event

import pytest

from troupe.spending import merging
from troupe.spending.merging import Merged

REFUSED = 7


class OneRow:
    """A row that refuses one entry. Its first write lasts until `may_end`."""

    def __init__(self) -> None:
        self.written: list[list[int]] = []
        self.is_writing, self.may_end = Event(), Event()

    def write(self, _: str, entries: list[int]) -> bool:
        self.written.append(sorted(entries))
        if len(self.written) == 1:
            self.is_writing.set()
            self.may_end.wait()
        return REFUSED not in entries


def outcomes(
    row: OneRow, write: Callable[[str, list[int]], bool], entries: list[int]
) -> list[bool | BaseException | None]:
    """Of the first entry, written alone, and of those that came meanwhile."""
    merged = Merged(write)
    with ThreadPoolExecutor(len(entries)) as threads:
        under_way = [threads.submit(merged.write, "row", entries[0])]
        row.is_writing.wait()
        under_way += [threads.submit(merged.write, "row", entry) for entry in entries[1:]]
        while len(merged._waiting.get("row", [])) < len(entries) - 1:
            time.sleep(0.001)
        row.may_end.set()
        wait(under_way)
        return [future.result() if future.exception() is None else future.exception() for future in under_way]


@pytest.fixture(autouse=True)
def long_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "MAX_WAIT_S", 60)


def test_entries_that_come_while_a_write_is_under_way_are_one_write() -> None:
    row = OneRow()
    assert outcomes(row, row.write, [1, 2, 3, 4]) == [True] * 4
    assert row.written == [[1], [2, 3, 4]]


def test_an_entry_that_is_refused_takes_no_other_with_it() -> None:
    row = OneRow()
    assert outcomes(row, row.write, [1, 2, REFUSED, 4]) == [True, True, False, True]
    assert sorted(row.written) == [[1], [2], [2, 4, REFUSED], [4], [REFUSED]]


def test_an_error_reaches_every_thread_whose_entry_was_in_the_write() -> None:
    row = OneRow()

    def fail(key: str, entries: list[int]) -> bool:
        if row.write(key, entries) and len(entries) > 1:
            raise ConnectionError
        return True

    first, *others = outcomes(row, fail, [1, 2, 3])
    assert first is True
    assert [type(other) for other in others] == [ConnectionError] * 2


def test_a_thread_does_not_wait_for_a_write_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "MAX_WAIT_S", 0)
    row = OneRow()
    merged = Merged(row.write)
    with ThreadPoolExecutor(1) as threads:
        hanging = threads.submit(merged.write, "row", 1)
        row.is_writing.wait()
        assert merged.write("row", 2)
        assert not hanging.done()
        row.may_end.set()
