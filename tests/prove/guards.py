"""Take out one guard at a time and run the tests that ought to notice: who survives is not tested.

    .venv/bin/python -m tests.prove.guards [--all] [--parts] [--only WORD] [--again FILE]

One process with one test database: guards are taken out of it and put back between tests. Without
`--all` it is those that stand for a promise: of people, and of what leaves by the feed. The others
keep the desk tidy (no two bills of one name, a figure has a unit). Without `--parts` a rule of the
database is taken out whole; with it, each of its conditions as well.
"""

import argparse
import json
import os
import re
import signal
import sys
import time
from pathlib import Path
from types import CodeType

import psycopg
import pytest
from _pytest.runner import runtestprotocol

from tests.prove.noticing import Noticing, kind_of
from tests.prove.who_runs import WhoRuns

FOLDERS = ("evidence", "campaigns", "publishing", "config")
TESTS = Path(__file__).parents[1]
UNMARKED = "not slow and not long and not browser and not verapdf"
HANGS = 60  # seconds
PATIENCE = 60  # seconds for one guard: a test as slow as that is none of its own
# Whose table, function or module is named so stands for a person, or for what the website gets.
PROMISED = re.compile(
    "consent|testimon|recall|contributor|restrict|waiver|eras|vault|withdraw|identity|raw_?account"
    "|person|teller|protect|own_?page|publishing|published_testimony|feed|^code "
)
LOADS_EVERYTHING = re.compile(r"demo_campaign|load_fixtures|fixture_files")  # too slow to ask often
# What no single transaction can notice, and why.
ACCEPTED = {
    r"evidence_reportingrestriction\.protection_takes_the_account": "a grant keeps it with its "
    "account, and the lock is tests/prove/test_turns.py",
    r"select_for_update|take_turns|publishing_lock|_lock\(|website\._locked": "a lock: "
    "tests/prove/test_races.py",
    r"(listing_is_withdrawn_once|protection_takes_the_account): no rules_see_what": "what calls "
    "back after it looks as well: call_back_uses",
    r"\.(consent|testimony_version)_state_is_known": "the moves lead to known states alone",
    r"publishing_heartbeat\.id = 1": "the table holds that row alone: heartbeat_is_one_row",
    r"\.privacy_notice_is_hashed": "the rule that it is the hash of its text refuses first",
    r"replaying\.replay: without “(ledgers\.export_pending|erasing\.finish_erasures)": "the "
    "worker does it each minute as well",
    r"replaying\._testimony_withdrawn: filter without None": "what the database knows is not "
    "done again",
    r"permission\._waivers: filter without True": "what_protects asks the same of each waiver",
    "narrow: filter without Decision": "a denial goes as little far as can be, so nothing is less",
    r"jigsaw\._of_the_accused: filter without \{version": "the loop asks of each version anew",
    "one_asker_at_a_time": "a lock: tests/prove/test_own_page_turns.py",
    r"(cleaner|tells_holders|tells_who_holds): without|autodiscover_modules": "registries "
    "are filled as modules are loaded, before anything is taken out",
    r"_permitting: filter without (Decision\.PERMIT|OuterRef\('identity'\))": "a denial and "
    "a lower identity are excluded below",
    r"(_lock: filter without ordered|accounts\.\w+: filter without keys)": "what was read is "
    "looked up by its id: it would read more, and do the same",
    r"erased\.recipients: filter": "registered as it is loaded, and tried in "
    "tests/campaigns/test_erased_packs.py",
    "pause_everything: filter without": "what cannot be paused is passed over",
    r"marking\._amendments: filter without (False|min)|out_of_reach: filter without members": "it "
    "would read more, and find the same",
    r"notices\.(_to_tell: filter without UUID|_call_back: filter without)": "an account is called "
    "back from all copies of a version at once, and what else waited is closed already",
    r"verifying\._standing: filter without (None|ConsentState\.GIVEN)": "what leaves a consent is "
    "called back, which outranks it",
    r"logger\.|: get without": "words alone",
    "reach.consents_within: filter without BY_A_PARENT": "consent_not_competent_by_parent",
    r"retention\._(asked_for|left_alone): ": "an erasure that was done has erased them",
}


