"""A run's questions and its journal: what failed is written down, and how far it has come."""

import math
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from campaigns.models import Bill, Stage, SyncRun, SyncState
from campaigns.parliament.client import Answer, Client, NoAnswer, NotThere, Validators
from campaigns.parliament.telling import Teller

GIVE_UP_AFTER = 3  # questions in a row without an answer, each of which was asked many times
RESUME_WITHIN = timedelta(hours=24)
BROKE_OFF = "It broke off before its end."


class GivenUp(Exception):
    """Parliament does not answer at all: the run ends here, and the next goes on from here."""


class OutOfTime(Exception):
    """The turn is over: others wait for the worker, and the run goes on at its next turn."""


class Journal:
    """The run as it is written down, with the cursor from which it, or the next one, goes on.

    Of each stage that says how far its list was read, whether all of it arrived, and whether
    whatever else is asked of the stage was answered too: only then is the stage done.
    """

    def __init__(self, run: SyncRun, teller: Teller) -> None:
        self.run, self.teller = run, teller
        self.is_thorough = run.is_thorough
        self.changed = run.changed
        self.asked_before = run.asked
        self.since = datetime.fromisoformat(run.cursor["since"])
        # By the address that did not answer, so that its answer in a later turn takes it out.
        self.failures: dict[str, str] = run.cursor.pop("failed", {})

    def is_done(self, stage: Stage) -> bool:
        return stage.parliament_id in self.run.cursor["done"]

    def is_listed(self, stage: Stage) -> bool:
        return self.is_done(stage) or stage.parliament_id in self.run.cursor["listed"]

    def skip(self, stage: Stage) -> int:
        return int(self.run.cursor["at"].get(str(stage.parliament_id), 0))

    def reached(self, stage: Stage, skip: int) -> None:
        """Kept for each stage: one whose list stays away would send the others to their start."""
        self.run.cursor["at"][str(stage.parliament_id)] = skip

    def listed(self, stage: Stage) -> None:
        self.run.cursor["listed"].append(stage.parliament_id)
        self.run.cursor["at"].pop(str(stage.parliament_id), None)

    def done(self, stage: Stage) -> None:
        self.run.cursor["done"].append(stage.parliament_id)

    def save(self, *asking: "Asking") -> None:
        """With the changes of the moment, in the caller's transaction."""
        self.teller.write()
        self.run.asked = max(self.run.asked, self.asked_before + sum(one.asked for one in asking))
        self.run.changed = self.changed
        self.run.failures = list(self.failures.values())
        self.run.save(update_fields=["asked", "changed", "failures", "cursor"])

    def pause(self, *asking: "Asking") -> None:
        self.run.cursor |= {"paused": True, "failed": self.failures}
        self.save(*asking)

    def got_through(self) -> None:
        """All was asked, if not answered: nothing is left that only this run would ask."""
        self.run.cursor["through"] = True

    def end(self, *asking: "Asking") -> None:
        self.save(*asking)
        self.run.state = SyncState.INCOMPLETE if self.failures else SyncState.COMPLETE
        self.run.ended_at = timezone.now()
        self.run.save(update_fields=["state", "ended_at"])


def begun_run(bill: Bill, *, thorough: bool) -> SyncRun:
    """What is unfinished goes on; else a new one begins.

    A quick request goes on with a thorough reading too, for the two would cost each other their
    hours. A thorough one goes on with its like alone: of a quick one it cannot tell what that let
    be. The caller holds the bill's lock, so what still says that it runs, unpaused, has died.
    """
    now = timezone.now()
    alike = bill.sync_runs.filter(is_thorough=True) if thorough else bill.sync_runs.all()
    if paused := alike.filter(state=SyncState.RUNNING, cursor__paused=True).last():
        paused.cursor = _going_on_from(paused.cursor, "failed")
        paused.save(update_fields=["cursor"])
        return paused
    for died in bill.sync_runs.filter(state=SyncState.RUNNING):
        died.state, died.ended_at = SyncState.INCOMPLETE, now
        died.failures.append(BROKE_OFF)
        died.save(update_fields=["state", "ended_at", "failures"])
    last = alike.order_by("-started_at", "-pk").first()
    if last and _goes_on(last, now, thorough=thorough):
        cursor, thorough = _going_on_from(last.cursor), last.is_thorough
    else:
        cursor = _going_on_from({"since": now.isoformat()})
    return SyncRun.objects.create(bill=bill, started_at=now, is_thorough=thorough, cursor=cursor)


def _goes_on(last: SyncRun, now: datetime, *, thorough: bool) -> bool:
    """A quick request goes on only with what broke off before it had asked for everything.

    Of a stage that is done it would not ask what is new, so an address that never answers would
    keep the news of all other stages from the desk for a day.
    """
    if last.state != SyncState.INCOMPLETE or (last.cursor.get("through") and not thorough):
        return False
    return now - datetime.fromisoformat(last.cursor["since"]) < RESUME_WITHIN


def _going_on_from(cursor: Mapping[str, Any], *others: str) -> dict[str, Any]:
    empty: dict[str, Any] = {"listed": [], "done": [], "at": {}}
    kept = {name: cursor[name] for name in ("since", *empty, *others) if name in cursor}
    return empty | kept


class Asking:
    """A client whose failures end up in the journal as sentences."""

    def __init__(self, client: Client, journal: Journal, until: float = math.inf) -> None:
        self.client, self.journal = client, journal
        self._until = until
        self._unanswered = 0

    @property
    def asked(self) -> int:
        return self.client.asked

    def url(self, path: str, params: Mapping[str, int] | None = None) -> str:
        return self.client.url(path, params)

    def ask[Read](
        self,
        url: str,
        read: Callable[[Any], Read],
        what: str,
        held: Validators | None = None,
    ) -> Answer[Read] | None:
        """None where there is no answer, which the journal then says.

        Raises NotThere, GivenUp and OutOfTime.
        """
        if time.monotonic() > self._until:
            raise OutOfTime
        address = url.partition("?")[0]  # a list is one question, whichever page it ends at
        try:
            answer = self.client.get(url, read, held)
        except NoAnswer as why:
            self.journal.failures[address] = f"{what}: {why}."
            self._unanswered += 1
            if self._unanswered >= GIVE_UP_AFTER:
                raise GivenUp from None
            return None
        except NotThere:
            self._answered(address)
            raise
        self._answered(address)
        return answer

    def _answered(self, address: str) -> None:
        self._unanswered = 0
        self.journal.failures.pop(address, None)
