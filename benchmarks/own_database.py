"""A database that nothing else uses, for as long as a benchmark lasts."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def own_database(prepared_by: str = "migrate") -> Iterator[dict[str, str]]:
    """The environment of whatever is to use it."""
    with tempfile.TemporaryDirectory(prefix="attest-bench-", dir="/var/tmp") as folder:
        Path(folder).chmod(0o755)  # the server may run as another user
        environment = {
            **os.environ,
            "ATTEST_VAR": folder,
            "ATTEST_DEMO": "1",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        for command in ("create_logins", prepared_by):
            subprocess.run(
                [sys.executable, "manage.py", command],
                cwd=ROOT, env=environment, check=True, capture_output=True,
            )  # fmt: skip
        yield environment
