"""Waivers of anonymity: one publication, one version, one consent, two signatures. Raw SQL."""

import pytest
from django.utils import timezone

from evidence import consenting, waiving, website
from evidence.models import (
    AnonymityWaiver,
    Channel,
    ConsentTestimony,
    IdentityForm,
    Life,
    RecallTask,
    TestimonyUse,
)
from evidence.permission import Use
from evidence.uses import record_use
from publishing.models import PublishedItem
from tests import factories as make
from tests.refusing import refused_by, refused_by_grant, run, run_past_the_rules

pytestmark = pytest.mark.django_db

PACK = "pack:one"
THEIRS = "testimony_use_by_name_needs_their_waiver"
CAPPED = "testimony_use_capped_by_the_complainant"


def sign(waiver: AnonymityWaiver, change: str, *params: object) -> None:
    run(f"UPDATE evidence_anonymitywaiver SET {change} WHERE id = %s", *params, waiver.pk)


def by_name(covered: make.Covered, waiver: AnonymityWaiver | None, **fields: object):
    return make.raw_use(covered, **{"waiver": waiver, "publication": PACK, **fields})


@pytest.fixture
def named() -> make.Covered:
    return make.named()


def test_a_waiver_that_two_people_signed_carries_the_name(named) -> None:
    waiver = make.signed_waiver(named.consent, named.version)

    assert by_name(named, waiver).waiver == waiver


@pytest.mark.parametrize(("age", "fits"), [(11, False), (16, False), (22, True), (33, False)])
def test_the_age_is_one_that_their_consent_gives_for_that_day(named, age: int, fits: bool) -> None:
    """Who is 34 now was 22 twelve years ago, whatever is typed."""
    signed = {"signed_at": make.moment(-12 * 365), "age_when_signed": age}
    if fits:
        assert make.waiver(named.consent, named.version, **signed).pk
        return
    rule = "anonymity_waiver_from_16" if age < 16 else "anonymity_waiver_age_fits_their_consent"
    with refused_by(rule):
        make.waiver(named.consent, named.version, **signed)


def test_of_several_waivers_the_one_that_holds_for_these_words_is_named(named) -> None:
    """Each of the others differs in one thing, and was there before."""
    account, old = named.version.testimony, named.consent
    others = make.cleared(account, identity=IdentityForm.FULL_NAME)
    make.signed_waiver(old, named.version, PACK)
    consent = make.requested_consent(old.contributor, replaces=old)
    ConsentTestimony.objects.create(consent=consent, testimony=account)
    make.scope(consent, max_identity=IdentityForm.IMAGE_VOICE)
    consenting.give(consent)
    make.signed_waiver(consent, others, PACK)
    make.signed_waiver(consent, named.version, "pack:another")
    waiving.check_pressure(make.waiver(consent, named.version, PACK), by=make.user("lead"))
    waiving.sign_off(make.waiver(consent, named.version, PACK), by=make.user("lawyer"))
    waiving.void(make.signed_waiver(consent, named.version, PACK))
    holds = make.signed_waiver(consent, named.version, PACK)
    use = Use(
        "policy_briefing", "parliament_members", "briefing_pack", timezone.localdate(),
        publication=PACK,
    )  # fmt: skip

    used = record_use(named.version, use, artefact_sha256="a" * 64)

    assert used.waiver == holds


# Recording it


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"age_when_signed": 15}, "anonymity_waiver_from_16"),
        ({"given_by": "parent"}, "anonymity_waiver_by_the_complainant"),
        ({"given_by": "other"}, "anonymity_waiver_by_the_complainant"),
        ({"publication": "everywhere"}, "anonymity_waiver_publication_is_named"),
        ({"publication": ""}, "anonymity_waiver_publication_is_named"),
        ({"publication": "pack:"}, "anonymity_waiver_publication_is_named"),
        ({"publication": "pack:one website"}, "anonymity_waiver_publication_is_named"),
        ({"publication": "outlet:"}, "anonymity_waiver_publication_is_named"),
        ({"document_sha256": "none"}, "anonymity_waiver_document_is_hashed"),
        ({"signed_at": make.moment(1)}, "anonymity_waiver_not_in_the_future"),
    ],
)
def test_what_is_no_waiver_is_not_recorded(named, fields: dict[str, object], rule: str) -> None:
    with refused_by(rule):
        make.waiver(named.consent, named.version, **fields)


@pytest.mark.parametrize(
    ("publication", "age"), [("website", 16), ("pack:one-2", 17), ("outlet:The Paper", 34)]
)
def test_what_is_one_is(named, publication: str, age: int) -> None:
    assert make.waiver(named.consent, named.version, publication, age_when_signed=age).pk


