"""Eight publishers at once and a reader who follows by HTTP: his copy equals the table."""

import os
import random
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson
import pytest

from tests.prove.feed_house import WRITER, get, house, tell

pytestmark = pytest.mark.slow

SECONDS = float(os.environ.get("ATTEST_PUBLISHERS_SECONDS", "60"))
PUBLISHERS, ITEMS, PORT = 8, 40, 8461


class Reader:
    """Keeps a copy as docs/feed.md says."""

    def __init__(self) -> None:
        self.token, self.copy, self.seqs = "", {}, []

    def poll(self) -> bool:
        since = f"&since={quote(self.token)}" if self.token else ""
        status, body = get(PORT, f"/api/v1/changes/?limit=100{since}")
        assert status == 200, body
        page: dict[str, Any] = orjson.loads(body)
        for change in page["changes"]:
            self.seqs.append(change["seq"])
            if change["op"] == "upsert":
                self.copy[change["id"]] = change["document"]
            else:
                self.copy.pop(change["id"], None)
        self.token = page["next"]
        return bool(page["changes"])


def published() -> dict[str, Any]:
    found: dict[str, Any] = {}
    path = "/api/v1/bills/?limit=100"
    while path:
        page = orjson.loads(get(PORT, path)[1])
        found |= {item["id"]: item for item in page["items"]}
        path = (page["next"] or "").removeprefix("http://localhost:8000")
    return found


def test_a_reader_s_copy_equals_the_table(tmp_path: Path) -> None:
    with house(tmp_path) as attest:
        attest.hold_database()
        attest.manage("create_logins")
        attest.manage("migrate", "--verbosity=0")
        attest.serve(PORT)
        writers = [attest.python(WRITER) for _ in range(PUBLISHERS)]
        for writer in writers:  # until each has started
            tell(writer, "remove 999 x")
        deadline = time.monotonic() + SECONDS
        failures: list[BaseException] = []

        def publish(number: int) -> None:
            chance = random.Random(number)
            try:
                while time.monotonic() < deadline:
                    what = "remove" if chance.random() < 0.3 else "write"
                    tell(writers[number], f"{what} {chance.randrange(1, ITEMS)} {chance.random()}")
            except BaseException as error:
                failures.append(error)
                raise

        threads = [threading.Thread(target=publish, args=(each,)) for each in range(PUBLISHERS)]
        for thread in threads:
            thread.start()
        reader = Reader()
        while any(thread.is_alive() for thread in threads):
            reader.poll()
        time.sleep(0.6)  # the head may be half a second old
        while reader.poll():
            pass

        assert failures == []
        assert reader.copy == published()
        assert reader.seqs == sorted(set(reader.seqs))
        assert reader.seqs[-1] > 200
