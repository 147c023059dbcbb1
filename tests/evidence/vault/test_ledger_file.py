"""The ledger beside the keys: what was appended stays, once each, whatever happened meanwhile."""

import os
import stat
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from evidence.vault import ledger_file
from evidence.vault.keyring import KeyMissing, Tampered
from tests.evidence.vault.killed import ENTRIES
from tests.evidence.vault.processes import left_by_each_step, race

FIRST, SECOND, THIRD = ENTRIES[:3]


@pytest.fixture
def path(keyring_folder: Path) -> Path:
    return keyring_folder / "ledger.jsonl"


def test_it_starts_empty() -> None:
    assert ledger_file.read() == []


def test_entries_stay_in_their_order(path: Path) -> None:
    ledger_file.append([SECOND])
    ledger_file.append([FIRST, THIRD])

    assert ledger_file.read() == [SECOND, FIRST, THIRD]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_id_that_is_there_already_is_passed_over() -> None:
    ledger_file.append([FIRST, {**FIRST, "at": "later"}])
    ledger_file.append([{**FIRST, "at": "later"}, SECOND])

    assert ledger_file.read() == [FIRST, SECOND]


def test_it_tells_which_are_missing() -> None:
    ledger_file.append([SECOND])

    assert ledger_file.missing(entry["id"] for entry in (FIRST, SECOND, THIRD)) == [
        FIRST["id"],
        THIRD["id"],
    ]


def test_what_a_reader_does_to_an_entry_is_not_kept() -> None:
    ledger_file.append([FIRST])
    ledger_file.read()[0]["at"] = "altered"

    assert ledger_file.read() == [FIRST]


@pytest.mark.parametrize("entry", [{}, {"id": "7"}, {"id": str(UUID(int=255)).upper()}])
def test_an_entry_without_an_id_is_refused_before_anything_is_written(
    path: Path, entry: dict[str, str]
) -> None:
    with pytest.raises((KeyError, ValueError)):
        ledger_file.append([FIRST, entry])

    assert ledger_file.read() == []


def test_a_torn_last_line_is_passed_over_and_mended(path: Path) -> None:
    ledger_file.append([FIRST, SECOND])
    whole = path.read_bytes()

    for length in range(1, len(whole) // 2 + 1):
        path.write_bytes(whole[:-length])
        assert ledger_file.read() == [FIRST]
        ledger_file.append([THIRD])
        assert ledger_file.read() == [FIRST, THIRD]
        assert path.read_bytes().count(b"\n") == 2
        path.write_bytes(whole)
        assert ledger_file.read() == [FIRST, SECOND]


def test_a_torn_line_goes_even_if_there_is_nothing_to_add(path: Path) -> None:
    ledger_file.append([FIRST])
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"id"')

    ledger_file.append([])

    assert path.read_bytes() == whole


def test_a_line_that_cannot_be_read_is_told(path: Path) -> None:
    ledger_file.append([FIRST, SECOND])
    path.write_bytes(path.read_bytes().replace(b'{"id"', b"\0" * 5, 1))
    os.utime(path, (0, 0))  # the clock of files may not have moved on yet

    for act in (ledger_file.read, lambda: ledger_file.append([THIRD])):
        with pytest.raises(Tampered, match=r"Line 1 of ledger\.jsonl"):
            act()


def test_another_file_in_its_place_is_read_from_the_start(path: Path) -> None:
    ledger_file.append([FIRST, SECOND])
    whole = path.read_bytes()
    ledger_file.append([THIRD])

    path.write_bytes(whole)
    assert ledger_file.read() == [FIRST, SECOND]
    path.unlink()
    assert ledger_file.read() == []


def test_a_keyring_that_is_not_there_has_no_empty_ledger(settings, tmp_path: Path) -> None:
    settings.KEYRING_DIR, settings.DEMO = tmp_path / "unmounted", False

    with pytest.raises(KeyMissing):
        ledger_file.read()


def test_several_processes_append_at_once(keyring_folder: Path) -> None:
    ledger_file.append([FIRST])

    race("append", keyring_folder, 6)

    expected = {UUID(int=turn) for turn in range(40)} | {UUID(FIRST["id"])}
    expected |= {UUID(int=1000 * number + turn) for number in range(1, 7) for turn in range(40)}
    found = [UUID(entry["id"]) for entry in ledger_file.read()]
    assert len(found) == len(expected)
    assert set(found) == expected


@pytest.mark.parametrize("manner", ["kill", "fail"])
def test_an_append_ended_at_any_step_can_be_done_again(
    manner: str, settings, tmp_path: Path
) -> None:
    settings.KEYRING_DIR = tmp_path / "before"
    ledger_file.append([THIRD])

    for folder in left_by_each_step(manner, "append", tmp_path):
        settings.KEYRING_DIR = folder
        left = ledger_file.read()
        assert left[0] == THIRD
        if manner == "fail":  # what was not promised is taken back
            assert len(left) in {1, len(ENTRIES)}
        assert left[1:] == [entry for entry in ENTRIES if entry != THIRD][: len(left) - 1]
        ledger_file.append(ENTRIES)
        assert ledger_file.read() == [THIRD, *(entry for entry in ENTRIES if entry != THIRD)]


def test_a_long_ledger_is_not_read_again_for_each_question(monkeypatch) -> None:
    entries = [{"id": str(uuid4())} for _ in range(5000)]
    ledger_file.append(entries)
    ids = [entry["id"] for entry in entries]
    read: list[int] = []
    pread = os.pread

    def counted(file: int, length: int, start: int) -> bytes:
        read.append(length)
        return pread(file, length, start)

    monkeypatch.setattr(os, "pread", counted)

    for number in range(10):
        ledger_file.append([{"id": str(UUID(int=number))}])
        assert ledger_file.missing(ids) == []

    line = len(entries[0]["id"]) + len('{"id":""}\n')
    assert read == [2 * line] * 10  # the new line, and the one before it to know the file by
