"""The command, the task and the desk's button; and the rules that the database holds of a sync."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from campaigns import tasks
from campaigns.models import (
    Amendment,
    AmendmentAsPublished,
    AmendmentOrigin,
    Bill,
    BillWatch,
    SyncChange,
    SyncRun,
)
from campaigns.parliament import reaching
from tests import factories as make
from tests.campaigns.parliament.conftest import read_all
from tests.campaigns.parliament.replay import Faults, replayed
from tests.campaigns.parliament.world import BILL, many
from tests.publishing import making
from tests.refusing import refused_by, refused_by_grant

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("sync_bill", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def test_a_bill_that_is_new_here_is_read_and_is_a_draft():
    with replayed(many(25)) as server:
        told = run(str(BILL), "--base-url", server.url, "--members-url", server.url)

    bill = Bill.objects.get(parliament_id=BILL)
    assert told == f"Made-up Bill: asked {len(server.asked)} times, changed 25, complete.\n"
    assert (bill.slug, bill.review_state) == ("made-up-bill", "draft")
    assert bill.last_edited_by.username == "parliament"
    assert not bill.last_edited_by.is_active


def test_a_bill_that_does_not_exist_is_one_sentence():
    with replayed(many(1)) as server, pytest.raises(CommandError) as refused:
        run("1", "--base-url", server.url)

    assert str(refused.value) == (
        "Parliament has no bill 1: the number is in the address of its page on bills.parliament.uk."
    )
    assert refused.value.returncode == 1
    assert not Bill.objects.exists()


@pytest.mark.parametrize("written", ["", "x", "-1", "0", "3.5", "99999999999"])
def test_what_is_no_number_is_one_sentence_and_wrong_usage(written):
    with pytest.raises(CommandError) as refused:
        run("--", written)

    assert str(refused.value) == f"“{written}” is not a bill's number: write it as in 3137."
    assert refused.value.returncode == 2


@override_settings(PARLIAMENT_PAUSE=0)
def test_a_parliament_that_is_away_is_one_sentence():
    with replayed(many(1), Faults(dead=True)) as server, pytest.raises(CommandError) as refused:
        run(str(BILL), "--base-url", server.url)

    assert str(refused.value) == (
        "Parliament could not be read: it answered with error 500. Try again later."
    )


def test_the_worker_reads_in_turns(bill, monkeypatch):
    BillWatch.objects.create(bill=bill, started_by=make.user("officer"))
    monkeypatch.setattr(reaching, "TURN", 0.0)
    with (
        replayed(many(45)) as server,
        override_settings(
            PARLIAMENT_BILLS_API=server.url, PARLIAMENT_MEMBERS_API=server.url, PARLIAMENT_PAUSE=0
        ),
    ):
        first = reaching.sync_for_a_turn(bill, thorough=False)
        monkeypatch.setattr(reaching, "TURN", 600.0)
        second = reaching.sync_for_a_turn(bill, thorough=False)

    assert (first, second) == (False, True)
    assert SyncRun.objects.count() == 1
    assert AmendmentAsPublished.objects.count() == 45


def test_only_watched_bills_are_enqueued(bill):
    tasks.sync_watched_bills.func()
    assert not DBTaskResult.objects.exists()
    BillWatch.objects.create(bill=bill, started_by=make.user("officer"))
    tasks.sync_watched_bills.func()

    assert [each.args_kwargs for each in DBTaskResult.objects.all()] == [
        {"args": [str(bill.pk)], "kwargs": {"thorough": False}}
    ]


@pytest.fixture
def published(bill):
    with replayed(many(1)) as server:
        read_all(server)
    return AmendmentAsPublished.objects.select_related("amendment").get()


def test_an_approved_amendment_follows_parliament_and_nothing_else(published):
    amendment = making.approved(published.amendment)
    rows = Amendment.objects.filter(pk=amendment.pk)

    AmendmentAsPublished.objects.filter(pk=published.pk).update(number="7", decision="Withdrawn")
    rows.update(number="7", decision="Withdrawn")

    assert rows.get().review_state == "approved"
    with refused_by("review_edit_makes_a_draft"):
        rows.update(number="8")
    with refused_by("review_edit_makes_a_draft"):
        rows.update(number="7", title="Ours")


def test_the_hash_is_of_the_text(published):
    with refused_by("as_published_hash_is_of_its_text"):
        AmendmentAsPublished.objects.filter(pk=published.pk).update(text="Other words")


def test_a_draft_of_ours_is_not_published_by_parliament(published):
    draft = making.amendment(published.stage, slug="own", origin=AmendmentOrigin.OWN_DRAFT)
    now = timezone.now()

    with refused_by("as_published_is_not_our_draft"):
        AmendmentAsPublished.objects.create(
            amendment=draft,
            parliament_id=5,
            stage=published.stage,
            first_seen_at=now,
            last_seen_at=now,
        )


def test_what_was_published_or_told_is_not_deleted_or_told_otherwise(published, bill):
    change = SyncChange.objects.create(bill=bill, kind="new", raised_at=timezone.now())

    with refused_by_grant():
        AmendmentAsPublished.objects.filter(pk=published.pk)._raw_delete("default")
    with refused_by_grant():
        SyncChange.objects.filter(pk=change.pk)._raw_delete("default")
    with refused_by_grant():
        SyncChange.objects.filter(pk=change.pk).update(after="other")
    SyncChange.objects.filter(pk=change.pk).update(
        seen_at=timezone.now(), seen_by=make.user("officer")
    )


def test_its_words_have_a_history(published):
    published.set_lines([{"text": "Anew", "indent": 0, "hanging": False, "image": ""}])
    published.save()

    assert [each.text for each in published.events.order_by("pgh_id")][-1] == "Anew"
    with refused_by_grant():
        published.events.update(text="")
