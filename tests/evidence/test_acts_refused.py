"""An act that does not fit is refused in a sentence, and what stood stays as it was."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from evidence import consenting, protecting, recalling, receipts, waiving
from evidence.models import (
    AccusedSignOff,
    AnonymityWaiver,
    Channel,
    Consent,
    ConsentTestimony,
    IdentityForm,
    Life,
    Outcome,
    RecallTask,
    VersionState,
)
from evidence.refusing import Refused
from evidence.renewing import renewal_of
from tests import factories as make

pytestmark = pytest.mark.django_db

type Act = Callable[[], None]


def refused(sentence: str, *acts: Act) -> None:
    """Each of them, in these words."""
    for act in acts:
        with pytest.raises(Refused) as caught:
            act()
        assert str(caught.value) == sentence


# Copies that are called back


@pytest.fixture
def task() -> RecallTask:
    covered = make.covered()
    make.raw_use(covered)
    consenting.withdraw(covered.consent)
    return RecallTask.objects.get()


def test_a_holder_is_asked_once_and_then_again(task) -> None:
    refused("The holder was not asked yet.", lambda: recalling.chase_again(task))
    recalling.mark_asked(task)
    asked_at = RecallTask.objects.get().asked_at

    refused("The holder was asked already.", lambda: recalling.mark_asked(task))

    assert RecallTask.objects.get().asked_at == asked_at


def test_a_recall_ends_once_and_with_what_became_of_the_copy(task) -> None:
    unsaid = "Say what became of the copy."
    refused(unsaid, lambda: recalling.close(task, ""), lambda: recalling.close(task, Outcome.ASKED))
    recalling.close(task, Outcome.DESTROYED)

    refused(
        "The recall is closed.",
        lambda: recalling.close(task, Outcome.NO_REPLY),
        lambda: recalling.mark_asked(task),
        lambda: recalling.chase_again(task),
    )

    assert RecallTask.objects.get().use.outcome == Outcome.DESTROYED


# Sign-offs


def test_a_death_is_decided_on_once_and_only_where_there_was_one() -> None:
    account = make.testimony()
    living = make.person_spoken_about(account)
    died = make.person_spoken_about(account, life=Life.DIED)
    one, other = make.user("lead"), make.user("other lead")
    refused("No death is recorded here.", lambda: protecting.review_death(living, by=one))
    refused(
        "Whoever noted a death cannot review it: ask a colleague.",
        lambda: protecting.review_death(died, by=died.death_noted_by),
    )
    protecting.review_death(died, by=one)

    refused("That is decided already.", lambda: protecting.review_death(died, by=other))

    died.refresh_from_db()
    living.refresh_from_db()
    assert (died.death_reviewed_by, living.death_reviewed_by) == (one, None)


def test_an_accused_person_is_signed_for_once_and_nobody_else_is() -> None:
    words = make.version(make.testimony())
    nobody = "Nobody accused can be recognised in it without a signature."
    one, other = make.user("lawyer"), make.user("other lawyer")
    make.person_spoken_about(words.testimony)
    make.person_spoken_about(words.testimony, is_complainant=False, is_accused=True)
    refused(nobody, lambda: protecting.sign_for_accused(words, by=one))
    accused = make.person_spoken_about(
        words.testimony, is_complainant=False, is_accused=True, is_identifiable=True
    )
    refused(
        "Whoever wrote it cannot sign it for the law.",
        lambda: protecting.sign_for_accused(words, by=words.written_by),
    )
    protecting.sign_for_accused(words, by=one)

    refused(nobody, lambda: protecting.sign_for_accused(words, by=other))

    signed = AccusedSignOff.objects.get()
    assert (signed.person, signed.version, signed.signed_by) == (accused, words, one)


def test_each_version_waits_for_a_signature_for_each_accused_who_can_be_recognised_in_it() -> None:
    account, lawyer = make.testimony(), make.user("lawyer")
    recognised = {"is_complainant": False, "is_accused": True, "is_identifiable": True}
    one = make.person_spoken_about(account, **recognised)
    for fields in ({"is_accused": True}, {"is_identifiable": True}):
        make.person_spoken_about(account, is_complainant=False, **fields)
    old, first = (make.cleared(account, identity=IdentityForm.PSEUDONYM) for _ in range(2))
    second = make.version(account)
    other = make.version(make.testimony("Another account"))
    old.refresh_from_db()
    assert old.state == VersionState.SUPERSEDED
    assert set(protecting.unsigned_versions()) == {first, second}
    assert not protecting.is_unsigned(other)

    protecting.sign_for_accused(first, by=lawyer)

    assert [signed.person for signed in AccusedSignOff.objects.all()] == [one]
    assert set(protecting.unsigned_versions()) == {second}
    another = make.person_spoken_about(account, **recognised)
    assert set(protecting.unsigned_versions()) == {first, second}
    protecting.sign_for_accused(first, by=lawyer)
    signed = AccusedSignOff.objects.values_list("person", "version")
    assert set(signed) == {(one.pk, first.pk), (another.pk, first.pk)}
    assert set(protecting.unsigned_versions()) == {second}


def test_what_protects_less_is_agreed_to_once_and_by_somebody_else() -> None:
    person = make.person_spoken_about(make.testimony())
    one, other = make.user("lead"), make.user("other lead")
    nothing = "Nothing waits to be agreed to here."
    refused(nothing, lambda: protecting.agree(person, by=other), lambda: protecting.drop(person))
    person.is_complainant = False
    protecting.note(person, by=one)
    refused(
        "Whoever proposed it cannot agree to it: ask a colleague.",
        lambda: protecting.agree(person, by=one),
    )
    protecting.agree(person, by=other)

    refused(nothing, lambda: protecting.agree(person, by=other), lambda: protecting.drop(person))

    person.refresh_from_db()
    assert not person.is_complainant


def test_a_restriction_ends_once_and_by_somebody_else() -> None:
    restriction = make.restriction(make.testimony())
    one, other = make.user("lawyer"), make.user("other lawyer")
    refused(
        "Who noted a restriction cannot end it: ask somebody else to sign.",
        lambda: protecting.end_restriction(restriction, by=restriction.noted_by),
    )
    protecting.end_restriction(restriction, by=one)

    refused("The restriction has ended.", lambda: protecting.end_restriction(restriction, by=other))

    restriction.refresh_from_db()
    assert restriction.ended_by == one


@pytest.fixture
def waiver() -> AnonymityWaiver:
    named = make.named()
    return make.waiver(named.consent, named.version)


def test_a_waiver_is_checked_once_and_signed_once_by_two_people(waiver) -> None:
    lead, lawyer, third = make.user("lead"), make.user("lawyer"), make.user("third")
    waiving.check_pressure(waiver, by=lead)
    refused("That is checked already.", lambda: waiving.check_pressure(waiver, by=third))
    refused(
        "Who checked for pressure cannot sign for the law too.",
        lambda: waiving.sign_off(waiver, by=lead),
    )
    waiving.sign_off(waiver, by=lawyer)
    refused("It is signed for the law already.", lambda: waiving.sign_off(waiver, by=third))

    waiver.refresh_from_db()
    assert (waiver.pressure_checked_by, waiver.legal_sign_off_by) == (lead, lawyer)


def test_who_signed_for_the_law_does_not_check_for_pressure(waiver) -> None:
    lawyer = make.user("lawyer")
    waiving.sign_off(waiver, by=lawyer)

    refused(
        "Who signed for the law cannot check for pressure too.",
        lambda: waiving.check_pressure(waiver, by=lawyer),
    )


def test_what_is_void_is_neither_signed_nor_voided_again(waiver) -> None:
    waiving.void(waiver)
    voided_at = AnonymityWaiver.objects.get().voided_at

    refused(
        "The waiver is void, and stays so.",
        lambda: waiving.void(waiver),
        lambda: waiving.check_pressure(waiver, by=make.user("lead")),
        lambda: waiving.sign_off(waiver, by=make.user("lawyer")),
    )

    assert AnonymityWaiver.objects.get().voided_at == voided_at


# Consents


def test_nothing_is_given_that_covers_no_account_or_permits_nothing() -> None:
    account = make.testimony()
    of_nothing, to_nothing = (make.requested_consent(account.contributor) for _ in range(2))
    make.scope(of_nothing)
    ConsentTestimony.objects.create(consent=to_nothing, testimony=account)

    refused(
        "List the testimonies that the consent covers first.", lambda: consenting.give(of_nothing)
    )
    refused(
        "Say what the consent permits first: what is not permitted is denied.",
        lambda: consenting.give(to_nothing),
    )

    assert set(Consent.objects.values_list("state", flat=True)) == {"requested"}


def test_a_receipt_is_for_what_was_given_and_for_once() -> None:
    account = make.testimony()
    asked = make.requested_consent(account.contributor)
    ConsentTestimony.objects.create(consent=asked, testimony=account)
    make.scope(asked)
    refused("A receipt is given for a consent that is given.", lambda: receipts.issue(asked))
    consenting.give(asked)
    receipts.issue(asked)
    issued_at = asked.receipt_issued_at

    refused("The receipt was issued already: print it again.", lambda: receipts.issue(asked))

    asked.refresh_from_db()
    assert asked.receipt_issued_at == issued_at


def test_an_account_that_was_taken_back_is_on_no_receipt_and_in_no_renewal() -> None:
    covered = make.covered(Channel.BRIEFING_PACK, title="Kept")
    consent = make.requested_consent(covered.consent.contributor)
    kept, taken = (
        make.testimony(title, contributor=covered.consent.contributor)
        for title in ("Kept too", "Taken back")
    )
    for account in (kept, taken):
        ConsentTestimony.objects.create(consent=consent, testimony=account)
    make.scope(consent)
    consenting.give(consent)
    consent.refresh_from_db()
    consenting.withdraw_testimony(consent, taken)

    receipt, renewal = receipts.receipt_of(consent), renewal_of(str(consent.pk))

    assert receipt.accounts == ("Kept too",)
    assert renewal is not None
    assert renewal.testimonies == [{"testimony": kept.pk}]
    assert renewal.fields["validity"][0] <= timezone.now()
