import threading
from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from config import tasks
from config.models import Job, ScheduledTask, WorkerLease
from config.worker import checks
from config.worker.schedule import enqueue_due

PRUNE = "config.tasks.prune_finished_tasks"
NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def hourly(settings) -> None:
    settings.TASK_SCHEDULE = {"prune": (PRUNE, HOUR)}


@pytest.mark.django_db
class TestEnqueueDue:
    def test_first_turn_comes_one_interval_after_it_is_first_seen(self) -> None:
        for minutes in (0, 59, 60, 61):
            enqueue_due(NOON + timedelta(minutes=minutes))

        assert ScheduledTask.objects.get().last_enqueued_at == NOON + HOUR
        assert list(Job.objects.values_list("task_path", "status")) == [(PRUNE, "READY")]

    def test_turns_missed_meanwhile_are_made_up_for_by_one(self) -> None:
        enqueue_due(NOON)

        enqueue_due(NOON + 100 * HOUR)
        enqueue_due(NOON + 100 * HOUR + timedelta(minutes=1))

        assert Job.objects.count() == 1

    def test_line_taken_out_of_the_settings_is_enqueued_no_more(self, settings) -> None:
        enqueue_due(NOON)
        settings.TASK_SCHEDULE = {}

        enqueue_due(NOON + 2 * HOUR)

        assert Job.objects.count() == 0

    def test_turn_before_it_was_first_seen_is_refused(self) -> None:
        with (
            pytest.raises(IntegrityError, match="scheduled_task_is_enqueued_after_it_is_seen"),
            transaction.atomic(),
        ):
            ScheduledTask.objects.create(
                name="prune", first_seen_at=NOON, last_enqueued_at=NOON - HOUR
            )


@pytest.mark.django_db(transaction=True)
def test_two_workers_enqueue_a_turn_once() -> None:
    enqueue_due(NOON)
    rounds, together = 25, threading.Barrier(2)

    def work() -> None:
        try:
            for turn in range(1, rounds + 1):
                together.wait(timeout=10)
                enqueue_due(NOON + turn * HOUR)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert Job.objects.count() == rounds


@pytest.mark.parametrize(
    ("last", "due"),
    [
        ("2026-01-10T02:00Z", "2026-01-10T03:15Z"),
        ("2026-01-10T03:15Z", "2026-01-11T03:15Z"),
        ("2026-01-10T23:30Z", "2026-01-11T03:15Z"),
        ("2026-07-10T23:30Z", "2026-07-11T02:15Z"),  # in London that is after midnight
        ("2026-03-28T12:00Z", "2026-03-29T02:15Z"),  # summer time begins
        ("2026-10-24T12:00Z", "2026-10-25T03:15Z"),  # and ends
    ],
)
def test_time_of_day_is_the_office_s(last: str, due: str) -> None:
    turn = ScheduledTask(name="prune", first_seen_at=datetime.fromisoformat(last))

    assert turn.due_at(time(3, 15)) == datetime.fromisoformat(due)


@pytest.mark.django_db
def test_prune_removes_old_finished_tasks_and_silent_workers() -> None:
    now, long_ago = timezone.now(), timezone.now() - timedelta(days=15)
    for status, finished in [("SUCCESSFUL", long_ago), ("SUCCESSFUL", now), ("READY", None)]:
        result = tasks.prune_finished_tasks.enqueue()
        Job.objects.filter(pk=result.id).update(status=status, finished_at=finished)
    WorkerLease.objects.create(worker="silent", seen_at=long_ago)
    WorkerLease.objects.renew("living")

    tasks.prune_finished_tasks.call()

    left = Job.objects.order_by("status").values_list("status", "finished_at")
    assert list(left) == [("READY", None), ("SUCCESSFUL", now)]
    assert [lease.worker for lease in WorkerLease.objects.all()] == ["living"]


@pytest.mark.parametrize(
    ("line", "mistakes"),
    [
        ((PRUNE, time(3)), []),
        ((PRUNE, timedelta()), ["worker.E004"]),
        ((PRUNE, 60), ["worker.E004"]),
        (("config.tasks.gone", HOUR), ["worker.E003"]),
        (("config.tasks.call_command", None), ["worker.E003", "worker.E004"]),
    ],
)
def test_mistakes_in_the_schedule_are_found(settings, line: object, mistakes: list[str]) -> None:
    settings.TASK_SCHEDULE = {"a line": line}

    assert [found.id for found in checks.check_schedule()] == mistakes
