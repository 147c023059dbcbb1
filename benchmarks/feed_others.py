"""The same records in Wagtail and in Datasette, in a venv of their own; the project needs neither.

Both read SQLite within their own process, which spares them what our database costs us.
"""

import json
import shutil
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.feed import (
    LIST,
    PORTS,
    PROJECT,
    Load,
    Measurement,
    World,
    median,
    wait_for,
)

NEEDED = ("wagtail", "datasette", "granian")
WAGTAIL, DATASETTE = 8476, 8477
PAGES = 20_000  # of Wagtail's: the more, the slower it is
FEW = 2  # connections: what waits in a slow server would take the others' turns
LEAST = {"wagtail": 100, "datasette": 10}  # as many times as fast is promised

type Record = dict[str, Any]


def beside_others(world: World, items: int) -> Iterator[Measurement]:
    """A hot page of ours and an uncached one, each as a share of the others' time."""
    ours = {
        name: (f"http://127.0.0.1:{PORTS[name]}{LIST}", list[str]()) for name in ("uncached", "hot")
    }
    python = _venv(world.folder / "others")
    records = list(_records(ours["uncached"][0], items))
    theirs = {
        "wagtail": (_wagtail(world, python, records[:PAGES]), list[str]()),
        "datasette": (_datasette(world, python, records), list[str]()),
    }
    for address, _ in theirs.values():
        wait_for(address)
    told = median({**ours, **theirs}, FEW)
    for name, least in LEAST.items():
        for page in ours:
            share = 100 * told[name].rate / told[page].rate
            yield f"{page} page of 50, time of {_said(name, told[name])}", share, "%", 100 / least


def _said(name: str, load: Load) -> str:
    return f"{name.title()}'s, {load.rate:,.1f}/s"


def _venv(folder: Path) -> Path:
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = folder / "bin" / "python"
    subprocess.run(
        [str(python), "-m", "pip", "install", "--quiet", *NEEDED], check=True, capture_output=True
    )
    return python


def _records(address: str, most: int) -> Iterator[Record]:
    """As the feed gives them."""
    following: str | None = f"{address}?limit=100"
    while following and most > 0:
        with urllib.request.urlopen(following) as answer:  # noqa: S310 - our own http address
            page = json.load(answer)
        yield from page["items"][:most]
        most -= len(page["items"])
        after = page["next"]
        following = after and address + after[after.index("?") :]


def _plain(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, list | dict) else value


def _datasette(world: World, python: Path, records: list[Record]) -> str:
    """Raw rows: what is nested stays JSON."""
    columns = sorted(records[0])
    file = world.folder / "records.db"
    with sqlite3.connect(file) as database:
        database.execute(f"CREATE TABLE records ({', '.join(columns)}, PRIMARY KEY (id))")
        marks = ", ".join("?" * len(columns))
        database.executemany(
            f"INSERT INTO records VALUES ({marks})",  # noqa: S608 - marks alone
            ([_plain(each.get(name)) for name in columns] for each in records),
        )
    datasette = str(python.with_name("datasette"))
    world.start([datasette, "serve", "--immutable", str(file), "--port", str(DATASETTE)])
    # Without suggestions of facets, which cost it three seconds for each page.
    plain = "_size=50&_nocount=1&_nosuggest=1&_nofacet=1&_shape=objects"
    return f"http://127.0.0.1:{DATASETTE}/records/records.json?{plain}"


def _wagtail(world: World, python: Path, records: list[Record]) -> str:
    """Its API with all fields of a page type that has ours."""
    folder = world.folder / "site"
    shutil.copytree(PROJECT / "benchmarks" / "others", folder / "others")
    (folder / "records.json").write_text(json.dumps(records))
    for step in (["makemigrations", "others"], ["migrate"], ["shell", "-c", "import others.fill"]):
        done = subprocess.run(
            [str(python), "-m", "django", *step],
            cwd=folder, env={"DJANGO_SETTINGS_MODULE": "others.settings", "PYTHONPATH": "."},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
    granian = str(python.with_name("granian"))
    world.start(
        [granian, "--interface", "wsgi", "--port", str(WAGTAIL), "--blocking-threads", "2",
         "--log-level", "error", "others.site:application"],
        cwd=folder, PYTHONPATH=str(folder), DJANGO_SETTINGS_MODULE="others.settings",
    )  # fmt: skip
    return f"http://127.0.0.1:{WAGTAIL}/api/pages/?type=others.Record&fields=*&limit=50"
