"""Twenty thousand made-up questions: the sample of `make check`, at length."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

CASES = int(os.environ.get("ATTEST_QUESTIONS", "20000"))
TEST = "tests/publishing/test_made_up_questions.py"
OPERATIONS = 30  # at the least; each is asked equally often


def test_no_question_breaks_it() -> None:
    each = str(-(-CASES // OPERATIONS))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--no-header", "-p", "no:cacheprovider", TEST],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "ATTEST_SCHEMA_CASES": each, "TOX_PARALLEL_ENV": "questions"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-4000:]
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed
    assert int(passed[1]) >= OPERATIONS
