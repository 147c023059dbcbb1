"""What the task worker keeps in the database: workers, tasks, dead letters and the schedule."""

import logging
from datetime import UTC, datetime, time, timedelta
from typing import Any, ClassVar, Self, cast

from django.db import models, transaction
from django.db.models.fields.json import KT
from django.db.models.functions import Now
from django.tasks import TaskResultStatus, task_backends
from django.utils import timezone
from django.utils.json import normalize_json
from django_tasks_db.models import DBTaskResult, DBTaskResultQuerySet
from django_tasks_db.utils import retry

from config.logs import traceback_without_rows
from config.worker.backend import RetryingBackend
from config.worker.connections import leave_broken

logger = logging.getLogger("config.worker")

# A worker renews its lease each second; one that was silent for so long is taken for dead.
LEASE = timedelta(seconds=15)


class WorkerLeaseQuerySet(models.QuerySet["WorkerLease"]):
    def alive(self) -> Self:
        return self.filter(seen_at__gt=Now() - LEASE)

    def renew(self, worker: str) -> None:
        """By the database's clock alone, so that workers on several machines agree."""
        self.bulk_create(
            [WorkerLease(worker=worker, seen_at=Now())],
            update_conflicts=True,
            unique_fields=["worker"],
            update_fields=["seen_at"],
        )


class WorkerLease(models.Model):
    """A worker's sign of life; the tasks of one that fell silent are taken over."""

    worker = models.CharField(primary_key=True, max_length=64)
    seen_at = models.DateTimeField(help_text="Renewed each second while the worker lives.")

    objects = WorkerLeaseQuerySet.as_manager()

    class Meta:
        ordering = ["-seen_at"]
        verbose_name = "worker"

    def __str__(self) -> str:
        return self.worker


class DeadLetterQuerySet(models.QuerySet["DeadLetter"]):
    def waiting(self) -> Self:
        """Those that nobody has replayed yet."""
        return self.filter(replayed_at=None)


class DeadLetter(models.Model):
    """A task that failed on its last try and waits for a person."""

    task_path = models.TextField("task")
    args = models.JSONField("arguments", default=list, blank=True)
    kwargs = models.JSONField("named arguments", default=dict, blank=True)
    tries = models.PositiveSmallIntegerField(help_text="How often it was begun.")
    error_type = models.TextField(help_text="The kind of the last error.")
    traceback = models.TextField(
        help_text="Where the last error arose; the contents of database rows are left out."
    )
    failed_at = models.DateTimeField()
    replayed_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When someone had it tried anew."
    )

    objects = DeadLetterQuerySet.as_manager()

    class Meta:
        ordering = ["-failed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(tries__gte=1), name="dead_letter_was_tried_at_least_once"
            ),
            models.CheckConstraint(
                condition=models.Q(replayed_at__gte=models.F("failed_at")),
                name="dead_letter_is_replayed_after_it_failed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_path} ({self.error_type})"


class JobQuerySet(DBTaskResultQuerySet):
    def lost(self, *, asked_by: str) -> Self:
        """Tasks that are marked as running although nobody runs them.

        Their worker fell silent; or it is the one that asks, which does so between tasks only and
        so must have lost the database in the middle of one.
        """
        others = WorkerLease.objects.alive().exclude(worker=asked_by)
        tasks = self.running().alias(holder=KT("worker_ids__-1"))
        return tasks.exclude(  # type: ignore[return-value]  # an alias leaves the rows as they are
            holder__in=others.values("worker")
        )


class WorkerLost(Exception):
    """The worker ended, or lost the database, before its task did."""


class Job(DBTaskResult[Any, Any]):
    """A task on its way: django-tasks-db's row, with our rule on what follows a failed try."""

    UNDECIDED: ClassVar = [TaskResultStatus.READY, TaskResultStatus.RUNNING]

    objects: ClassVar = JobQuerySet.as_manager()

    class Meta:
        proxy = True
        verbose_name = "background task"

    def __str__(self) -> str:
        return f"{self.task_path} ({self.get_status_display()})"

    @property
    def tries(self) -> int:
        """Each claim by a worker is a try, also where the worker was killed in its midst."""
        return len(self.worker_ids)

    def set_successful(self, return_value: Any) -> None:
        self._settle(
            status=TaskResultStatus.SUCCESSFUL,
            finished_at=timezone.now(),
            return_value=normalize_json(return_value),
            exception_class_path="",
            traceback="",
        )

    def set_failed(self, exc: BaseException) -> None:
        """Have it tried again later; after the last try lay it among the dead letters."""
        backend = cast("RetryingBackend", task_backends[self.backend_name])
        delay = backend.delay_after(self.task_path, tries=self.tries)
        error_type = f"{type(exc).__module__}.{type(exc).__qualname__}"
        if delay is None:
            self._bury(error_type, traceback_without_rows(exc))
        else:
            self._put_back(delay, error_type, traceback_without_rows(exc))

    def _put_back(self, delay: timedelta, error_type: str, traceback: str) -> None:
        self._settle(
            status=TaskResultStatus.READY,
            run_after=timezone.now() + delay,
            exception_class_path=error_type,
            traceback=traceback,
        )
        seconds = delay.total_seconds()
        logger.warning(
            "%s: try %d ended in %s; next in %.0f s",
            self.task_path,
            self.tries,
            error_type,
            seconds,
        )

    def _bury(self, error_type: str, traceback: str) -> None:
        now = timezone.now()
        letter = DeadLetter(
            task_path=self.task_path,
            **self.args_kwargs,
            tries=self.tries,
            error_type=error_type,
            traceback=traceback,
            failed_at=now,
        )
        self._settle(
            letter,
            status=TaskResultStatus.FAILED,
            finished_at=now,
            exception_class_path=error_type,
            traceback=traceback,
        )
        logger.error("%s: given up after try %d, %s", self.task_path, self.tries, error_type)

    @retry(retries=10, backoff_delay=1)  # a database that restarts is waited for
    def _settle(self, letter: DeadLetter | None = None, **outcome: Any) -> None:
        """Write how this try ended, unless another worker has begun the next one meanwhile."""
        leave_broken()
        mine = Job.objects.filter(pk=self.pk, worker_ids=self.worker_ids, status__in=self.UNDECIDED)
        with transaction.atomic():
            if mine.update(**outcome) and letter:
                letter.save(force_insert=True)
        for name, value in outcome.items():
            setattr(self, name, value)


class ScheduledTask(models.Model):
    """When a line of the setting TASK_SCHEDULE was last enqueued, shared by all workers."""

    name = models.CharField(primary_key=True, max_length=100, help_text="As in TASK_SCHEDULE.")
    first_seen_at = models.DateTimeField(
        default=timezone.now, help_text="From here the time until the first turn counts."
    )
    last_enqueued_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_enqueued_at__gte=models.F("first_seen_at")),
                name="scheduled_task_is_enqueued_after_it_is_seen",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def due_at(self, when: timedelta | time) -> datetime:
        """One interval after the last turn, or the first such time of day after it.

        Turns that were missed meanwhile are thus made up for by a single one.
        """
        last = (self.last_enqueued_at or self.first_seen_at).astimezone(UTC)
        if isinstance(when, timedelta):
            return last + when
        day = timezone.localdate(last)
        today = timezone.make_aware(datetime.combine(day, when))
        if today > last:
            return today
        return timezone.make_aware(datetime.combine(day + timedelta(days=1), when))
