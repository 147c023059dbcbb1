"""Files on disk follow the ledger."""

from pathlib import Path

import pytest

from campaigns.filing import keep_files
from campaigns.issuing import issue
from evidence import consenting
from tests import factories as make
from tests.campaigns import packing

pytestmark = pytest.mark.django_db


@pytest.fixture
def covered() -> make.Covered:
    return make.covered(text="Words that go back.")


@pytest.fixture
def folder(covered: make.Covered, tmp_path: Path) -> Path:
    """An approved pack with an account in it, issued to one member, and its files."""
    chosen = [("summary", [packing.ask()]), ("case_study", [covered.version])]
    pack = packing.approved(packing.pack(*chosen))
    issue(pack, to=[packing.member()], by=make.user("lead"))
    keep_files(tmp_path)
    return tmp_path


def issued(folder: Path) -> list[str]:
    return [file.name for file in (folder / "issued").iterdir()]


def test_a_missing_copy_is_written_again(folder: Path) -> None:
    (name,) = issued(folder)
    content = (folder / "issued" / name).read_bytes()
    (folder / "issued" / name).unlink()

    keep_files(folder)

    assert (folder / "issued" / name).read_bytes() == content


def test_a_copy_that_was_called_back_does_not_lie_about(
    folder: Path, covered: make.Covered
) -> None:
    consenting.withdraw(covered.consent)

    keep_files(folder)
    keep_files(folder)

    assert issued(folder) == []


def test_no_preview_keeps_words_that_were_withdrawn(folder: Path, covered: make.Covered) -> None:
    text = next(folder.glob("*.html"))
    assert "Words that go back." in text.read_text()
    consenting.withdraw(covered.consent)

    keep_files(folder)

    assert not any(
        b"Words that go back." in file.read_bytes() for file in folder.glob("*.*") if file.is_file()
    )
