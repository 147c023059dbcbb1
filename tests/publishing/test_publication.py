"""The one door to the published table: once, in the approval's transaction, and back again."""

import hashlib
from collections import Counter as Tally
from datetime import timedelta

import pytest
from django.db import transaction

from evidence import review
from evidence.models import Claim, ClaimInput, ClaimType, InputRole
from publishing import publication
from publishing.encoding import decode
from publishing.models import Change, Kind, PublishedItem
from tests import factories as make
from tests.publishing import making
from tests.refusing import run

pytestmark = pytest.mark.django_db


def changes() -> list[tuple[int, str, str]]:
    return list(Change.objects.order_by("seq").values_list("seq", "op", "kind"))


def test_what_is_approved_is_published_with_the_hash_of_its_bytes() -> None:
    source = making.approved(make.source())

    item = PublishedItem.objects.get()

    assert (item.pk, item.kind, item.title) == (source.pk, Kind.SOURCE, "Report example-2023")
    assert item.etag == hashlib.sha256(item.body).hexdigest()
    assert item.facets == {
        "source": [str(source.pk), "example-2023"],
        "source_kind": ["news_report"],
    }
    assert changes() == [(1, "upsert", "source")]
    assert Change.objects.get().at == item.published_at == item.updated_at


def test_the_head_of_the_feed_tells_of_what_has_expired_and_of_nothing_that_will(as_feed) -> None:
    """Every page is kept until the head changes, so it has to change when something expires."""
    making.written("tomorrow", expires_in=timedelta(days=1))
    with as_feed():
        before = run("SELECT expired_at FROM feed.head")

    over = making.written("over", expires_in=timedelta(seconds=-1))
    with as_feed():
        after = run("SELECT expired_at FROM feed.head")

    assert (before, after) == ([(None,)], [(over.expires_at,)])


def test_keys_are_sorted_so_that_equal_documents_are_equal_bytes() -> None:
    making.approved(make.source())

    document = decode(PublishedItem.objects.get().body)

    assert list(document) == sorted(document)


def test_the_same_document_again_is_no_change() -> None:
    source = making.approved(make.source())
    before = PublishedItem.objects.values().get()

    review.edit(source, by=make.user("officer"))
    making.approved(source)

    assert PublishedItem.objects.values().get() == before
    assert changes() == [(1, "upsert", "source")]


def test_other_facets_or_another_expiry_are_a_change() -> None:
    making.written("one")
    making.written("one", area=["W92000004"])
    making.written("one", area=["W92000004"], expires_in=make.moment(1) - make.moment(0))

    assert [seq for seq, _, _ in changes()] == [1, 2, 3]


def test_an_edit_keeps_what_was_approved_until_it_is_approved_anew() -> None:
    source = making.approved(make.source())

    review.edit(source, by=make.user("officer"))
    source.title = "Unreviewed words"
    source.save()
    assert PublishedItem.objects.get().title == "Report example-2023"

    making.approved(source)
    assert PublishedItem.objects.get().title == "Unreviewed words"
    assert changes() == [(1, "upsert", "source"), (2, "upsert", "source")]


def test_what_is_rendered_is_what_the_database_holds_and_not_what_the_caller_does() -> None:
    source = making.approved(make.source())
    source.title = "Never saved"

    publication.publish(source)

    assert PublishedItem.objects.get().title == "Report example-2023"


def test_retiring_removes_all_but_id_kind_and_time() -> None:
    source = making.retired(making.approved(make.source()))

    change = Change.objects.values().last()

    assert not PublishedItem.objects.exists()
    assert change == {
        "seq": 2,
        "op": "remove",
        "kind": "source",
        "item_id": source.pk,
        "at": change["at"],
        "expires_at": None,
    }


def test_removing_what_is_not_there_is_told_and_leaves_no_trace() -> None:
    assert making.removed("nothing") is False
    assert changes() == []


def test_a_record_without_a_document_is_not_published() -> None:
    assert publication.publish(make.organisation()) is None
    assert changes() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "act",
    [
        lambda: publication.publish(make.organisation()),
        lambda: publication.write(
            kind=Kind.BILL,
            id=making.item_id("one"),
            title="The one",
            document={},
            search_text="",
            facets={},
            expires_at=None,
        ),
        lambda: publication.retire(make.organisation()),
        lambda: publication.remove(making.item_id("one")),
        lambda: publication.render_followers(make.organisation()),
    ],
)
def test_outside_a_transaction_nothing_is_published(act) -> None:
    with pytest.raises(transaction.TransactionManagementError, match="stand or fall together"):
        act()


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_fails_leaves_neither_item_nor_change() -> None:
    source = make.source()

    def fail_late() -> None:
        with transaction.atomic():
            publication.publish(source)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_late()
    making.written("one")

    assert changes() == [(1, "upsert", "bill")]


def test_the_figures_of_a_source_follow_its_title() -> None:
    source = making.approved(make.source())
    figure = making.approved(make.statistic(source=source))
    draft = make.statistic(source=source, area=make.area("W15000001", "North Wales"))

    review.edit(source, by=make.user("officer"))
    source.title = "A better title"
    source.save()
    making.approved(source)

    shown = decode(PublishedItem.objects.get(pk=figure.pk).body)
    assert shown["source"]["title"] == "A better title"
    assert not PublishedItem.objects.filter(pk=draft.pk).exists()
    assert Tally(kind for _, _, kind in changes()) == {"source": 2, "statistic": 2}


def test_a_figure_that_is_being_edited_does_not_follow() -> None:
    source = making.approved(make.source())
    figure = making.approved(make.statistic(source=source))
    review.edit(figure, by=make.user("officer"))
    figure.caveat = "Unreviewed words"
    figure.save()

    review.edit(source, by=make.user("officer"))
    source.title = "A better title"
    source.save()
    making.approved(source)

    shown = decode(PublishedItem.objects.get(pk=figure.pk).body)
    assert (shown["caveat"], shown["source"]["title"]) == (None, "Report example-2023")


def test_a_figure_follows_the_verdict_on_the_claims_that_rest_on_it() -> None:
    figure = making.approved(make.statistic())
    claim = Claim.objects.create(
        key="up", type=ClaimType.SUM, wording="Up.", last_edited_by=make.user("officer")
    )
    ClaimInput.objects.create(claim=claim, role=InputRole.PART, statistic=figure)
    Claim.objects.filter(pk=claim.pk).update(verdict="consistent", reason="It is.")
    claim.refresh_from_db()
    source = figure.source
    making.approved(source)
    making.approved(claim)

    assert decode(PublishedItem.objects.get(pk=figure.pk).body)["verdict"] == "consistent"


def test_an_ask_names_its_evidence_for_as_long_as_that_is_published() -> None:
    figure = make.statistic()
    ask = making.ask()
    ask.evidence.create(role="shows_problem", statistic=figure)
    making.approved(ask)

    def named() -> list[object]:
        return decode(PublishedItem.objects.get(pk=ask.pk).body)["evidence"]

    assert named() == []
    making.approved(figure)
    shown = {"id": str(figure.pk), "kind": "statistic", "role": "shows_problem"}
    assert named() == [shown]
    making.retired(figure)
    assert named() == []
