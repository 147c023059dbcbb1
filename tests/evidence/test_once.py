"""What there is once and no more: of two, one would answer for the other."""

from collections.abc import Callable

import pytest

from evidence.models import Contributor, RestrictedAccount
from publishing.consumers.models import Consumer
from tests import factories as make
from tests.publishing import making
from tests.refusing import refused_by, run, run_as_owner

pytestmark = pytest.mark.django_db


def a_label() -> None:
    Contributor.objects.create(label="One", is_fictional=True)


def an_account() -> None:
    """With the address that another one has in the feed."""
    first = make.testimony(f"Account {Contributor.objects.count()}")
    make.testimony(f"Another {Contributor.objects.count()}", public_id=first.public_id)


def a_version() -> None:
    first = make.version(make.testimony(f"Account {Contributor.objects.count()}"))
    make.version(first.testimony, "Other words.", public_id=first.public_id)


def an_erasure() -> None:
    run_as_owner(
        "INSERT INTO evidence_erasureledger (id, contributor, at) "
        "VALUES (gen_random_uuid(), '00000000-0000-0000-0000-000000000001', now())"
    )


def a_link() -> None:
    """To an own page: the same secret for two people would open either's."""
    run(
        "INSERT INTO evidence_ownpagelink (id, contributor_id, made_for, sha256, made_at, "
        "expires_at) VALUES (gen_random_uuid(), %s, 'contributor', repeat('c', 64), now(), "
        "now() + interval '1 day')",
        make.testimony(f"Account {Contributor.objects.count()}").contributor_id,
    )


def what_was_found() -> None:
    """Two sources of one account are one testimony, which one restricted account became."""
    account = make.testimony(f"Account {Contributor.objects.count()}")
    for key in ("one", "two"):
        source = make.source(f"{key}-{Contributor.objects.count()}", title=key)
        RestrictedAccount.objects.create(source=source, became=account)


def a_consumers_name() -> None:
    Consumer.objects.create(
        name="The website", contact_role="Desk", key_hash=str(Consumer.objects.count())
    )


def a_consumers_key() -> None:
    Consumer.objects.create(
        name=str(Consumer.objects.count()), contact_role="Desk", key_hash="a" * 64
    )


def a_turn_in_the_feed() -> None:
    """A reader that goes on after a number would pass over the second."""
    making.written("one"), making.written("two")
    run_as_owner("UPDATE publishing_publisheditem SET seq = 7")


@pytest.mark.parametrize(
    ("rule", "made"),
    [
        ("evidence_contributor_label_key", a_label),
        ("evidence_testimony_public_id_key", an_account),
        ("evidence_testimonyversion_public_id_key", a_version),
        ("evidence_erasureledger_contributor_key", an_erasure),
        ("evidence_ownpagelink_sha256_key", a_link),
        ("evidence_restrictedaccount_became_id_key", what_was_found),
        ("publishing_consumer_name_key", a_consumers_name),
        ("publishing_consumer_key_hash_key", a_consumers_key),
        ("publishing_publisheditem_seq_key", a_turn_in_the_feed),
    ],
)
def test_there_is_no_second(rule: str, made: Callable[[], None]) -> None:
    with refused_by(rule):
        made()
        made()
