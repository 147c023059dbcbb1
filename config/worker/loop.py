"""The worker: takes one task after the other from the database until it is told to stop."""

import logging
import signal
import time
from types import FrameType
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.tasks import DEFAULT_TASK_BACKEND_ALIAS
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from config.models import Job, WorkerLost
from config.worker.connections import leave_broken
from config.worker.heart import Heart
from config.worker.schedule import enqueue_due

logger = logging.getLogger("config.worker")

PAUSE = 0.5  # seconds between two looks at an empty queue


class TaskWorker(Worker):
    """django-tasks-db's worker, which also beats, keeps the schedule and outlives the database.

    With `once` it ends when nothing is ready any more.
    """

    def __init__(self, *, once: bool = False) -> None:
        super().__init__(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=PAUSE,
            batch=once,
            backend_name=DEFAULT_TASK_BACKEND_ALIAS,
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
        )

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        """The first signal lets the running task finish, the second breaks it off.

        Unlike upstream's the first one never exits from here: it may come just after a task was
        claimed and before it is begun.
        """
        if self.running:
            logger.info("%s: ending after the current task", signal.strsignal(signum))
            self.running = False
        else:
            super().shutdown(signum, frame)

    def run(self) -> None:
        with Heart(self.worker_id) as heart:
            while self.running:
                if not heart.is_alive:
                    raise RuntimeError("The heartbeat stopped; why is printed above.")
                ran_one = self._turn_or_wait_for_database(heart)
                if not ran_one and self.batch:
                    return
                if not ran_one and self.running:
                    time.sleep(self.interval)

    def _turn_or_wait_for_database(self, heart: Heart) -> bool:
        if not (heart.is_beating or self.batch):
            return False
        try:
            return self.turn(heart)
        except (OperationalError, InterfaceError) as error:
            if self.batch:
                raise
            logger.warning("The database is away: %s", error)
            return False

    def turn(self, heart: Heart) -> bool:
        """Run the next task, if there is one."""
        leave_broken()
        enqueue_due()
        if heart.can_judge_others:
            take_over_lost(asked_by=self.worker_id)
        job = self._claim_next()
        if job:
            self.run_task(job)
        return job is not None

    @transaction.atomic
    def _claim_next(self) -> DBTaskResult[Any, Any] | None:
        job = Job.objects.ready().filter(backend_name=self.backend_name).get_locked()
        if job:
            job.claim(self.worker_id)
        return job


def take_over_lost(*, asked_by: str) -> None:
    for job in Job.objects.lost(asked_by=asked_by):
        job.set_failed(WorkerLost("The worker ended, or lost the database, before the task did."))
