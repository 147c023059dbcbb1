"""Which tests run which function of ours: seen by running each test once, for a few functions."""

import sys
from collections import defaultdict
from collections.abc import Iterable
from types import CodeType

TOOL = 4  # of the numbers that Python leaves free
STARTS = sys.monitoring.events.PY_START


class WhoRuns:
    """`with WhoRuns(codes) as who:` name each test by `who.begins(test)` before it runs."""

    def __init__(self, codes: Iterable[CodeType]) -> None:
        self.codes = set(codes)
        self.ran: defaultdict[CodeType, set[str]] = defaultdict(set)
        self.test = ""

    def __enter__(self) -> "WhoRuns":
        sys.monitoring.use_tool_id(TOOL, "who runs")
        sys.monitoring.register_callback(TOOL, STARTS, self._started)
        for code in self.codes:
            sys.monitoring.set_local_events(TOOL, code, STARTS)
        return self

    def __exit__(self, *_: object) -> None:
        sys.monitoring.free_tool_id(TOOL)

    def begins(self, test: str) -> None:
        self.test = test
        sys.monitoring.restart_events()

    def _started(self, code: CodeType, _: int) -> object:
        self.ran[code].add(self.test)
        return sys.monitoring.DISABLE  # once a test is enough
