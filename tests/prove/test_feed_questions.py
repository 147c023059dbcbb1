"""Twenty thousand made-up questions: the sample of `make check`, at length."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

CASES = int(os.environ.get("ATTEST_QUESTIONS", "20000"))
TEST = "tests/publishing/test_made_up_questions.py"
OPERATIONS = 25  # that can be asked so often; two have no parameters to make up


def test_no_question_breaks_it(tmp_path) -> None:
    counted = tmp_path / "counted.json"
    each = str(-(-CASES // OPERATIONS))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--no-header", "-p", "no:cacheprovider", TEST],
        cwd=Path(__file__).parents[2],
        env={
            **os.environ,
            "ATTEST_SCHEMA_CASES": each,
            "ATTEST_SCHEMA_COUNT": str(counted),
            "TOX_PARALLEL_ENV": "questions",
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-4000:]
    asked = json.loads(counted.read_text())
    assert sum(asked.values()) >= CASES
    assert asked["POST /api/v1/consumers/me/applied/"] >= 3 * int(each)
