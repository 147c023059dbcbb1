"""What is kept while nothing changes: each write is seen, and a consent is asked for each time."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from campaigns.gaps import AskOnBoard, Kind, board
from campaigns.linked import linked
from campaigns.models import Ask, EvidenceLink, EvidenceRole
from campaigns.standing import standing
from campaigns.unchanged import WhileUnchanged
from evidence import consenting
from evidence.accepting import accept
from evidence.models import Area, Claim, Period, PeriodKind, Verdict
from tests import factories as make
from tests.campaigns import packing
from tests.config import desk_rows as rows
from tests.evidence.test_review_admin import client_of

NOT_WATCHED = {
    "auth_user",  # who accepted a claim: nothing of it is told
    "django_content_type",  # Django writes it as it migrates
}


def labels() -> list[str]:
    return sorted(Period.objects.values_list("label", flat=True))


@pytest.fixture
def kept(transactional_db) -> WhileUnchanged[list[str]]:
    period("2020"), period("2021")
    return WhileUnchanged(labels, [Period, Area])


def period(label: str) -> Period:
    year = int(label)
    return Period.objects.create(
        label=label,
        kind=PeriodKind.CALENDAR_YEAR,
        start=date(year, 1, 1),
        end=date(year, 12, 31),
    )


def test_the_same_is_given_while_nothing_is_written(kept):
    first = kept()
    make.organisation()  # of a table that it does not look at

    assert kept() is first


@pytest.mark.parametrize(
    ("write", "now"),
    [
        (lambda: period("2022"), ["2020", "2021", "2022"]),
        (lambda: Period.objects.filter(label="2020").update(label="A"), ["2021", "A"]),
        (lambda: Period.objects.filter(label="2020").delete(), ["2021"]),
        (lambda: Period.objects.all().delete(), []),
        (lambda: make.area(), ["2020", "2021"]),
    ],
)
def test_whatever_is_written_is_seen(kept, write, now):
    first = kept()
    write()

    assert kept() == now
    assert kept() is not first
    assert kept() is kept()


def test_as_many_rows_written_at_once_as_were_taken_away_are_seen(kept):
    kept()
    with transaction.atomic():
        Period.objects.filter(label="2020").delete()
        period("2022")

    assert kept() == ["2021", "2022"]


def test_what_is_taken_back_leaves_it_as_it_was(kept):
    first = kept()
    with transaction.atomic():
        period("2022")
        transaction.set_rollback(True)

    assert kept() is first


def test_a_transaction_sees_each_write_of_its_own_and_keeps_none_of_it(kept):
    first = kept()
    with transaction.atomic():
        written = period("2022")
        assert kept() == ["2020", "2021", "2022"]
        Period.objects.filter(pk=written.pk).update(label="B")
        assert kept() == ["2020", "2021", "B"]
        transaction.set_rollback(True)

    assert kept() is first


@contextmanager
def somebody_else() -> Iterator[Callable[[str], Any]]:
    """In a transaction of their own, which has begun before whatever comes after."""
    other = connection.get_new_connection(connection.get_connection_params())
    try:
        with other:
            other.execute("SELECT pg_current_xact_id()")
            yield other.execute
    finally:
        other.close()


def test_what_somebody_else_writes_is_seen_once_it_is_there_however_early_they_began(kept):
    with somebody_else() as their:
        Period.objects.filter(label="2020").update(label="A")
        with_ours = kept()
        their("UPDATE evidence_period SET label = 'B' WHERE label = '2021'")
        assert kept() is with_ours

    assert kept() == ["A", "B"]


def test_what_comes_and_goes_while_it_is_worked_out_is_not_kept(kept):
    def while_somebody_writes() -> list[str]:
        with somebody_else() as their:
            their(
                'INSERT INTO evidence_period (id, label, kind, start, "end") SELECT '
                "gen_random_uuid(), '2020*', kind, start, \"end\" FROM evidence_period LIMIT 1"
            )
        return labels()

    slow = WhileUnchanged(while_somebody_writes, [Period])

    assert slow() == ["2020", "2021"]
    assert labels() == ["2020", "2020*", "2021"]
    Period.objects.filter(label="2020*").delete()
    assert slow() == ["2020", "2021"]


@pytest.fixture
def ask(transactional_db) -> Ask:
    """With an account, a figure and a claim on it that is inconsistent and was accepted."""
    made = packing.ask()
    figure = packing.figure()
    for role, evidence in (
        (EvidenceRole.SHOWS_PROBLEM, {"testimony_version": make.covered().version}),
        (EvidenceRole.SHOWS_PROBLEM, {"statistic": figure}),
        (EvidenceRole.COUNTER_EVIDENCE, {"statistic": packing.figure("99", 2017)}),
    ):
        EvidenceLink.objects.create(ask=made, role=role, **evidence)
    claim = packing.claim(verdict=Verdict.INCONSISTENT, inputs=[figure])
    accept(Claim.objects.get(pk=claim.pk), reason="Printed so.", by=make.user("lead"))
    return made


def only_one() -> AskOnBoard:
    [each] = board().open
    return each


def test_an_account_that_is_taken_back_is_gone_from_a_board_that_was_kept(ask):
    version = EvidenceLink.objects.get(testimony_version__isnull=False).testimony_version
    before = only_one()
    asked = reading(only_one)
    assert before.carried.testimonies == 1

    consenting.withdraw(version.testimony.listings.get().consent)

    after = only_one()
    assert after.carried.testimonies == 0
    assert Kind.NO_TESTIMONY in [gap.kind for gap in after.gaps]
    assert len(asked) == 3  # whether anything was written, what is linked, what may be used


def test_what_one_board_was_told_the_next_does_not_know(ask):
    first = only_one().carried
    first.accounts.clear()
    first.counter_evidence.append(EvidenceLink.objects.first())

    second = only_one().carried
    assert (len(second.accounts), second.counter_evidence) == (1, [])


@pytest.mark.parametrize("watching", [standing, linked], ids=["standing", "linked"])
def test_every_table_that_it_reads_is_watched(ask, watching):
    asked = [sql for sql in reading(watching.work_out) if "pg_current_xact" not in sql]
    tables = connection.introspection.table_names()
    read = {table for table in tables for sql in asked if re.search(rf"\b{table}\b", sql)}
    assert read - NOT_WATCHED == set(watching.tables)


def test_nothing_of_it_is_read_later_and_then_shared(ask):
    """As a record's own would be that is fetched when a sentence first names it."""
    reader = client_of(rows.person("reader"))
    page = partial(reader.get, "/admin/gaps/")
    page()
    period("2022")
    worked_out = reading(standing.work_out)
    period("2023")

    first, second = reading(page), reading(page)

    assert len(first) - len(second) == len(worked_out)


def reading(act: Callable[[], object]) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        act()
    return [each["sql"] for each in captured.captured_queries if " FROM " in each["sql"]]
