"""An issued version comes out the same to the byte in a fresh clone, from its manifest alone."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from campaigns.models import PackVersion
from tests import factories as make
from tests.campaigns.sending_world import issued, pack

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[2]
CODE = ("campaigns", "evidence", "templates")
REBUILD = """
import hashlib, json, sys
from datetime import datetime
from campaigns.briefing import render
from campaigns.briefing.interchange import from_data
told = json.load(sys.stdin)
briefing, at = from_data(told["briefing"]), datetime.fromisoformat(told["issued_at"])
print(json.dumps([
    {
        format: hashlib.sha256(render(briefing, format, timestamp=at)).hexdigest()
        for format in told["documents"]
    }
    for _ in range(2)
]))
"""
# Another clock, language, person and rights, and names that hash in another order.
ELSEWHERE = {
    "PATH": os.environ["PATH"],
    "PYTHONHASHSEED": "11",
    "TZ": "Pacific/Kiritimati",
    "LANG": "cy_GB.UTF-8",
    "LC_ALL": "C",
    "USER": "somebody-else",
    "SOURCE_DATE_EPOCH": "1",
}


def in_a_fresh_clone(version: PackVersion, folder: Path) -> list[dict[str, str]]:
    clone = folder / "a clone with spaces"
    for name in CODE:
        shutil.copytree(ROOT / name, clone / name, ignore=shutil.ignore_patterns("__pycache__"))
    told = {**version.manifest, "issued_at": version.issued_at.isoformat()}
    answer = subprocess.run(
        [sys.executable, "-c", REBUILD],
        cwd=clone,
        env={**ELSEWHERE, "PYTHONPATH": str(clone), "HOME": str(folder)},
        input=json.dumps(told).encode(),
        capture_output=True,
        check=True,
        umask=0o077,
    )
    return json.loads(answer.stdout)


def test_every_format_twice_in_a_fresh_clone(tmp_path) -> None:
    version = issued(pack(make.covered()))

    once, again = in_a_fresh_clone(version, tmp_path)

    assert once == version.manifest["documents"]
    assert again == once
    assert once["pdf"] == version.sha256