def test_it_is_not_taken_in_scotland() -> None:
    scottish = make.named(jurisdiction="SC")

    with refused_by("anonymity_waiver_not_in_scotland"):
        make.waiver(scottish.consent, scottish.version)


def test_it_is_of_an_account_that_its_consent_lists(named) -> None:
    other = make.covered(title="Another account")

    with refused_by("anonymity_waiver_of_a_listed_testimony"):
        make.waiver(named.consent, other.version)


def test_it_is_recorded_first_and_signed_afterwards(named) -> None:
    for who in ("pressure_checked", "legal_sign_off"):
        with refused_by("anonymity_waiver_is_signed_later"):
            make.waiver(
                named.consent,
                named.version,
                **{f"{who}_by": make.user("lead"), f"{who}_at": make.moment(0)},
            )


def test_who_tells_of_somebody_else_waives_nothing(named) -> None:
    run("UPDATE evidence_testimony SET teller = 'somebody_close'")

    with refused_by("anonymity_waiver_by_a_complainant_of_it"):
        make.waiver(named.consent, named.version)


@pytest.mark.parametrize("fields", [{"is_complainant": False}, {"life": Life.DIED}])
def test_only_a_living_complainant_waives(named, fields: dict[str, object]) -> None:
    person = make.person_spoken_about(named.version.testimony, **fields)

    with refused_by("anonymity_waiver_by_a_complainant_of_it"):
        make.waiver(named.consent, named.version, complainant=person)


def test_a_complainant_of_another_account_waives_nothing_here(named) -> None:
    person = make.person_spoken_about(make.testimony("Another account"))

    with refused_by("anonymity_waiver_by_a_complainant_of_it"):
        make.waiver(named.consent, named.version, complainant=person)


# Signing it


def test_one_person_does_not_sign_twice(named) -> None:
    waiver = make.waiver(named.consent, named.version)
    lead = make.user("lead").pk
    sign(waiver, "pressure_checked_by_id = %s, pressure_checked_at = now()", lead)

    with refused_by("anonymity_waiver_two_people_sign"):
        sign(waiver, "legal_sign_off_by_id = %s, legal_sign_off_at = now()", lead)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("pressure_checked_at = now()", "anonymity_waiver_checked_by_and_at"),
        ("legal_sign_off_at = now()", "anonymity_waiver_signed_off_by_and_at"),
    ],
)
def test_a_date_signs_nothing(named, change: str, rule: str) -> None:
    waiver = make.waiver(named.consent, named.version)

    with refused_by(rule):
        sign(waiver, change)


@pytest.mark.parametrize("who", ["pressure_checked", "legal_sign_off"])
def test_what_was_signed_is_not_signed_anew(named, who: str) -> None:
    waiver = make.signed_waiver(named.consent, named.version)

    for change in (
        f"{who}_by_id = recorded_by_id, {who}_at = now()",
        f"{who}_by_id = NULL, {who}_at = NULL",
        f"{who}_at = now() - interval '1 year'",
    ):
        with refused_by("anonymity_waiver_is_not_edited"):
            sign(waiver, change)


@pytest.mark.parametrize(
    "column",
    ["consent_id", "version_id", "publication", "matter", "signed_at", "age_when_signed"],
)
def test_a_waiver_is_never_rewritten(named, column: str) -> None:
    make.waiver(named.consent, named.version)

    with refused_by_grant():
        run(f"UPDATE evidence_anonymitywaiver SET {column} = {column}")
    with refused_by_grant():
        run("DELETE FROM evidence_anonymitywaiver")


# Under which consents, and of whom


SCOTLAND = "anonymity_waiver_not_in_scotland"
OF_A_CHILD = "anonymity_waiver_not_of_a_child"
LIFELONG = "anonymity_waiver_not_while_lifelong"
SIGNATURES = (
    "pressure_checked_by_id = recorded_by_id, pressure_checked_at = now()",
    "legal_sign_off_by_id = recorded_by_id, legal_sign_off_at = now()",
)
MOVED = [
    ("jurisdiction = 'SC'", "consent_in_scotland_has_no_waiver", SCOTLAND),
    (
        "age_at_consent = 15, competence = 'gillick_assessed_competent', subject_assent = true",
        "consent_of_a_child_has_no_waiver",
        OF_A_CHILD,
    ),
]


def asked() -> make.Covered:
    """A consent that nobody has given yet, under which a waiver may be recorded ahead."""
    words = make.cleared(make.testimony(), identity=IdentityForm.FIRST_NAME)
    consent = make.requested_consent(words.testimony.contributor)
    ConsentTestimony.objects.create(consent=consent, testimony=words.testimony)
    return make.Covered(words, consent, {})


