"""What the first page counts is what its list shows, and only for those whose matter it is."""

import pytest
from django.utils import timezone

from campaigns import notices, sending
from campaigns.models import Delivery, DeliveryState, SyncChange
from config.overview import overview
from evidence import consenting
from publishing.models import Alarm, Consumer
from tests import factories as make
from tests.campaigns import sending_world as world
from tests.config import desk_rows as rows
from tests.evidence.test_review_admin import client_of
from tests.refusing import run_as_owner

pytestmark = pytest.mark.django_db

NOW = timezone.now()
TOLD = {
    "change in Parliament to what is ours",
    "message of which nobody knows whether it went",
    "notice to send to somebody who holds a copy",
    "pack went out and still lacks its second signature",
}


@pytest.fixture
def one_of_each(settings, tmp_path) -> None:
    """Of each kind two, of which one waits."""
    settings.PACKS = tmp_path / "packs"
    lead, account = make.user("campaign lead"), make.covered()
    lost, arrived = world.reached("Lord One", "1@example.org"), world.reached("Lord Two")
    pack = world.pack(account)
    version = world.issued(pack, lost, arrived)
    sending.queue(version, by=lead)
    Delivery.objects.update(state=DeliveryState.SENDING, address="x@example.org", began_at=NOW)
    Delivery.objects.filter(copy__member=arrived).update(state=DeliveryState.SENT, ended_at=NOW)
    consenting.withdraw(account.consent)
    notices.draft()
    notices.send(version.copies.get(member=arrived).notices.get(), by=lead)
    for due in ("- interval '1 hour'", "+ interval '1 hour'"):
        later = world.issued(pack, lost)
        run_as_owner(
            f"UPDATE campaigns_packversion SET second_signature_due = now() {due} WHERE id = %s",
            later.pk,
        )
    bill = pack.stage.bill
    for is_ours in (True, False):
        SyncChange.objects.create(bill=bill, kind="new", raised_at=NOW, is_ours=is_ours)


@pytest.mark.usefixtures("one_of_each")
def test_each_count_is_what_its_list_shows():
    lead = rows.person("lead", "campaign lead")
    desk = client_of(lead)

    numbers = [each for each in overview(lead).numbers if each.one in TOLD]

    assert {each.one: each.count for each in numbers} == dict.fromkeys(TOLD, 1)
    for each in numbers:
        assert desk.get(each.url).context["cl"].result_count == 1, each.one


@pytest.mark.usefixtures("one_of_each")
def test_whoever_may_not_issue_packs_is_not_told_of_them():
    told = {each.one for each in overview(rows.person("reader")).numbers}

    assert told & TOLD == {"change in Parliament to what is ours"}


def test_a_website_that_is_late_with_a_removal_is_told_to_those_who_look_after_the_feed():
    late, done = (
        Consumer.objects.create(name=name, contact_role="the duty desk", key_hash=name)
        for name in ("The website", "A partner")
    )
    Alarm.objects.create(consumer=late, removals=1)
    Alarm.objects.create(consumer=done, removals=1, ended_at=NOW)
    keeper = rows.person("feed", "administrator")

    [number] = [each for each in overview(keeper).numbers if "removal" in each.words]

    assert (number.count, number.words) == (1, "website has not confirmed a removal")
    assert client_of(keeper).get(number.url).status_code == 200
