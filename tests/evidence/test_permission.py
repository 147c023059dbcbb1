"""One predicate on use: a table of cases, and the reasons that an officer reads."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from evidence import consenting, waiving
from evidence.models import (
    Audience,
    Channel,
    Decision,
    IdentityForm,
    Proceedings,
    Purpose,
    Safeguarding,
)
from evidence.permission import Use, may_be_used, refusals
from evidence.refusing import Refused
from evidence.uses import record_use
from tests import factories as make

pytestmark = pytest.mark.django_db

PACK = Use(
    Purpose.POLICY_BRIEFING,
    Audience.PARLIAMENT_MEMBERS,
    Channel.BRIEFING_PACK,
    timezone.localdate(),
)
PLACE = "pack:one"


def on(day: date) -> Use:
    return replace(PACK, at=day)


def denied(covered: make.Covered) -> None:
    make.scope(covered.consent, decision=Decision.DENY)


def narrowed(covered: make.Covered) -> None:
    make.scope(covered.consent, max_identity=IdentityForm.VERBATIM_ANONYMOUS)


def flagged(covered: make.Covered) -> None:
    covered.version.testimony.safeguarding = Safeguarding.OPEN
    covered.version.testimony.save()


def in_court(covered: make.Covered) -> None:
    covered.version.testimony.proceedings = Proceedings.ACTIVE
    covered.version.testimony.save()


def paused(covered: make.Covered) -> None:
    consenting.pause(covered.consent)


def withdrawn(covered: make.Covered) -> None:
    consenting.withdraw(covered.consent)


def taken_back(covered: make.Covered) -> None:
    consenting.withdraw_testimony(covered.consent, covered.version.testimony)


def restricted(covered: make.Covered) -> None:
    make.restriction(covered.version.testimony)


def test_a_stranger_to_every_consent_is_refused() -> None:
    lonely = make.cleared(make.testimony())

    assert refusals(lonely, PACK) == ["No consent record is held for it."]
    assert not may_be_used(PACK).exists()


def test_what_is_covered_may_be_used() -> None:
    covered = make.covered()

    permitted = may_be_used(PACK).get()

    assert (permitted, permitted.consent_id, permitted.scope_id) == (
        covered.version,
        covered.consent.pk,
        covered.scopes[Channel.BRIEFING_PACK].pk,
    )
    assert refusals(covered.version, PACK) == []


@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        (denied, "The person has withdrawn this: briefing pack."),
        (
            narrowed,
            "The consent does not let the person be recognised as far as this version does.",
        ),
        (flagged, "Safeguarding is open: it has to be settled first."),
        (in_court, "Legal proceedings are active: they have to be settled first."),
        (paused, "Consent {number} is paused."),
        (withdrawn, "Consent {number} is withdrawn."),
        (taken_back, "The person has withdrawn this account."),
        (restricted, "A reporting restriction is open."),
    ],
)
def test_each_refusal_says_why(happens, reason: str) -> None:
    """Its own: what stands against an account beside it is not said of this one."""
    beside = make.covered(title="Beside it")
    restricted(beside)
    covered = make.covered()
    happens(covered)

    assert refusals(covered.version, PACK) == [
        reason.format(number=str(covered.consent.pk)[:8]),
    ]
    assert not may_be_used(PACK).exists()


@pytest.mark.parametrize("audience", [Audience.STAFF_NAMED, Audience.PARLIAMENTARIAN_NAMED])
def test_what_is_permitted_for_named_readers_is_sent_by_hand(audience: str) -> None:
    account = make.testimony()
    words = make.cleared(account)
    consent = make.requested_consent(account.contributor)
    consent.listed.create(testimony=account)
    make.scope(consent, audience=audience)
    consenting.give(consent)
    use = Use(PACK.purpose, audience, PACK.channel, PACK.at)

    assert not may_be_used(use).exists()
    assert refusals(words, use) == [
        "Attest does not know which readers the person named: send it to them by hand, and note "
        "that."
    ]


@pytest.mark.parametrize(
    "use",
    [
        Use(Purpose.MEDIA, PACK.audience, PACK.channel, PACK.at),
        Use(PACK.purpose, Audience.PRESS, PACK.channel, PACK.at),
        Use(PACK.purpose, PACK.audience, Channel.SPEECH, PACK.at),
    ],
    ids=str,
)
def test_what_no_row_permits_is_denied(use: Use) -> None:
    covered = make.covered()

    assert not may_be_used(use).exists()
    assert refusals(covered.version, use)[0].startswith("The consent does not cover this: ")


def test_a_consent_that_ends_before_the_day_of_use_does_not_reach_it() -> None:
    ends = make.moment(10)
    covered = make.covered(validity=(make.moment(-30), ends), review_due=make.moment(5).date())
    day = (ends + timedelta(days=2)).date()

    number = str(covered.consent.pk)[:8]
    assert refusals(covered.version, on(day)) == [
        f"Consent {number} ends on {ends.day} {ends:%B %Y}, before the day of use, "
        f"{day.day} {day:%B %Y}."
    ]
    assert may_be_used(on((ends - timedelta(days=2)).date())).exists()


def test_a_consent_that_starts_later_reaches_no_day_yet() -> None:
    starts = make.moment(3)
    covered = make.covered(validity=(starts, make.moment(300)), review_due=make.moment(200).date())

    number = str(covered.consent.pk)[:8]
    assert refusals(covered.version, on((starts + timedelta(days=2)).date())) == [
        f"Consent {number} starts on {starts.day} {starts:%B %Y}."
    ]
    assert not may_be_used(on((starts + timedelta(days=2)).date())).exists()


def test_after_a_renewal_only_what_it_permits_counts() -> None:
    covered = make.covered()
    consenting.give(make.renewal(covered, Channel.SPEECH))

    assert refusals(covered.version, PACK) == ["The consent does not cover this: briefing pack."]
    assert not may_be_used(PACK).exists()


def test_an_expired_consent_says_when_it_ended() -> None:
    ended = make.moment(-1)
    covered = make.covered(validity=(make.moment(-60), ended), review_due=make.moment(-30).date())

    number = str(covered.consent.pk)[:8]
    assert refusals(covered.version, PACK) == [
        f"Consent {number} ended on {ended.day} {ended:%B %Y}."
    ]


def test_words_that_are_not_cleared_are_refused() -> None:
    covered = make.covered()
    draft = make.version(covered.version.testimony, "Other words")

    assert refusals(draft, PACK) == ["This version is draft, not cleared."]


def test_recording_a_refused_use_says_why_and_writes_nothing() -> None:
    covered = make.covered()
    withdrawn(covered)

    with pytest.raises(Refused, match="is withdrawn"):
        record_use(covered.version, PACK, artefact_sha256="a" * 64)
    assert not covered.version.uses.exists()


def test_the_predicate_and_the_database_agree() -> None:
    cases = [make.covered(title=name) for name in ("plain", "denied", "paused", "flagged")]
    for covered, happens in zip(cases[1:], (denied, paused, flagged), strict=True):
        happens(covered)

    assert [case.version for case in cases if not refusals(case.version, PACK)] == [
        cases[0].version
    ]
    assert list(may_be_used(PACK)) == [cases[0].version]


SETTLED = {
    "safeguarding": {Safeguarding.NONE, Safeguarding.REFERRED, Safeguarding.NO_FURTHER_ACTION},
    "proceedings": {Proceedings.NONE, Proceedings.CONCLUDED},
}


@pytest.mark.parametrize(
    ("flag", "state"),
    [("safeguarding", each) for each in Safeguarding]
    + [("proceedings", each) for each in Proceedings],
)
def test_only_what_is_settled_may_be_used(flag: str, state: str) -> None:
    """What nobody has assessed is no better than what is open."""
    covered = make.covered()
    setattr(covered.version.testimony, flag, state)
    covered.version.testimony.save()

    assert may_be_used(PACK).exists() == (state in SETTLED[flag])
    assert bool(refusals(covered.version, PACK)) == (state not in SETTLED[flag])


def test_of_all_waivers_the_one_that_holds_permits() -> None:
    """Beside it: of other words, void, half signed, and under the consent of before."""
    named = make.named()
    words, before = named.version, named.consent
    other_words = make.cleared(words.testimony, "My words.", identity=IdentityForm.IMAGE_VOICE)
    make.signed_waiver(before, other_words, PLACE)
    waiving.void(make.signed_waiver(before, words, PLACE))
    renewal = make.requested_consent(before.contributor, replaces=before)
    renewal.listed.create(testimony=words.testimony)
    make.scope(renewal, max_identity=IdentityForm.IMAGE_VOICE)
    consenting.give(renewal)
    waiving.check_pressure(make.waiver(renewal, words, PLACE), by=make.user("lead"))
    waiving.sign_off(make.waiver(renewal, words, PLACE), by=make.user("lawyer"))
    make.signed_waiver(renewal, words, "pack:other")
    by_name = replace(PACK, publication=PLACE)
    assert not may_be_used(by_name).exists()

    holds = make.signed_waiver(renewal, words, PLACE)

    permitted = may_be_used(by_name).get()
    assert (permitted, permitted.consent_id, permitted.waiver_id) == (words, renewal.pk, holds.pk)
