"""A name that one of the sources carries stands in no file of the project."""

import hashlib
import re
import subprocess
from itertools import pairwise
from pathlib import Path

from django.conf import settings

# SHA-256 of a name that must stand nowhere, as a whole and as a surname.
NAMES_TO_KEEP_OUT = {
    "e86893539837fd13fffc593ef96e7f5985124b3a29cdc2a7481bbb700fe7b15d",
    "03791972a38bd5fe3b9bd6e74a2ac0541b80682ae1eda0de1ceced0b8def09fb",
}


def test_the_name_that_a_source_carries_stands_in_no_file():
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=settings.BASE_DIR,
        capture_output=True,
        check=True,
    ).stdout.decode()
    paths = [settings.BASE_DIR / name for name in listed.split("\0") if name]
    told = [path for path in paths if path.is_file() and _hashes(path) & NAMES_TO_KEEP_OUT]

    assert len(paths) > 100
    assert told == []


def test_the_search_for_the_name_would_find_one(tmp_path: Path):
    path = tmp_path / "file.md"
    path.write_text("An account by Jane\nExample, aged 20.")

    found = _hashes(path)

    assert {_sha256("jane example"), _sha256("example")} <= found


def _hashes(path: Path) -> set[str]:
    words = re.findall(r"[^\W\d_]+", path.read_text(encoding="utf-8", errors="ignore").lower())
    pairs = {f"{one} {other}" for one, other in pairwise(words)}
    return {_sha256(each) for each in pairs | set(words)}


def _sha256(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()
