"""Every guard of the database and of our own code is noticed by a test once it is taken out."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.prove.guards import read, survivors

pytestmark = pytest.mark.slow

# Guards of people: none may survive. The others are printed.
PEOPLE = (
    "consent|testimon|recall|contributor|restrict|waiver|eras|vault|withdraw|identity|raw_?account"
    "|person|teller|protect"
)
SHARDS = int(os.environ.get("ATTEST_GUARD_SHARDS", "2"))


@pytest.fixture
def said(capfd) -> Callable[[str], None]:
    def say(line: str) -> None:
        with capfd.disabled():
            print(f"\n{line}", end="", flush=True)  # noqa: T201 - progress

    return say


def test_no_guard_is_missed(tmp_path: Path, said: Callable[[str], None]) -> None:
    files = [tmp_path / f"{shard}.json" for shard in range(SHARDS)]
    running = [_started(shard, file) for shard, file in enumerate(files)]

    while any(each.poll() is None for each in running):
        time.sleep(30)
        said(f"  guards: {sum(map(_tried, files))} taken out")

    results = [each for file in files for each in read(file)]
    left = survivors(results)
    said(f"{len(results)} guards, {len(left)} survived:" + "".join(f"\n  {each}" for each in left))
    assert len(results) > 400
    assert [each for each in left if re.search(PEOPLE, each)] == []


def _started(shard: int, file: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.prove.guards", "--shard", f"{shard}/{SHARDS}"]
    with file.with_suffix(".log").open("w") as log:
        return subprocess.Popen(
            [*command, "--json", str(file)],
            cwd=Path(__file__).parents[2],
            env={**os.environ, "TOX_PARALLEL_ENV": f"guards{shard}"},  # a database of its own
            stdout=log,
            stderr=subprocess.DEVNULL,
            text=True,
        )


def _tried(file: Path) -> int:
    return sum(" s " in line for line in file.with_suffix(".log").read_text().splitlines())
