"""What the database refuses is told in a sentence that holds nothing of the row."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from evidence.broken_rules import broken_rule, sentence_for
from evidence.models import ConsentTestimony, Excerpt, Snapshot
from evidence.snapshots.taking import take_from_text
from tests import factories as make
from tests.config import desk_rows as rows

pytestmark = pytest.mark.django_db

CANARY = "canary-5b1f"


def refusal_of(act) -> IntegrityError:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        act()
    return caught.value


def future_consent():
    given = rows.consent()
    given.event_time = timezone.now() + timedelta(days=2)
    given.state = "given"
    given.save()


def long_consent():
    contributor = make.testimony(CANARY).contributor
    now = timezone.now()
    make.requested_consent(
        contributor, validity=(now, now + timedelta(days=900)), notice=make.notice(CANARY)
    )


def somebody_elses_testimony():
    ConsentTestimony.objects.create(consent=rows.consent(), testimony=make.testimony(CANARY))


def twice_the_same_source():
    rows.source()
    rows.source()


def words_that_are_not_there():
    snapshot = rows.snapshot(rows.source())
    Excerpt.objects.create(snapshot=snapshot, exact=CANARY, start=0, end=len(CANARY))


def approved_from_the_start():
    make.source(CANARY, review_state="approved")


def unknown_kind():
    make.source(CANARY, kind="gossip")


def retracted_without_a_note():
    make.source(CANARY, retracted_on=timezone.localdate())


def without_a_title():
    make.source(CANARY, title=None)


def hash_of_something_else():
    Snapshot.objects.create(
        source=rows.source(), text=CANARY, sha256="0" * 64, taken_at=timezone.now()
    )


CASES = [
    (future_consent, "A consent cannot be given in the future.", "event_time"),
    (long_consent, "A consent is valid for two years at most.", "validity"),
    (
        somebody_elses_testimony,
        "A consent covers testimony of the person who gave it.",
        "contributor",
    ),
    (twice_the_same_source, "There is already a record with these values.", ""),
    (words_that_are_not_there, "The snapshot does not say these words at that place.", "exact"),
    (approved_from_the_start, "A new record starts as a draft.", ""),
    (unknown_kind, "The database refused this, by its rule “source kind is known”.", ""),
    (retracted_without_a_note, "Say why the source was retracted.", ""),
    (without_a_title, "A value that is needed is missing.", ""),
    (hash_of_something_else, "The snapshot's hash is not that of its text.", ""),
]


@pytest.mark.parametrize(("act", "sentence", "field"), CASES)
def test_each_rule_has_its_sentence_and_its_place(act, sentence, field):
    broken = broken_rule(refusal_of(act))

    assert (broken.sentence, broken.field) == (sentence, field)


@pytest.mark.parametrize("act", [act for act, _, _ in CASES])
def test_no_sentence_holds_anything_of_the_row(act):
    sentence = sentence_for(refusal_of(act))

    assert CANARY not in sentence
    assert "Failing row" not in sentence


def test_an_error_without_a_database_behind_it_says_nothing_of_itself():
    assert sentence_for(IntegrityError(CANARY)) == "The database refused this."


def test_no_row_in_the_page_that_refuses(client):
    snapshot = take_from_text(rows.source(), f"It says {CANARY} once.").snapshot
    client.force_login(rows.person("officer"), "django.contrib.auth.backends.ModelBackend")

    page = client.post(
        f"/admin/evidence/snapshot/{snapshot.pk}/change/",
        {
            "excerpts-TOTAL_FORMS": 2,
            "excerpts-INITIAL_FORMS": 0,
            "excerpts-0-exact": CANARY,
            "excerpts-1-exact": CANARY,
        },
    ).content.decode()

    assert "These words of the snapshot are an excerpt already." in page
    assert "Failing row" not in page
    assert not snapshot.excerpts.exists()