@pytest.mark.parametrize(("change", "rule", "_"), MOVED)
def test_a_consent_with_a_waiver_moves_to_where_none_is_taken_only_without_it(
    change: str, rule: str, _: str
) -> None:
    ahead = asked()
    recorded = make.waiver(ahead.consent, ahead.version)
    move = f"UPDATE evidence_consent SET {change}"

    run("UPDATE evidence_consent SET jurisdiction = 'NI', age_at_consent = 20")
    with refused_by(rule):
        run(move)
    sign(recorded, "voided_at = now()")
    run(move)


@pytest.mark.parametrize(("change", "_", "rule"), MOVED)
def test_no_waiver_is_signed_for_a_consent_that_moved_there_all_the_same(
    change: str, _: str, rule: str
) -> None:
    ahead = asked()
    recorded = make.waiver(ahead.consent, ahead.version)
    run_past_the_rules("evidence_consent", f"UPDATE evidence_consent SET {change}")

    for signature in SIGNATURES:
        with refused_by(rule):
            sign(recorded, signature)


@pytest.mark.parametrize(
    "change",
    [
        "jurisdiction = 'SC'",
        "age_at_consent = 15, competence = 'gillick_assessed_competent', subject_assent = true, "
        "reconsent_month = date_trunc('month', upper(validity) + interval '1 month')",
    ],
)
def test_a_waiver_that_was_signed_before_carries_no_name_there(named, change: str) -> None:
    waiver = make.signed_waiver(named.consent, named.version)
    run_past_the_rules("evidence_consent", f"UPDATE evidence_consent SET {change}")

    with refused_by(THEIRS):
        by_name(named, waiver)


def test_who_consented_as_a_child_waives_nothing_whatever_age_is_typed() -> None:
    child = make.covered(**make.child(15))

    with refused_by(OF_A_CHILD):
        make.waiver(child.consent, child.version, age_when_signed=17)


def test_somebody_grown_up_whom_a_child_tells_of_can_waive() -> None:
    child = make.covered(**make.child(15))
    sister = make.person_spoken_about(child.version.testimony)

    assert make.signed_waiver(child.consent, child.version, complainant=sister).pk


def keep_unknown(covered: make.Covered, unknown: bool) -> None:
    run(
        "UPDATE evidence_contributor SET lifelong_anonymity = %s WHERE id = %s",
        unknown,
        covered.consent.contributor_id,
    )


def test_nobody_signs_while_lifelong_anonymity_is_ticked(named) -> None:
    recorded = make.waiver(named.consent, named.version)
    keep_unknown(named, True)

    for signature in SIGNATURES:
        with refused_by(LIFELONG):
            sign(recorded, signature)
    keep_unknown(named, False)
    sign(recorded, SIGNATURES[0])


def test_another_complainants_waiver_is_not_the_contributors_to_stop(named) -> None:
    sister = make.person_spoken_about(named.version.testimony)
    keep_unknown(named, True)

    assert make.signed_waiver(named.consent, named.version, complainant=sister).pk


def test_lifelong_anonymity_is_ticked_once_no_waiver_names_them(named) -> None:
    waiver = make.signed_waiver(named.consent, named.version)
    copy = by_name(named, waiver)

    with refused_by("lifelong_anonymity_ends_waivers_first"):
        keep_unknown(named, True)
    sign(waiver, "voided_at = now()")
    keep_unknown(named, True)

    assert RecallTask.objects.get().use == copy


def test_a_consent_that_ended_takes_its_waivers_with_it(named) -> None:
    make.signed_waiver(named.consent, named.version)
    consenting.withdraw(named.consent)

    keep_unknown(named, True)


def test_no_name_goes_out_while_lifelong_anonymity_is_ticked(named) -> None:
    waiver = make.signed_waiver(named.consent, named.version)
    run_past_the_rules(
        "evidence_contributor", "UPDATE evidence_contributor SET lifelong_anonymity = true"
    )

    with refused_by(THEIRS):
        by_name(named, waiver)


# Using it


def half_signed(covered: make.Covered, who: str) -> AnonymityWaiver:
    waiver = make.waiver(covered.consent, covered.version)
    sign(waiver, f"{who}_by_id = %s, {who}_at = now()", make.user("lead").pk)
    return waiver


@pytest.mark.parametrize("who", ["pressure_checked", "legal_sign_off"])
def test_one_signature_carries_no_name(named, who: str) -> None:
    with refused_by(THEIRS):
        by_name(named, half_signed(named, who))


@pytest.mark.parametrize("who", ["pressure_checked", "legal_sign_off"])
def test_a_waiver_that_is_not_signed_is_not_named(who: str) -> None:
    covered = make.covered()

    with refused_by("testimony_use_waiver_is_signed"):
        by_name(covered, half_signed(covered, who))


