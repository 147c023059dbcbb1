"""The consent register and the withdrawal from the command line."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from evidence import consenting, waiving
from evidence.models import Channel, Consent, RecallTask
from evidence.uses import record_use
from evidence.website import put_on_website
from publishing.models import PublishedItem
from tests import factories as make
from tests.evidence.test_permission import PACK

pytestmark = pytest.mark.django_db


def consents() -> list[dict[str, object]]:
    out = StringIO()
    call_command("consents", format="json", stdout=out)
    return json.loads(out.getvalue())["consents"]


@pytest.fixture
def used() -> make.Covered:
    covered = make.covered(Channel.BRIEFING_PACK, Channel.WEBSITE_FEED, title="A story")
    put_on_website(covered.version.testimony)
    record_use(covered.version, PACK, artefact_sha256="a" * 64)
    return covered


def test_the_register_says_what_rests_on_a_consent_and_not_whose_it_is(used) -> None:
    consent, testimony = used.consent, used.version.testimony
    copy = testimony.uses.get(feed_item=None)

    assert consents() == [
        {
            "id": str(consent.pk),
            "state": "given",
            "given_at": consent.event_time.isoformat(),
            "valid_from": consent.validity.lower.isoformat(),
            "valid_until": consent.validity.upper.isoformat(),
            "review_due": consent.review_due.isoformat(),
            "replaces": None,
            "notice": {
                "version": "2026-01",
                "language": "en-GB",
                "sha256": consent.notice.sha256,
            },
            "scopes": [
                {
                    "purpose": "policy_briefing",
                    "audience": "parliament_members",
                    "channel": "briefing_pack",
                    "decision": "permit",
                    "max_identity": "Pseudonym",
                },
                {
                    "purpose": "public_awareness",
                    "audience": "public",
                    "channel": "website_feed",
                    "decision": "permit",
                    "max_identity": "Pseudonym",
                },
            ],
            "testimonies": [str(testimony.public_id)],
            "withdrawn_testimonies": [],
            "waivers": [],
            "feed_items": [str(testimony.public_id)],
            "copies": [str(copy.pk)],
        }
    ]


def test_the_register_says_where_somebody_may_be_named_and_not_what_is_told(used) -> None:
    waiver = make.waiver(used.consent, used.version, "outlet:The Example", matter="Canary")
    states = [consents()[0]["waivers"][0]["state"]]
    for act in (
        lambda: waiving.check_pressure(waiver, by=make.user("one")),
        lambda: waiving.sign_off(waiver, by=make.user("two")),
        lambda: waiving.void(waiver),
    ):
        act()
        states.append(consents()[0]["waivers"][0]["state"])

    assert states == ["unsigned", "unsigned", "holds", "void"]
    assert consents()[0]["waivers"] == [
        {
            "id": str(waiver.pk),
            "publication": "outlet:The Example",
            "version": str(used.version.public_id),
            "state": "void",
        }
    ]


def test_the_register_says_which_account_was_withdrawn(used) -> None:
    testimony = used.version.testimony
    consenting.withdraw_testimony(used.consent, testimony)

    assert consents()[0]["withdrawn_testimonies"] == [str(testimony.public_id)]


def test_withdrawing_takes_the_item_off_and_opens_a_recall(used) -> None:
    call_command("withdraw_consent", str(used.consent.pk), stdout=StringIO())

    assert Consent.objects.get().state == "withdrawn"
    assert not PublishedItem.objects.exists()
    assert RecallTask.objects.count() == 1
    assert (consents()[0]["feed_items"], consents()[0]["copies"]) == ([], [])


@pytest.mark.parametrize(
    ("scope", "done"),
    [
        (None, "Withdrawn. Left the website: 1. Copies that are being called back: 1.\n"),
        ("policy_briefing:parliament_members:briefing_pack",
         "Withdrawn. Copies that are being called back: 1.\n"),
        ("public_awareness:public:website_feed", "Withdrawn. Left the website: 1.\n"),
    ],
)  # fmt: skip
def test_it_says_what_was_called_back_also_of_what_a_renewal_left(used, scope, done) -> None:
    renewal = make.renewal(used, Channel.BRIEFING_PACK, Channel.WEBSITE_FEED)
    consenting.give(renewal)
    out = StringIO()

    call_command("withdraw_consent", str(renewal.pk), scope=scope, stdout=out)

    assert out.getvalue() == done


def test_withdrawing_one_scope_leaves_the_rest(used) -> None:
    call_command(
        "withdraw_consent",
        str(used.consent.pk),
        scope="public_awareness:public:website_feed",
        stdout=StringIO(),
    )

    assert Consent.objects.get().state == "given"
    assert not PublishedItem.objects.exists()
    assert not RecallTask.objects.exists()


def test_withdrawing_one_account_leaves_the_consent(used) -> None:
    out = StringIO()
    record, account = str(used.consent.pk), str(used.version.testimony.public_id)
    call_command("withdraw_consent", record, testimony=account, stdout=out)

    assert out.getvalue() == (
        "Withdrawn. Left the website: 1. Copies that are being called back: 1.\n"
    )
    assert Consent.objects.get().state == "given"
    assert consents()[0]["withdrawn_testimonies"] == [str(used.version.testimony.public_id)]
    for sentence, more in (
        ("does not cover that account", {"testimony": str(make.testimony("Another").public_id)}),
        ("not both", {"testimony": account, "scope": "media:press:social"}),
    ):
        with pytest.raises(CommandError, match=sentence):
            call_command("withdraw_consent", record, **more)


@pytest.mark.parametrize(
    ("scope", "sentence"),
    [
        ("media:press:social", "does not permit that"),
        ("website_feed", "Write the scope as purpose:audience:channel"),
    ],
)
def test_a_scope_that_is_not_there_is_refused(used, scope: str, sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("withdraw_consent", str(used.consent.pk), scope=scope)


def test_an_unknown_record_is_refused_in_a_sentence() -> None:
    with pytest.raises(CommandError, match="There is no consent record"):
        call_command("withdraw_consent", "00000000-0000-0000-0000-000000000000")
