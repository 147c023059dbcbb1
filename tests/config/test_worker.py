import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.db.models import F
from django.tasks import TaskResult, task_backends
from django.utils import timezone

from config.embedded_files import PROJECT
from config.models import DeadLetter, Job, WorkerLease
from config.worker import checks
from config.worker.heart import Heart
from config.worker.loop import TaskWorker
from publishing import heartbeat
from tests.config import sample_tasks


def address_of(settings: dict[str, object]) -> str:
    """The postgres:// address of a Django database setting, for tools that take one."""
    user, password = (quote(str(settings.get(key) or ""), safe="") for key in ("USER", "PASSWORD"))
    host = quote(str(settings.get("HOST") or ""), safe="")
    return f"postgresql://{user}:{password}@{host}:{settings.get('PORT') or ''}/{settings['NAME']}"


def set_retries(settings, retries: object) -> None:
    own = {**settings.TASKS["default"], "OPTIONS": {"RETRIES": retries}}
    settings.TASKS = {"default": own}


@pytest.fixture(autouse=True)
def three_tries_at_once(settings) -> None:
    set_retries(settings, {"*": [0, 0]})


def run_ready_tasks() -> None:
    """What `work --once` does, within the test's own transaction and without the thread."""
    worker = TaskWorker(once=True)
    while worker.turn(Heart(worker.worker_id)):
        pass


def job_of(result: TaskResult) -> Job:
    return Job.objects.get(pk=result.id)


