from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from config.models import DeadLetter, Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter() -> DeadLetter:
    return DeadLetter.objects.create(
        task_path="tests.config.sample_tasks.double",
        args=[21],
        tries=5,
        error_type="builtins.ValueError",
        traceback="",
        failed_at=timezone.now(),
    )


def test_command_lists_those_that_wait(letter: DeadLetter) -> None:
    out = StringIO()

    call_command("dead_letters", stdout=out)

    day = f"{letter.failed_at:%Y-%m-%d %H:%M}"
    line = f"{letter.pk}  {day}  tests.config.sample_tasks.double (builtins.ValueError)\n"
    assert out.getvalue() == line


def test_replayed_letter_is_enqueued_and_no_longer_waits(letter: DeadLetter) -> None:
    call_command("dead_letters", "--replay", str(letter.pk), stdout=StringIO())

    job = Job.objects.get()
    assert (job.status, job.task_path, job.args_kwargs) == (
        "READY",
        "tests.config.sample_tasks.double",
        {"args": [21], "kwargs": {}},
    )
    assert not DeadLetter.objects.waiting().exists()


def test_letter_is_replayed_once(letter: DeadLetter) -> None:
    call_command("dead_letters", "--replay", str(letter.pk), stdout=StringIO())

    with pytest.raises(CommandError, match=r"was replayed already\.$"):
        call_command("dead_letters", "--replay", str(letter.pk))

    assert Job.objects.count() == 1


def test_letter_of_a_vanished_task_is_kept(letter: DeadLetter) -> None:
    DeadLetter.objects.update(task_path="tests.config.sample_tasks.gone")

    with pytest.raises(CommandError, match=r"sample_tasks\.gone no longer exists\.$"):
        call_command("dead_letters", "--replay", str(letter.pk))

    assert DeadLetter.objects.waiting().exists()


def test_unknown_letter_is_refused() -> None:
    with pytest.raises(CommandError, match=r"There is no dead letter 7\."):
        call_command("dead_letters", "--replay", "7")


@pytest.mark.usefixtures("letter")
def test_letter_without_a_try_is_refused() -> None:
    with (
        pytest.raises(IntegrityError, match="dead_letter_was_tried_at_least_once"),
        transaction.atomic(),
    ):
        DeadLetter.objects.update(tries=0)


def test_letter_replayed_before_it_failed_is_refused(letter: DeadLetter) -> None:
    with (
        pytest.raises(IntegrityError, match="dead_letter_is_replayed_after_it_failed"),
        transaction.atomic(),
    ):
        DeadLetter.objects.update(replayed_at=letter.failed_at - timedelta(seconds=1))
