"""Accounts of an ask: found once they are published, named nowhere once they have left."""

import pytest

from campaigns.models import Ask
from evidence import consenting
from evidence.models import Channel
from evidence.website import put_on_website, take_off_website
from publishing.models import Change, PublishedItem
from publishing.tasks import remove_expired
from tests import factories as make
from tests.publishing import making

pytestmark = pytest.mark.django_db


def ask_on(covered: make.Covered) -> Ask:
    ask = making.ask()
    ask.evidence.create(role="shows_problem", testimony_version=covered.version)
    return making.approved(ask)


def accounts_of(told, ask: Ask) -> list[str]:
    return [item["id"] for item in told(f"/api/v1/testimonies/?ask={ask.slug}")["items"]]


def items_named_by(ask: Ask) -> list[str]:
    return PublishedItem.objects.get(pk=ask.pk).facets["items"]


def test_an_account_that_is_published_after_its_ask_is_found_by_it(
    told, django_capture_on_commit_callbacks
) -> None:
    covered = make.covered(Channel.WEBSITE_FEED)
    ask = ask_on(covered)
    assert accounts_of(told, ask) == []

    with django_capture_on_commit_callbacks(execute=True):
        put_on_website(covered.version.testimony)

    assert accounts_of(told, ask) == [str(covered.version.testimony.public_id)]


def test_an_ask_that_is_being_edited_waits_for_its_approval(
    django_capture_on_commit_callbacks,
) -> None:
    covered = make.covered(Channel.WEBSITE_FEED)
    ask = ask_on(covered)
    Ask.objects.update(review_state="draft", title="Words nobody approved")

    with django_capture_on_commit_callbacks(execute=True):
        put_on_website(covered.version.testimony)

    item = PublishedItem.objects.get(pk=ask.pk)
    assert (item.title, item.facets["items"]) == (ask.title, [])


@pytest.mark.parametrize(
    "leave",
    [
        lambda covered: consenting.withdraw(covered.consent),
        lambda covered: take_off_website(covered.version.testimony),
    ],
)
def test_an_ask_names_no_account_that_has_left(told, leave) -> None:
    """Nor does it change with it: that would say what the account was about."""
    figure, covered = making.approved(make.statistic()), making.on_website()
    ask = making.ask()
    ask.evidence.create(role="shows_problem", statistic=figure)
    ask.evidence.create(role="shows_problem", testimony_version=covered.version)
    making.approved(ask)
    assert len(items_named_by(ask)) == 2

    leave(covered)
    left = accounts_of(told, ask)
    last = Change.objects.latest("seq")
    remove_expired.func()

    assert left == accounts_of(told, ask) == []
    assert items_named_by(ask) == [str(figure.pk)]
    assert (last.op, Change.objects.latest("seq")) == ("remove", last)
