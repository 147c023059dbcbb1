"""Starts the programs beside this file."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[2]


def left_by_each_step(manner: str, act: str, folder: Path) -> Iterator[Path]:
    """What an act leaves that is ended at its first step, its second, and so on to its last."""
    command = [sys.executable, "-m", "tests.evidence.vault.killed", manner, act, str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, timeout=120)
    steps = sorted((path for path in folder.iterdir() if path.name != "before"), key=_number)
    assert len(steps) > 3  # it did something
    yield from steps


def race(act: str, folder: Path, count: int) -> list[str]:
    """What each of the processes printed."""
    command = [sys.executable, "-m", "tests.evidence.vault.racing", act, str(folder)]
    started = [
        subprocess.Popen(
            [*command, str(number)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(1, count + 1)
    ]
    for process in started:
        assert process.stdout.readline() == "ready\n"
    for process in started:
        process.stdin.write("\n")
        process.stdin.flush()
    answers = [process.communicate(timeout=60)[0] for process in started]
    assert [process.returncode for process in started] == [0] * count
    return answers


def _number(path: Path) -> int:
    return int(path.name)
