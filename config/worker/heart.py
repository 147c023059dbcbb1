"""The thread that says each second that the worker lives, however long its task takes."""

import logging
import math
import threading
import time
from types import TracebackType
from typing import Self

from django.db import Error, connection

from config.models import LEASE, WorkerLease
from publishing import heartbeat

logger = logging.getLogger("config.worker")

BEAT = 1.0  # seconds
PATIENCE = LEASE.total_seconds()


class Heart:
    """Renews the worker's lease and the feed's heartbeat, on a connection of its own."""

    def __init__(self, worker: str) -> None:
        self.worker = worker
        self._last_beat = -math.inf
        self._paused_until = -math.inf
        self._misses_database = False
        self._stop = threading.Event()
        self._tried = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heart", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._tried.wait(timeout=PATIENCE)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join(timeout=PATIENCE)

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()

    @property
    def is_beating(self) -> bool:
        """Where it is not, begin nothing: the lease may run out and another worker begin it too."""
        return time.time() - self._last_beat < PATIENCE / 2

    @property
    def can_judge_others(self) -> bool:
        """Not after a pause of our own, be it the database's or the whole machine's.

        Everybody was silent then, and the others need time to be heard again.
        """
        return time.time() > self._paused_until

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                self._try_to_beat()
                self._stop.wait(BEAT)
            self._give_up_lease()
        finally:
            connection.close()

    def _try_to_beat(self) -> None:
        try:
            WorkerLease.objects.renew(self.worker)
            heartbeat.beat()
        except Error as error:
            if not self._misses_database:
                logger.warning("The heartbeat misses the database: %s", error)
            self._misses_database = True
            connection.close()  # the next beat opens another
        else:
            self._misses_database = False
            self._note(time.time())
        finally:
            self._tried.set()

    def _note(self, now: float) -> None:
        if math.isfinite(self._last_beat) and now - self._last_beat > PATIENCE / 2:
            self._paused_until = now + PATIENCE
        self._last_beat = now

    def _give_up_lease(self) -> None:
        try:
            WorkerLease.objects.filter(worker=self.worker).delete()
        except Error:
            logger.info("The lease of %s is left to run out", self.worker)
