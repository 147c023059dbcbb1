"""Two acts at once on one account: who publishes or issues it, and who ends its consent meanwhile.

Real connections with the app's login, several rounds in flight. After each round its account is
looked at as the app and as the website's login see it.
"""

import itertools
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg
from django.db import connection, connections

from campaigns.models import Campaign
from evidence.models import TestimonyUse
from tests import factories as make
from tests.campaigns import packing
from tests.prove.acting import Issuing, Publishing, uses_in_force
from tests.prove.endings import Ending, outcome

IN_FLIGHT = 6
# A pause before the database's check of a use, and one after it, as long as the session says.
PAUSES = """
CREATE FUNCTION prove_pause() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_sleep(nullif(current_setting('prove.pause', true), '')::float);
    RETURN NEW;
END
$$;
CREATE TRIGGER a_pause BEFORE INSERT ON evidence_testimonyuse
    FOR EACH ROW EXECUTE FUNCTION prove_pause();
CREATE TRIGGER z_pause BEFORE INSERT ON evidence_testimonyuse
    FOR EACH ROW EXECUTE FUNCTION prove_pause();
CREATE TRIGGER z_pause BEFORE INSERT OR UPDATE ON publishing_publisheditem
    FOR EACH ROW EXECUTE FUNCTION prove_pause();
"""


@dataclass
class Tally:
    rounds: int = 0
    came: Counter[str] = field(default_factory=Counter)
    overlapped: int = 0
    wrong: list[str] = field(default_factory=list)
    failed: Counter[str] = field(default_factory=Counter)
    seconds: float = 0

    def __str__(self) -> str:
        came = ", ".join(f"{number} {name}" for name, number in sorted(self.came.items()))
        failed = ", ".join(f"{number}x {name}" for name, number in self.failed.items())
        return (
            f"{self.rounds} rounds in {self.seconds:.0f} s: {came}; {self.overlapped} overlapped; "
            f"{len(self.wrong)} wrong" + (f"; failed: {failed}" if failed else "")
        )


def race(
    kind: Publishing | Issuing,
    endings: list[Ending],
    rounds: int,
    *,
    feeds: list[psycopg.Connection],
    said: Callable[[str], None],
    enough: int | None = None,
    widened: float = 0.5,
) -> Tally:
    """Run the rounds; `enough` wrongs end it early. `widened` is the share with a wider window."""
    for name in ("officer", "lead", "lawyer", "campaign lead"):
        make.user(name)
    make.organisation(), make.notice()
    if not Campaign.objects.exists():
        packing.campaign(), packing.stage()
    tally, numbers, lock = Tally(), itertools.count(), threading.Lock()
    begun, broken = time.monotonic(), []

    def next_round() -> int | None:
        with lock:
            number = next(numbers)
            stopped = broken or (enough is not None and len(tally.wrong) >= enough)
            return None if stopped or number >= rounds else number

    def work(seed: int) -> None:
        chance, feed = random.Random(seed), feeds[seed]
        span = kind.span
        with ThreadPoolExecutor(1) as rival:
            try:
                while (number := next_round()) is not None:
                    ending = endings[number % len(endings)]
                    span = _round(
                        kind,
                        ending,
                        number // len(endings),
                        chance,
                        rival,
                        feed,
                        span,
                        widened,
                        note,
                    )
            except BaseException as error:  # told by the main thread
                broken.append(error)
            finally:
                rival.submit(connections.close_all).result()
                connections.close_all()

    def note(ending: Ending, came: str, overlapped: bool, wrongs: list[str], failed: list[str]):
        with lock:
            tally.rounds += 1
            tally.came[came] += 1
            tally.overlapped += overlapped
            tally.wrong += [f"{ending.name}: {wrong}" for wrong in wrongs]
            tally.failed.update(f"{error} ({ending.name})" for error in failed)

    workers = [threading.Thread(target=work, args=(seed,)) for seed in range(len(feeds))]
    for worker in workers:
        worker.start()
    spoken = begun
    while any(worker.is_alive() for worker in workers):
        time.sleep(0.1)
        tally.seconds = time.monotonic() - begun
        if time.monotonic() - spoken > 15:
            spoken = time.monotonic()
            said(f"  {type(kind).__name__.lower()}: {tally}")
    tally.seconds = time.monotonic() - begun
    if broken:
        raise broken[0]
    return tally


def _round(
    kind, ending, number, chance: random.Random, rival, feed, span: float, widened: float, note
) -> float:
    """One round; returns how long the act took, so that the next ending falls somewhere within."""
    covered = kind.prepare(number)
    wide = chance.random() < widened
    pause = chance.choice([0.005, 0.02]) if wide else 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('prove.pause', %s, false)", [str(pause)])
    gate = threading.Barrier(2)
    later = chance.random() * 1.3 * (span + 2 * pause)
    ended = rival.submit(_timed, gate, later, ending.end, covered)
    acted = _timed(gate, chance.random() * span / 4, kind.act, covered)
    other = ended.result()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('prove.pause', '0', false)")
    wrongs = list(kind.wrongs(covered, acted.came == "done", feed))
    if acted.came == "done" and uses_in_force(covered) and other.came == "done":
        wrongs.append("a use is still in force")
    fine = {"done", "refused"}
    failed = [] if acted.came in fine else [f"{acted.came} in {type(kind).__name__.lower()}"]
    failed += [] if other.came == "done" else [f"{other.came} in the ending itself"]
    overlapped = acted.began < other.finished and other.began < acted.finished
    used = TestimonyUse.objects.filter(version=covered.version).exists()
    came = "refused" if acted.came == "refused" else "used" if used else "left out"
    note(ending, came, overlapped, wrongs if not failed else [], failed)
    return 0.8 * span + 0.2 * (acted.finished - acted.began)


@dataclass(frozen=True)
class _Timed:
    came: str
    began: float
    finished: float


def _timed(gate: threading.Barrier, delay: float, act, covered: make.Covered) -> _Timed:
    gate.wait()
    time.sleep(delay)
    began = time.monotonic()
    came = outcome(lambda: act(covered))
    return _Timed(came, began, time.monotonic())


@contextmanager
def widening(owner: psycopg.Connection) -> Iterator[None]:
    owner.execute(PAUSES)
    try:
        yield
    finally:
        owner.execute("DROP FUNCTION prove_pause() CASCADE")