def wait_until(condition: Callable[[], bool], *, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


@contextmanager
def worker_process() -> Iterator[subprocess.Popen[bytes]]:
    connection.ensure_connection()
    info = connection.connection.info
    parts = {"USER": info.user, "PASSWORD": info.password, "NAME": info.dbname}
    address = address_of({**parts, "HOST": info.host, "PORT": info.port})
    environment = {**os.environ, "DATABASE_APP_URL": address}
    command = [sys.executable, "manage.py", "work"]
    process = subprocess.Popen(command, cwd=PROJECT, env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.mark.django_db
class TestRetries:
    def test_task_that_fails_twice_succeeds_on_its_third_try(self) -> None:
        result = sample_tasks.fail_twice.enqueue()

        run_ready_tasks()

        job = job_of(result)
        assert (job.status, job.return_value, job.tries) == ("SUCCESSFUL", 3, 3)
        assert (job.traceback, DeadLetter.objects.count()) == ("", 0)

    def test_next_try_waits_in_the_database(self, settings) -> None:
        set_retries(settings, {"*": [60]})
        before = timezone.now()
        result = sample_tasks.fail.enqueue("no")

        run_ready_tasks()

        job = job_of(result)
        assert (job.status, job.tries) == ("READY", 1)
        assert timedelta(seconds=60) <= job.run_after - before <= timedelta(seconds=80)

    def test_last_failure_leaves_a_dead_letter(self) -> None:
        result = sample_tasks.fail.enqueue(message="no")

        run_ready_tasks()

        letter = DeadLetter.objects.get()
        assert job_of(result).status == "FAILED"
        assert (letter.task_path, letter.args, letter.kwargs, letter.tries, letter.error_type) == (
            "tests.config.sample_tasks.fail",
            [],
            {"message": "no"},
            3,
            "builtins.ValueError",
        )
        assert letter.traceback.endswith("builtins.ValueError: no\n")
        assert "raise ValueError(message)" in letter.traceback

    def test_what_cannot_be_stored_is_a_failure(self) -> None:
        sample_tasks.return_a_set.enqueue()

        run_ready_tasks()

        assert DeadLetter.objects.get().error_type == "builtins.TypeError"

    def test_task_that_no_longer_exists_ends_as_a_dead_letter(self) -> None:
        result = sample_tasks.double.enqueue(1)
        Job.objects.filter(pk=result.id).update(task_path="tests.config.sample_tasks.gone")

        run_ready_tasks()

        assert DeadLetter.objects.get().error_type == "builtins.ImportError"

    def test_stored_tracebacks_hold_no_row(self) -> None:
        result = sample_tasks.break_a_check.enqueue()

        run_ready_tasks()

        stored = job_of(result).traceback + DeadLetter.objects.get().traceback
        assert "dead_letter_was_tried_at_least_once" in stored
        assert "Cerys" not in stored
        assert "Tredegar" not in stored
        with pytest.raises(IntegrityError, match=r"Cerys(.|\n)*Tredegar"):
            sample_tasks.break_a_check.call()


@pytest.mark.parametrize(
    ("tries", "seconds"), [(1, 10), (2, 60), (3, 300), (4, 1800)], ids=lambda value: str(value)
)
def test_delays_grow_and_are_spread(settings, tries: int, seconds: int) -> None:
    set_retries(settings, {})
    backend = task_backends["default"]

    delays = {backend.delay_after("a.task", tries=tries).total_seconds() for _ in range(20)}

    assert len(delays) > 1
    assert seconds <= min(delays) <= max(delays) <= 1.25 * seconds
    assert backend.delay_after("a.task", tries=5) is None


def test_one_task_may_have_delays_of_its_own(settings) -> None:
    set_retries(settings, {"a.task": []})

    assert task_backends["default"].delay_after("a.task", tries=1) is None
    assert task_backends["default"].delay_after("another.task", tries=1) is not None


@pytest.mark.django_db
class TestLostTasks:
    @pytest.fixture
    def claimed(self) -> Job:
        sample_tasks.double.enqueue(4)
        job = Job.objects.get()
        WorkerLease.objects.renew("another")
        job.claim("another")
        return job

    @pytest.mark.usefixtures("claimed")
    def test_task_of_a_living_worker_is_left_alone(self) -> None:
        run_ready_tasks()

        assert Job.objects.values_list("status", "worker_ids").get() == ("RUNNING", ["another"])

    @pytest.mark.usefixtures("claimed")
    def test_task_of_a_silent_worker_is_run_again(self) -> None:
        WorkerLease.objects.update(seen_at=F("seen_at") - timedelta(seconds=20))

        run_ready_tasks()

        job = Job.objects.get()
        assert (job.status, job.return_value, job.tries) == ("SUCCESSFUL", 8, 2)

    def test_worker_takes_up_what_it_dropped_itself(self, claimed: Job) -> None:
        assert list(Job.objects.lost(asked_by="another")) == [claimed]

    @pytest.mark.usefixtures("claimed")
    def test_task_that_kills_each_worker_ends_as_a_dead_letter(self) -> None:
        Job.objects.update(worker_ids=["one", "two", "three"])

        run_ready_tasks()

        assert DeadLetter.objects.get().error_type == "config.models.WorkerLost"

    def test_late_result_does_not_overwrite_the_next_try(self, claimed: Job) -> None:
        Job.objects.update(worker_ids=["another", "next"])

        claimed.set_successful(8)
        claimed.set_failed(ValueError("late"))

        assert Job.objects.get().status == "RUNNING"


@pytest.mark.django_db(transaction=True)
@pytest.mark.long
class TestProcess:
    def test_once_runs_what_is_ready_and_gives_up_its_lease(self) -> None:
        result = sample_tasks.double.enqueue(2)

        call_command("work", "--once")

        assert job_of(result).return_value == 4
        assert not WorkerLease.objects.exists()
        assert heartbeat.age() < timedelta(seconds=5)

    @pytest.mark.parametrize("cut_off", [False, True])
    def test_heart_beats_while_a_long_task_runs(self, cut_off: bool) -> None:
        result = sample_tasks.watch_the_heart.enqueue(2.5, cut_off=cut_off)

        call_command("work", "--once")

        cut, beats = job_of(result).return_value
        assert cut == int(cut_off)
        assert beats >= 2

    def test_task_whose_database_goes_away_is_tried_again(self, caplog) -> None:
        result = sample_tasks.lose_the_database_at_first.enqueue()

        call_command("work", "--once")

        assert "try 1 ended in django.db.utils.OperationalError" in caplog.text
        assert job_of(result).return_value == 2

    def test_killed_worker_s_task_is_retried_when_its_lease_has_run_out(self) -> None:
        result = sample_tasks.hang_at_first.enqueue()

        with worker_process() as process:
            wait_until(lambda: job_of(result).status == "RUNNING")
            process.kill()
            process.wait()
        call_command("work", "--once")
        assert job_of(result).status == "RUNNING"
        WorkerLease.objects.update(seen_at=F("seen_at") - timedelta(seconds=20))
        call_command("work", "--once")

        job = job_of(result)
        assert (job.status, job.return_value, job.tries) == ("SUCCESSFUL", 2, 2)

    def test_terminated_worker_finishes_its_task_and_begins_no_other(self) -> None:
        first, second = sample_tasks.nap.enqueue(1.5), sample_tasks.nap.enqueue(0)

        with worker_process() as process:
            wait_until(lambda: job_of(first).status == "RUNNING")
            process.send_signal(signal.SIGTERM)
            status = process.wait(timeout=10)

        assert status == 0
        assert (job_of(first).status, job_of(second).status) == ("SUCCESSFUL", "READY")
        assert not WorkerLease.objects.exists()

    def test_second_signal_breaks_the_task_off_and_gives_it_back(self) -> None:
        result = sample_tasks.hang_at_first.enqueue()

        with worker_process() as process:
            wait_until(lambda: job_of(result).status == "RUNNING")
            process.send_signal(signal.SIGINT)
            time.sleep(0.2)
            process.send_signal(signal.SIGINT)
            process.wait(timeout=10)

        job = job_of(result)
        assert (job.status, job.exception_class_path) == ("READY", "builtins.SystemExit")


def test_once_says_when_there_is_no_database(tmp_path) -> None:
    absent = address_of({"NAME": "absent", "USER": "x", "HOST": str(tmp_path), "PORT": 1})
    names = ("DATABASE_URL", "DATABASE_APP_URL", "DATABASE_OWNER_URL", "DATABASE_FEED_URL")
    environment = {**os.environ, **dict.fromkeys(names, absent)}
    command = [sys.executable, "manage.py", "work", "--once"]

    process = subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
    )

    assert process.returncode == 1
    assert process.stderr.splitlines()[-1].startswith("Cannot connect to absent")


class TestHeart:
    def test_worker_that_misses_its_own_beats_begins_nothing(self) -> None:
        heart = Heart("a")

        assert not heart.is_beating

    def test_after_a_pause_of_its_own_a_worker_does_not_judge_others(self) -> None:
        heart = Heart("a")
        heart._note(time.time() - 60)
        assert heart.can_judge_others

        heart._note(time.time())

        assert not heart.can_judge_others


@pytest.mark.parametrize(
    ("retries", "mistakes"),
    [
        ({"config.tasks.prune_finished_tasks": [1, 2.5]}, []),
        ({"*": []}, []),
        ({"config.tasks.gone": [1]}, ["worker.E001"]),
        ({"config.models.Job": [1]}, ["worker.E001"]),
        ({"*": [-1]}, ["worker.E002"]),
        ({"*": 5}, ["worker.E002"]),
    ],
)
def test_mistakes_in_retries_are_found(settings, retries: object, mistakes: list[str]) -> None:
    set_retries(settings, retries)

    assert [found.id for found in checks.check_retries()] == mistakes
