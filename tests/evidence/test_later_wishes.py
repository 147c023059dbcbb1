"""What somebody wanted last holds: over a paper signed before it, and over their name elsewhere."""

import pytest

from evidence import consenting, erasing, ledgers, replaying
from evidence.identities import Person, record_identity
from evidence.models import (
    AnonymityWaiver,
    Audience,
    Channel,
    Consent,
    ConsentTestimony,
    Contributor,
    IdentityForm,
    PausedBy,
    Purpose,
    TestimonyUse,
)
from evidence.own_page import links
from tests import factories as make
from tests.evidence.test_ledgers import Backup
from tests.refusing import refused_by, run

pytestmark = pytest.mark.django_db

BRIEFING = {
    "purpose": Purpose.POLICY_BRIEFING,
    "audience": Audience.PARLIAMENT_MEMBERS,
    "channel": Channel.BRIEFING_PACK,
}
LAST_WORD = "consent_is_their_last_word"


# A paper that lay while they changed their mind


def paused(covered: make.Covered) -> None:
    consenting.pause(covered.consent, by=PausedBy.PERSON)


def withdrawn(covered: make.Covered) -> None:
    consenting.withdraw(covered.consent)


def taken_back(covered: make.Covered) -> None:
    consenting.withdraw_testimony(covered.consent, covered.version.testimony)


def stopped(covered: make.Covered) -> None:
    consenting.withdraw_scope(covered.consent, **BRIEFING)


def narrowed(covered: make.Covered) -> None:
    consenting.narrow(covered.consent, **BRIEFING, max_identity=IdentityForm.PARAPHRASE_ANONYMOUS)


@pytest.mark.parametrize("wish", [paused, withdrawn, taken_back, stopped, narrowed])
def test_a_paper_from_before_is_not_recorded_as_given(wish) -> None:
    covered = make.covered()
    renewal = make.renewal(covered)
    wish(covered)

    with refused_by(LAST_WORD):
        consenting.give(renewal)
    with refused_by(LAST_WORD):
        run("UPDATE evidence_consent SET state = 'given' WHERE record_id = %s", renewal.pk)

    renewal.refresh_from_db()
    renewal.event_time = make.moment(0)  # they were asked again
    renewal.save()
    consenting.give(renewal)
    assert Consent.objects.get(pk=renewal.pk).state == "given"


def test_what_was_wanted_before_it_or_of_another_account_stands_against_no_paper() -> None:
    covered, beside = make.covered(), make.covered(title="Beside")
    paused(covered)
    renewal = make.renewal(covered)
    withdrawn(beside)

    consenting.give(renewal)

    assert Consent.objects.get(pk=renewal.pk).state == "given"


def test_a_pause_of_its_own_ends_by_its_own_button() -> None:
    covered = make.covered()
    paused(covered)

    consenting.resume(covered.consent, by=PausedBy.PERSON)

    assert Consent.objects.get().state == "given"


def test_a_childs_no_is_recorded_as_one() -> None:
    def asked(title: str) -> Consent:
        account = make.testimony(title)
        consent = make.requested_consent(
            account.contributor, **make.child(14, subject_assent=False)
        )
        ConsentTestimony.objects.create(consent=consent, testimony=account)
        make.scope(consent)
        return consent

    consent = asked("One")
    consenting.refuse(consent)

    assert (consent.state, consent.subject_assent) == ("refused", False)
    with refused_by("consent_under_18_has_assent"):
        consenting.give(asked("Another"))


# The name of somebody in another's account


@pytest.fixture
def named() -> TestimonyUse:
    """A mother's account that names her daughter, who agreed to that and told her own as well."""
    theirs = make.covered(title="The daughter's own").consent
    account = make.testimony("The mother's", teller="somebody_close")
    daughter = make.person_spoken_about(account, own_consent=theirs)
    words = make.cleared(account, identity=IdentityForm.FIRST_NAME)
    consent = make.requested_consent(account.contributor)
    ConsentTestimony.objects.create(consent=consent, testimony=account)
    scope = make.scope(consent, max_identity=IdentityForm.IMAGE_VOICE)
    consenting.give(consent)
    waiver = make.signed_waiver(consent, words, complainant=daughter)
    of = make.Covered(words, consent, {Channel.BRIEFING_PACK: scope})
    return make.raw_use(of, waiver=waiver, publication="pack:one")


def daughters() -> Consent:
    return Consent.objects.get(testimonies__title="The daughter's own", renewals=None)


def withdraws() -> None:
    consenting.withdraw(daughters())


def renews_and_withdraws() -> None:
    before = daughters()
    renewal = make.requested_consent(before.contributor, replaces=before)
    ConsentTestimony.objects.create(consent=renewal, testimony=before.testimonies.get())
    make.scope(renewal)
    consenting.give(renewal)
    consenting.withdraw(renewal)


def wants_to_stay_unknown() -> None:
    daughter = daughters().contributor
    Contributor.objects.filter(pk=daughter.pk).update(lifelong_anonymity=False)
    Contributor.objects.filter(pk=daughter.pk).update(lifelong_anonymity=True)


def is_erased() -> None:
    erasing.erase(daughters().contributor)


@pytest.mark.parametrize(
    "ends", [withdraws, renews_and_withdraws, wants_to_stay_unknown, is_erased]
)
def test_who_takes_it_back_is_named_nowhere(named, ends) -> None:
    assert named.recalled_at is None

    ends()

    named.refresh_from_db()
    assert named.recalled_at is not None
    assert AnonymityWaiver.objects.get().voided_at is not None


def test_a_pause_of_theirs_or_anothers_end_leaves_the_name(named) -> None:
    beside = make.covered(title="Beside")

    consenting.pause(daughters())
    consenting.withdraw(beside.consent)
    erasing.erase(beside.consent.contributor)

    named.refresh_from_db()
    assert named.recalled_at is None


# A backup that knows how they could be reached before


def end_the_links(who: Contributor) -> None:
    links.end_links(who)


def move_house(who: Contributor) -> None:
    record_identity(who, Person("Anna", None, "new@example.org", "email"), by=make.user("lead"))


def ask_for_silence(who: Contributor) -> None:
    Contributor.objects.filter(pk=who.pk).update(do_not_contact=True)


@pytest.mark.parametrize(
    ("wish", "opens", "silent"),
    [
        (end_the_links, [False, True], [False, False]),
        (move_house, [True, True], [True, False]),
        (ask_for_silence, [True, True], [True, False]),
    ],
)
def test_a_restore_brings_back_no_way_to_reach_them_that_they_had_closed(
    wish, opens, silent
) -> None:
    people = [make.testimony(title).contributor for title in ("Anna's", "Berta's")]
    for each in people:
        mail = f"{each.pk}@example.org"
        record_identity(each, Person("Anna", None, mail, "email"), by=make.user("lead"))
        links.make_link(each, by=None)
    backup = Backup()
    wish(people[0])
    backup.restore()
    assert "does not know an act" in ledgers.why_not_to_serve()

    told = replaying.replay()

    found = [Contributor.objects.get(pk=each.pk) for each in people]
    assert [each.own_page_links.filter(ended_at=None).exists() for each in found] == opens
    assert [each.do_not_contact for each in found] == silent
    assert [str(people[0].pk) in sentence for sentence in told] == [True]
    assert ledgers.why_not_to_serve() == ""
