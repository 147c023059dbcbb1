"""A run's questions and its journal: what failed is written down, and how far it has come."""

import math
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from campaigns.models import Bill, Stage, SyncRun, SyncState
from campaigns.parliament.client import Answer, Client, NoAnswer, Validators
from campaigns.parliament.telling import Teller

GIVE_UP_AFTER = 3  # questions in a row without an answer, each of which was asked many times
RESUME_WITHIN = timedelta(hours=24)
BROKE_OFF = "It broke off before its end."


class GivenUp(Exception):
    """Parliament does not answer at all: the run ends here, and the next goes on from here."""


class OutOfTime(Exception):
    """The turn is over: others wait for the worker, and the run goes on at its next turn."""


class Journal:
    """The run as it is written down, with the cursor from which the next one goes on."""

    def __init__(self, run: SyncRun, teller: Teller) -> None:
        self.run, self.teller = run, teller
        self.is_thorough = run.is_thorough
        self.changed = run.changed
        self.asked_before = run.asked
        self.since = datetime.fromisoformat(run.cursor["since"])
        self.failures: dict[str, str] = {}

    def is_done(self, stage: Stage) -> bool:
        return stage.parliament_id in self.run.cursor["done"]

    def skip(self, stage: Stage) -> int:
        at = self.run.cursor.get("at") or {}
        return int(at.get("skip", 0)) if at.get("stage") == stage.parliament_id else 0

    def reached(self, stage: Stage, skip: int) -> None:
        self.run.cursor["at"] = {"stage": stage.parliament_id, "skip": skip}

    def done(self, stage: Stage) -> None:
        self.run.cursor["done"].append(stage.parliament_id)
        self.run.cursor.pop("at", None)

    def save(self, *asking: "Asking") -> None:
        """With the changes of the moment, in the caller's transaction."""
        self.teller.write()
        self.run.asked = max(self.run.asked, self.asked_before + sum(one.asked for one in asking))
        self.run.changed = self.changed
        self.run.failures = list(self.failures.values())
        self.run.save(update_fields=["asked", "changed", "failures", "cursor"])

    def pause(self, *asking: "Asking") -> None:
        self.run.cursor["paused"] = True
        self.save(*asking)

    def end(self, *asking: "Asking") -> None:
        self.save(*asking)
        self.run.state = SyncState.INCOMPLETE if self.failures else SyncState.COMPLETE
        self.run.ended_at = timezone.now()
        self.run.save(update_fields=["state", "ended_at"])


def begun_run(bill: Bill, *, thorough: bool) -> SyncRun:
    """A new one, which goes on where the last broke off, if that was not long ago.

    The caller holds the bill's lock, so one that still says it runs has died.
    """
    now = timezone.now()
    if paused := bill.sync_runs.filter(
        state=SyncState.RUNNING, cursor__paused=True, is_thorough=thorough
    ).last():
        del paused.cursor["paused"]
        paused.save(update_fields=["cursor"])
        return paused
    bill.sync_runs.filter(state=SyncState.RUNNING).update(
        state=SyncState.INCOMPLETE, ended_at=now, failures=[BROKE_OFF]
    )
    last = bill.sync_runs.order_by("-started_at", "-pk").first()
    cursor: dict[str, Any] = {"since": now.isoformat(), "done": []}
    if last and last.state == SyncState.INCOMPLETE and last.is_thorough == thorough:
        since = datetime.fromisoformat(last.cursor["since"])
        cursor = last.cursor if now - since < RESUME_WITHIN else cursor
    return SyncRun.objects.create(bill=bill, started_at=now, is_thorough=thorough, cursor=cursor)


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
        try:
            answer = self.client.get(url, read, held)
        except NoAnswer as why:
            self.journal.failures[what] = f"{what}: {why}."
            self._unanswered += 1
            if self._unanswered >= GIVE_UP_AFTER:
                raise GivenUp from None
            return None
        self._unanswered = 0
        self.journal.failures.pop(what, None)
        return answer
