"""Not before, not after; and one signature on deadline night."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from campaigns import second_signing, sending
from campaigns.building import build
from campaigns.models import Delivery, Pack
from campaigns.models.packs import in_words
from campaigns.verifying import Answer, answer_for_copy
from evidence import review
from evidence.refusing import Refused
from tests import factories as make
from tests.campaigns import packing
from tests.campaigns.sending_world import issued, pack
from tests.refusing import refused_by, run, run_as_owner

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files_of_the_test(settings, tmp_path) -> None:
    settings.PACKS = tmp_path / "packs"


# Embargo and expiry


def test_files_and_previews_say_until_when() -> None:
    of = pack(not_before=make.moment(1))
    told = f"Embargoed until {in_words(of.not_before)}"

    version = issued(of)

    assert told.upper() in packing.words_of(bytes(version.content)).upper()
    for format in ("pdf", "html"):
        assert told.upper() in packing.words_of(build(of, format)[0]).upper()


def test_without_an_embargo_nothing_is_said_of_one() -> None:
    assert "EMBARGO" not in packing.words_of(bytes(issued(pack()).content)).upper()


def test_sending_waits_for_its_moment() -> None:
    version = issued(pack(not_before=make.moment(1)))
    sending.queue(version, by=make.user("lead"))
    sending.send_due()
    assert mail.outbox == []

    run_as_owner("UPDATE campaigns_delivery SET not_before = now() - interval '1 second'")
    sending.send_due()

    [message] = mail.outbox
    assert f"Embargoed until {in_words(version.not_before)}." in message.body


def test_after_its_end_nothing_is_issued_queued_or_sent() -> None:
    of = pack(not_after=make.moment(1))
    version = issued(of)
    copy = version.copies.get()
    sending.queue(version, by=make.user("lead"))
    run_as_owner("UPDATE campaigns_packversion SET not_after = now()")
    version.refresh_from_db()

    sending.send_due()

    [delivery] = Delivery.objects.all()
    assert (delivery.state, mail.outbox) == ("withheld", [])
    assert delivery.why.startswith("It expired on ")
    with pytest.raises(Refused, match="It expired on"):
        sending.queue(version, by=make.user("lead"))
    assert answer_for_copy(str(copy.pk)) in {Answer.EXPIRED, Answer.UNKNOWN}


def test_an_expired_pack_is_not_issued() -> None:
    with pytest.raises(Refused, match="nothing is issued of it"):
        issued(pack(not_after=timezone.now() - timedelta(minutes=1)))


def test_it_does_not_end_before_it_begins() -> None:
    with refused_by("pack_expires_after_its_embargo"):
        packing.pack(not_before=make.moment(2), not_after=make.moment(1))


# One signature


@pytest.fixture
def deadline_night(settings) -> None:
    settings.PACKS_ONE_SIGNATURE = True


def submitted(*accounts: make.Covered) -> Pack:
    chosen = [("summary", [packing.ask()]), ("problem", [packing.figure()])]
    made = packing.pack(*chosen, ("case_study", [each.version for each in accounts]))
    review.submit(made, by=make.user("officer"))
    return made


def test_it_is_off_by_itself() -> None:
    with pytest.raises(Refused, match="a second person has to approve it first"):
        issued(submitted())


@pytest.mark.usefixtures("deadline_night")
def test_one_signature_will_do_and_the_second_is_due_in_a_working_day() -> None:
    version = issued(submitted())

    assert version.second_signature_due > version.issued_at
    assert version.second_signature_due - version.issued_at <= timedelta(days=3, hours=1)
    assert list(second_signing.unsigned()) == [version]
    assert not second_signing.overdue().exists()


@pytest.mark.usefixtures("deadline_night")
def test_never_with_testimony() -> None:
    with pytest.raises(Refused, match="holds testimony"):
        issued(submitted(make.covered()))


@pytest.mark.usefixtures("deadline_night")
def test_the_database_never_lets_testimony_out_with_one_signature() -> None:
    version = issued(pack(make.covered()))
    run_as_owner("UPDATE campaigns_packversion SET second_signature_due = now()")
    use = make.raw_use(make.covered(title="Another"))

    with refused_by("one_signature_never_with_testimony"):
        run(
            "INSERT INTO campaigns_copyuse (copy_id, use_id) VALUES (%s, %s)",
            version.copies.get().pk,
            use.pk,
        )


@pytest.mark.usefixtures("deadline_night")
def test_a_draft_goes_out_by_nobodys_signature() -> None:
    with pytest.raises(Refused, match="is draft"):
        issued(packing.pack(("summary", [packing.ask()])))


@pytest.mark.usefixtures("deadline_night")
def test_the_second_is_another_persons() -> None:
    version = issued(submitted())
    for who in ("campaign lead", "officer"):
        with pytest.raises(Refused, match="cannot sign it too"):
            second_signing.sign(version, by=make.user(who))

    second_signing.sign(version, by=make.user("reviewer"))

    assert not second_signing.unsigned().exists()
    with pytest.raises(Refused, match="No second signature is wanted"):
        second_signing.sign(version, by=make.user("lead"))


@pytest.mark.usefixtures("deadline_night")
def test_it_is_overdue_after_that() -> None:
    version = issued(submitted())
    run_as_owner("UPDATE campaigns_packversion SET second_signature_due = now()")

    assert list(second_signing.overdue()) == [version]


def test_no_second_signature_where_two_were_given() -> None:
    with pytest.raises(Refused, match="No second signature is wanted"):
        second_signing.sign(issued(pack()), by=make.user("reviewer"))