class Guards:
    """A pytest session whose loop runs the tests once for each guard."""

    def __init__(self, given: argparse.Namespace) -> None:
        self.given, self.most = given, given.most
        self.again = set(survivors(read(given.again))) if given.again else None
        self.results: list[dict[str, object]] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        from tests.prove.mutants import FINGERPRINT, database_guards
        from tests.prove.python_guards import python_guards

        self.items = [
            item for item in session.items if not LOADS_EVERYTHING.search(item.path.read_text())
        ]
        self.tests = Noticing(self.items)
        first = next(item for item in self.items if item.get_closest_marker("django_db"))
        assert self._passes(first, patience=600), "the database cannot be made"
        with _owner() as owner:
            before = owner.execute(FINGERPRINT).fetchone()
            number, of = map(int, self.given.shard.split("/"))
            wanted = filter(self._is_wanted, [*database_guards(owner), *python_guards()])
            guards = [guard for place, guard in enumerate(wanted) if place % of == number]
            self._look_who_runs({guard.code for guard in guards} - {None})
            for place, guard in enumerate(guards, 1):
                self._try(guard, f"{place}/{len(guards)}")
                assert owner.execute(FINGERPRINT).fetchone() == before, f"{guard.name} is not back"
        runtestprotocol(self.items[0], log=False, nextitem=None)
        return True

    def _look_who_runs(self, codes: set[CodeType]) -> None:
        """Each test once with every guard in its place: also how long it takes."""
        if not codes:
            return
        with WhoRuns(codes) as who:
            for item in self.items:
                who.begins(item.nodeid)
                if not self._passes(item):
                    self.tests.red.add(item.nodeid)
        self.tests.ran = who.ran
        took = sum(self.tests.took.values())
        _say(f"{len(self.items)} tests in {took:.0f} s; {len(self.tests.red)} red")

    def _is_wanted(self, guard) -> bool:
        promised = self.given.all or PROMISED.search(f"{guard.name} {guard.table}")
        whole = self.given.parts or not guard.is_part
        if self.again is not None:
            return guard.name in self.again
        return bool(promised and whole and re.search(self.given.only, guard.name))

    def _try(self, guard, count: str) -> None:
        begun = time.monotonic()
        guard.remove()
        out, tried, killer = True, 0, None
        try:
            for item in self.tests.ought_to_notice(guard):
                tried += 1
                if self._passes(item):
                    if tried == self.most or time.monotonic() - begun > PATIENCE:
                        break
                    continue
                guard.restore()
                out = False
                if self._passes(item):
                    killer = item.nodeid
                    self.tests.noticed[kind_of(guard)][killer] += 1
                    break
                self.tests.red.add(item.nodeid)  # with no guard taken out either
                guard.remove()
                out = True
        finally:
            if out:
                guard.restore()
        took = time.monotonic() - begun
        said = f"noticed by {killer}" if killer else f"SURVIVED {tried} tests"
        _say(f"{count} {took:.1f} s {guard.name}: {said}")
        self.results.append({"name": guard.name, "killer": killer, "tried": tried})
        if self.given.json:
            with self.given.json.open("a") as file:
                file.write(f"{json.dumps(self.results[-1])}\n")

    def _passes(self, item: pytest.Item, patience: int = HANGS) -> bool:
        begun = time.monotonic()
        signal.signal(signal.SIGALRM, _hangs)
        signal.alarm(patience)
        try:
            reports = runtestprotocol(item, log=False, nextitem=_Between(item.session))
        finally:
            signal.alarm(0)
        self.tests.took[item.nodeid] = time.monotonic() - begun
        if os.environ.get("ATTEST_PROVE_WHY"):
            _say(*[each.longreprtext for each in reports if each.failed])
        return not any(report.failed for report in reports)


def _say(*lines: str) -> None:
    sys.stdout.write("\n  ".join(lines) + "\n")
    sys.stdout.flush()


class _Between:
    """Stands for the next test: all is torn down but what the whole session shares."""

    def __init__(self, session: pytest.Session) -> None:
        self.session = session

    def listchain(self) -> list[pytest.Session]:
        return [self.session]


def _hangs(*_: object) -> None:
    raise TimeoutError("The test hangs.")


def _owner() -> psycopg.Connection:
    from django.conf import settings
    from django.db import connections

    from config import logins

    wrapper = connections["default"]
    params = wrapper.get_connection_params()
    return psycopg.connect(
        host=params.get("host"),
        port=params.get("port"),
        dbname=wrapper.settings_dict["NAME"],
        user=settings.OWNER_LOGIN,
        password=logins.env.login_password(settings.SECRET_KEY, settings.OWNER_LOGIN),
        autocommit=True,
        options="-c lock_timeout=20s",
    )


def read(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def survivors(results: list[dict[str, object]]) -> list[str]:
    return [
        str(each["name"])
        for each in results
        if not each["killer"] and not _is_accepted(str(each["name"]))
    ]


def _is_accepted(name: str) -> bool:
    return any(re.search(words, name) for words in ACCEPTED)


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="guards whose name this expression finds")
    parser.add_argument("--shard", default="0/1", help="as in 0/2: the first of two halves")
    parser.add_argument("--json", type=Path, help="where to write the results, one a line")
    parser.add_argument("--again", type=Path, help="results, of which only the survivors are tried")
    parser.add_argument("--most", type=int, default=150, help="tests that each guard is tried with")
    parser.add_argument("--parts", action="store_true", help="the conditions of each rule too")
    parser.add_argument("--all", action="store_true", help="those of the desk's tidiness too")
    parser.add_argument("tests", nargs="*", help="where the tests lie that are asked, else all")
    given, more = parser.parse_known_args(words)  # more is for pytest, as --reuse-db
    # a database of its own
    os.environ.setdefault("TOX_PARALLEL_ENV", f"guards{given.shard.split('/')[0]}")
    guards = Guards(given)
    folders = given.tests or [str(TESTS / folder) for folder in FOLDERS]
    quiet = ["-qq", "--no-summary", "-p", "no:cacheprovider"]
    begun = time.monotonic()
    ended = pytest.main([*quiet, *more, "-s", "-m", UNMARKED, *folders], plugins=[guards])
    left = survivors(guards.results)
    took = time.monotonic() - begun
    _say(f"{len(guards.results)} guards in {took:.0f} s; {len(left)} survived", *left)
    if guards.tests.red:
        _say("Red with every guard in place:", *sorted(guards.tests.red))
    return int(bool(left) or ended not in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