def test_a_use_by_name_says_which_waiver_it_has(named) -> None:
    make.signed_waiver(named.consent, named.version)

    with refused_by("testimony_use_by_name_needs_a_waiver"):
        by_name(named, None)


def test_a_waiver_for_another_publication_carries_no_name(named) -> None:
    waiver = make.signed_waiver(named.consent, named.version, "pack:another")

    with refused_by(THEIRS):
        by_name(named, waiver)
    make.signed_waiver(named.consent, named.version)
    with refused_by("testimony_use_of_its_waiver"):
        by_name(named, waiver)


def test_a_waiver_for_another_version_carries_no_name(named) -> None:
    other = make.version(named.version.testimony, "Other words.", identity=IdentityForm.FIRST_NAME)
    waiver = make.signed_waiver(named.consent, other)

    with refused_by(THEIRS):
        by_name(named, waiver)
    make.signed_waiver(named.consent, named.version)
    with refused_by("testimony_use_of_its_waiver"):
        by_name(named, waiver)


def test_a_waiver_under_another_consent_carries_no_name(named) -> None:
    waiver = make.signed_waiver(named.consent, named.version)
    consenting.withdraw(named.consent)
    later = make.requested_consent(named.consent.contributor)
    ConsentTestimony.objects.create(consent=later, testimony=named.version.testimony)
    permit = make.scope(later, max_identity=IdentityForm.IMAGE_VOICE)
    consenting.give(later)
    anew = make.Covered(named.version, later, {Channel.BRIEFING_PACK: permit})

    with refused_by(THEIRS):
        by_name(anew, waiver)
    make.signed_waiver(later, named.version)
    with refused_by("testimony_use_of_its_waiver"):
        by_name(anew, waiver)


def test_each_complainant_waives_for_themselves_under_this_consent(named) -> None:
    """Two who are named: the waiver of one, from an ended consent, is not borrowed by the next."""
    sister = make.person_spoken_about(named.version.testimony)
    own = make.signed_waiver(named.consent, named.version)

    with refused_by(CAPPED):
        by_name(named, own)
    make.signed_waiver(named.consent, named.version, complainant=sister)
    by_name(named, own)


def test_a_waiver_for_a_pack_puts_no_name_on_the_website(named) -> None:
    waiver = make.signed_waiver(named.consent, named.version)

    with refused_by("testimony_use_names_where_it_is"):
        make.raw_use(named, Channel.WEBSITE_FEED, waiver=waiver, publication=PACK)


def test_a_waiver_for_the_website_prints_no_name(named) -> None:
    waiver = make.signed_waiver(named.consent, named.version, "website")

    with refused_by("testimony_use_names_where_it_is"):
        by_name(named, waiver, publication="website")
    make.raw_use(named, Channel.WEBSITE_FEED, waiver=waiver, publication="website")


# Voiding it


def test_voiding_calls_back_what_names_somebody_there(named) -> None:
    waiver = make.signed_waiver(named.consent, named.version)
    elsewhere = make.signed_waiver(named.consent, named.version, "pack:two")
    copy = by_name(named, waiver)
    kept = by_name(named, elsewhere, publication="pack:two")

    sign(waiver, "voided_at = now()")

    assert RecallTask.objects.get().use == copy
    assert TestimonyUse.objects.get(recalled_at=None) == kept


def test_voiding_takes_it_off_the_website(named) -> None:
    waiver = make.signed_waiver(named.consent, named.version, "website")
    website.put_on_website(named.version.testimony)

    sign(waiver, "voided_at = now()")

    assert not PublishedItem.objects.exists()


def test_voiding_one_waiver_calls_back_what_names_both(named) -> None:
    sister = make.person_spoken_about(named.version.testimony)
    own = make.signed_waiver(named.consent, named.version)
    hers = make.signed_waiver(named.consent, named.version, complainant=sister)
    copy = by_name(named, own)

    sign(hers, "voided_at = now()")

    assert RecallTask.objects.get().use == copy


def test_voiding_calls_back_what_it_let_go_further_without_a_name() -> None:
    covered = make.covered()
    child = make.person_spoken_about(covered.version.testimony)
    waiver = make.signed_waiver(covered.consent, covered.version, complainant=child)
    copy = by_name(covered, None)

    sign(waiver, "voided_at = now()")

    assert RecallTask.objects.get().use == copy
    with refused_by(CAPPED):
        by_name(covered, None)


def test_void_is_void(named) -> None:
    waiver = make.signed_waiver(named.consent, named.version)
    sign(waiver, "voided_at = now()")

    with refused_by("anonymity_waiver_stays_void"):
        sign(waiver, "voided_at = NULL")
    with refused_by(THEIRS):
        by_name(named, waiver)
