"""A testimony on the website: there under its consent, and gone with it."""

import pytest

from evidence import clearing, consenting
from evidence.models import Channel, Decision, RecallTask, TestimonyUse
from evidence.refusing import Refused
from evidence.website import is_on_website, put_on_website, take_off_website
from publishing.models import Change, PublishedItem
from tests import factories as make
from tests.evidence.test_protection_renewals import runs_out

pytestmark = pytest.mark.django_db

CANARY = "Canary words that must go."


@pytest.fixture
def published() -> make.Covered:
    covered = make.covered(Channel.WEBSITE_FEED, text=CANARY)
    put_on_website(covered.version.testimony)
    return covered


def changes() -> list[tuple[str, str]]:
    return list(Change.objects.values_list("op", "kind"))


def test_what_no_consent_covers_is_not_published() -> None:
    covered = make.covered(Channel.BRIEFING_PACK)

    with pytest.raises(Refused, match=r"The consent does not cover this: website\."):
        put_on_website(covered.version.testimony)
    assert not PublishedItem.objects.exists()


def test_what_is_not_cleared_is_not_published() -> None:
    account = make.testimony()
    make.version(account)

    with pytest.raises(Refused, match="no cleared version"):
        put_on_website(account)


def test_it_is_published_until_its_consent_ends(published: make.Covered) -> None:
    item = PublishedItem.objects.get()

    assert item.id == published.version.testimony.public_id
    assert item.expires_at == published.consent.validity.upper
    assert CANARY.encode() in bytes(item.body)
    assert TestimonyUse.objects.get().feed_item == item.id


def test_publishing_again_changes_nothing(published: make.Covered) -> None:
    put_on_website(published.version.testimony)

    assert changes() == [("upsert", "testimony")]
    assert TestimonyUse.objects.count() == 1


@pytest.mark.parametrize(
    "move", [consenting.pause, consenting.withdraw, consenting.revoke, consenting.invalidate]
)
def test_a_consent_that_ends_takes_it_off_at_once(published: make.Covered, move) -> None:
    move(published.consent)

    assert changes() == [("upsert", "testimony"), ("remove", "testimony")]
    assert not PublishedItem.objects.exists()
    use = TestimonyUse.objects.get()
    assert (use.outcome, use.recalled_at is not None) == ("destroyed", True)
    assert not RecallTask.objects.exists()


def test_withdrawing_the_website_alone_takes_it_off(published: make.Covered) -> None:
    make.scope(published.consent, Channel.WEBSITE_FEED, decision=Decision.DENY)

    assert not PublishedItem.objects.exists()


def test_after_a_pause_it_comes_back_only_when_published_anew(published: make.Covered) -> None:
    consenting.pause(published.consent)
    with pytest.raises(Refused, match="is paused"):
        put_on_website(published.version.testimony)
    consenting.resume(published.consent)
    assert not PublishedItem.objects.exists()

    put_on_website(published.version.testimony)

    assert [op for op, _ in changes()] == ["upsert", "remove", "upsert"]


def test_new_words_replace_the_old(published: make.Covered) -> None:
    newer = make.version(published.version.testimony, "Newer words.")
    clearing.clear(newer, by=make.user("lead"))

    put_on_website(published.version.testimony)

    body = bytes(PublishedItem.objects.get().body)
    assert b"Newer words." in body
    assert CANARY.encode() not in body
    assert set(TestimonyUse.objects.values_list("version__number", "outcome")) == {
        (1, "superseded"),
        (2, ""),
    }


def test_it_can_be_taken_off_whatever_the_consent_permits(published: make.Covered) -> None:
    assert take_off_website(published.version.testimony) is True

    assert not PublishedItem.objects.exists()
    assert TestimonyUse.objects.get().outcome == "destroyed"


def test_the_removal_keeps_no_word(published: make.Covered) -> None:
    consenting.withdraw(published.consent)

    gone = Change.objects.get(op="remove")
    assert {field.name for field in Change._meta.fields} == {
        "seq",
        "op",
        "kind",
        "item_id",
        "at",
        "expires_at",
    }
    assert gone.item_id == published.version.testimony.public_id


def test_once_its_consent_has_run_out_it_is_there_no_more_and_may_return(
    published: make.Covered,
) -> None:
    """Nothing called the use back: the button would offer to take off what is not there."""
    account = published.version.testimony
    was = is_on_website(account)
    runs_out(published.consent)

    assert (was, is_on_website(account)) == (True, False)

    renewed = make.renewal(published, Channel.WEBSITE_FEED)
    consenting.give(renewed)
    put_on_website(account)

    assert is_on_website(account)
    standing = TestimonyUse.objects.filter(recalled_at=None)
    assert [use.consent_id for use in standing] == [renewed.pk]
