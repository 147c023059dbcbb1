"""Who else an account speaks of, and what a court forbids: raw SQL, as the app's login."""

from collections.abc import Callable

import pytest

from evidence import clearing, erasing, protecting, website
from evidence.models import (
    Channel,
    IdentityForm,
    Life,
    Loosening,
    PersonSpokenAbout,
    RecallTask,
    Teller,
    Testimony,
    TestimonyUse,
)
from evidence.refusing import Refused
from publishing.models import Change, PublishedItem
from tests import factories as make
from tests.refusing import refused_by, refused_by_grant, run

pytestmark = pytest.mark.django_db

RESTRICTED, DEATH = "testimony_use_no_restriction_open", "testimony_use_suspended_by_a_death"
ACCUSED = "testimony_use_accused_is_not_identifiable"
UNKNOWN, CAPPED = (
    "testimony_use_complainant_is_on_record",
    "testimony_use_capped_by_the_complainant",
)


def about(person: PersonSpokenAbout, change: str, *params: object) -> None:
    run(f"UPDATE evidence_personspokenabout SET {change} WHERE id = %s", *params, person.pk)


def told_by_somebody_close(covered: make.Covered) -> None:
    run("UPDATE evidence_testimony SET teller = 'somebody_close'")


@pytest.fixture
def covered() -> make.Covered:
    """A pseudonymous account, for packs and the website."""
    return make.covered(Channel.BRIEFING_PACK, Channel.WEBSITE_FEED)


@pytest.fixture
def out(covered: make.Covered) -> make.Covered:
    """The same, on the website and in a copy."""
    website.put_on_website(covered.version.testimony)
    make.raw_use(covered)
    return covered


# What may be noted of them


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"life": "gone"}, "person_spoken_about_words_are_known"),
        ({"contributor_is": "neighbour"}, "person_spoken_about_words_are_known"),
        ({"max_identity": IdentityForm.FIRST_NAME}, "person_spoken_about_named_by_waiver_alone"),
        ({"max_identity": IdentityForm.IMAGE_VOICE}, "person_spoken_about_named_by_waiver_alone"),
        (
            {"life": Life.DIED, "death_noted_by": None},
            "person_spoken_about_death_is_noted_by_somebody",
        ),
        ({"death_reviewed_at": make.moment(0)}, "person_spoken_about_death_reviewed_by_and_at"),
    ],
)
def test_what_is_noted_of_somebody_is_whole(covered, fields: dict[str, object], rule: str) -> None:
    with refused_by(rule):
        make.person_spoken_about(covered.version.testimony, **fields)


def test_a_review_after_a_death_needs_the_death(covered) -> None:
    person = make.person_spoken_about(covered.version.testimony)

    with refused_by("person_spoken_about_death_reviewed_by_and_at"):
        about(
            person,
            "death_reviewed_by_id = %s, death_reviewed_at = now()",
            make.user("lead").pk,
        )


def test_somebody_noted_stays_noted_and_with_their_account(covered) -> None:
    person = make.person_spoken_about(covered.version.testimony)
    other = make.testimony("Another account")

    with refused_by("protection_keeps_its_account"):
        about(person, "testimony_id = %s", other.pk)
    with refused_by_grant():
        run("DELETE FROM evidence_personspokenabout")


def test_a_consent_of_their_own_is_theirs_and_goes_with_them(covered) -> None:
    theirs = make.covered(title="Their own account").consent
    noted = make.person_spoken_about(covered.version.testimony, own_consent=theirs)
    beside = make.person_spoken_about(
        covered.version.testimony, own_consent=make.covered(title="Beside").consent
    )

    with refused_by("own_consent_is_another_persons"):
        make.person_spoken_about(covered.version.testimony, own_consent=covered.consent)
    with refused_by("own_consent_is_another_persons"):
        run(
            "UPDATE evidence_personspokenabout SET own_consent_id = %s WHERE id = %s",
            covered.consent.pk,
            noted.pk,
        )

    erasing.erase(theirs.contributor)
    noted.refresh_from_db()
    beside.refresh_from_db()
    assert (noted.own_consent, beside.own_consent is None) == (None, False)


def test_who_tells_it_is_known(covered) -> None:
    with refused_by("testimony_teller_is_known"):
        run("UPDATE evidence_testimony SET teller = 'nobody'")


# The cap of whom it was done to


@pytest.mark.parametrize("life", [Life.LIVING, Life.NOT_KNOWN])
def test_a_complainant_caps_how_far_the_account_goes(covered, life: str) -> None:
    make.person_spoken_about(covered.version.testimony, life=life)

    with refused_by(CAPPED):
        make.raw_use(covered)


def test_the_least_protected_of_several_caps_it(covered) -> None:
    for cap in (IdentityForm.PSEUDONYM, IdentityForm.PARAPHRASE_ANONYMOUS):
        make.person_spoken_about(covered.version.testimony, max_identity=cap)

    with refused_by(CAPPED):
        make.raw_use(covered)


@pytest.mark.parametrize(
    "fields",
    [
        {"max_identity": IdentityForm.PSEUDONYM},
        {"is_complainant": False},
        {"is_complainant": False, "is_accused": True},
    ],
)
def test_who_is_not_protected_that_far_caps_nothing(covered, fields: dict[str, object]) -> None:
    make.person_spoken_about(covered.version.testimony, **fields)

    assert make.raw_use(covered).pk


def test_an_account_of_somebody_close_waits_for_whom_it_was_done_to(covered) -> None:
    told_by_somebody_close(covered)

    with refused_by(UNKNOWN):
        make.raw_use(covered)
    make.person_spoken_about(covered.version.testimony, max_identity=IdentityForm.PSEUDONYM)
    make.raw_use(covered)


def test_a_parents_account_is_capped_by_the_child(covered) -> None:
    told_by_somebody_close(covered)
    make.person_spoken_about(covered.version.testimony)

    with refused_by(CAPPED):
        make.raw_use(covered)


# A death, and an accused person


def test_a_death_suspends_and_a_review_resumes(covered) -> None:
    person = make.person_spoken_about(covered.version.testimony)
    about(person, "life = 'died', death_noted_by_id = %s", make.user("keeper").pk)

    with refused_by(DEATH):
        make.raw_use(covered)
    with refused_by("person_spoken_about_death_reviewed_by_another"):
        about(person, "death_reviewed_by_id = death_noted_by_id, death_reviewed_at = now()")
    with refused_by("person_spoken_about_death_keeps_its_noter"):
        about(person, "death_noted_by_id = %s", make.user("lead").pk)
    about(person, "death_reviewed_by_id = %s, death_reviewed_at = now()", make.user("lead").pk)
    make.raw_use(covered)


def test_one_review_does_not_do_for_another_death(covered) -> None:
    for name in ("lead", None):
        make.person_spoken_about(
            covered.version.testimony,
            life=Life.DIED,
            death_noted_by=make.user("keeper"),
            death_reviewed_by=make.user(name) if name else None,
            death_reviewed_at=make.moment(0) if name else None,
        )

    with refused_by(DEATH):
        make.raw_use(covered)


def test_an_accused_person_is_not_recognised_without_the_law(covered) -> None:
    accused = make.person_spoken_about(
        covered.version.testimony, is_complainant=False, is_accused=True, is_identifiable=True
    )

    with refused_by(ACCUSED):
        make.raw_use(covered)
    make.accused_sign_off(accused, covered.version)
    make.raw_use(covered)

    later = make.cleared(covered.version.testimony, identity=IdentityForm.VERBATIM_ANONYMOUS)
    with refused_by(ACCUSED):
        make.raw_use(make.Covered(later, covered.consent, covered.scopes))
    make.person_spoken_about(
        covered.version.testimony, is_complainant=False, is_accused=True, is_identifiable=True
    )
    with refused_by(ACCUSED):
        make.raw_use(covered)
    assert accused.sign_offs.get().version == covered.version


@pytest.mark.parametrize(
    ("person", "signs", "rule"),
    [
        ({"is_accused": True}, "officer", "accused_sign_off_by_another"),
        ({"is_accused": False}, "lawyer", "accused_sign_off_is_of_their_account"),
    ],
)
def test_a_signature_is_for_somebody_accused_by_somebody_else(covered, person, signs, rule) -> None:
    noted = make.person_spoken_about(covered.version.testimony, **person)

    with refused_by(rule):
        make.accused_sign_off(noted, covered.version, signs)


def test_a_signature_is_for_their_own_account_and_stays(covered) -> None:
    there = make.person_spoken_about(make.testimony("Another account"), is_accused=True)

    with refused_by("accused_sign_off_is_of_their_account"):
        make.accused_sign_off(there, covered.version)
    for change in (
        "UPDATE evidence_accusedsignoff SET signed_at = now()",
        "DELETE FROM evidence_accusedsignoff",
    ):
        with refused_by_grant():
            run(change)


# What protects somebody less takes two people

LOOSER = {
    "is_complainant": "is_complainant = false",
    "is_accused": "is_accused = false",
    "is_identifiable": "is_identifiable = false",
    "max_identity": "max_identity = 3",
    "life": "life = 'living', death_noted_by_id = NULL",
    "own_consent": "own_consent_id = NULL",
}


@pytest.fixture
def guarded(covered) -> PersonSpokenAbout:
    """Protected in every respect."""
    return make.person_spoken_about(
        covered.version.testimony,
        is_accused=True,
        is_identifiable=True,
        life=Life.DIED,
        own_consent=make.covered(title="Their own account").consent,
    )


@pytest.mark.parametrize("change", LOOSER.values(), ids=LOOSER)
def test_nobody_alone_protects_somebody_less(guarded, change: str) -> None:
    with refused_by("person_spoken_about_loosened_by_two_people"):
        about(guarded, change)


@pytest.mark.parametrize("name", LOOSER)
def test_two_people_do(guarded, name: str) -> None:
    wanted: dict[str, object] = {
        "max_identity": IdentityForm.PSEUDONYM,
        "life": Life.LIVING,
        "own_consent": None,
    }
    value = wanted.get(name, False)

    loosened = make.loosened(guarded, **{name: value})

    assert getattr(loosened, name) == value
    assert (loosened.life == Life.DIED) == (loosened.death_noted_by is not None)


@pytest.mark.django_db(transaction=True)
def test_what_was_agreed_holds_for_that_change_and_that_moment_alone(guarded) -> None:
    make.loosened(guarded, is_accused=False)
    about(guarded, "is_accused = true")

    for change in (LOOSER["is_accused"], LOOSER["is_complainant"]):
        with refused_by("person_spoken_about_loosened_by_two_people"):
            about(guarded, change)


def test_what_protects_more_holds_at_once_and_the_rest_waits(guarded) -> None:
    noted = make.person_spoken_about(guarded.testimony, is_complainant=False, is_accused=True)
    noted.is_complainant, noted.is_accused = True, False

    waiting = protecting.note(noted, by=make.user("keeper"))

    noted.refresh_from_db()
    assert (noted.is_complainant, noted.is_accused) == (True, True)
    changed = {name for name in waiting.before if waiting.before[name] != waiting.after[name]}
    assert changed == {"is_accused"}


def test_what_was_proposed_of_another_state_is_dropped(guarded) -> None:
    make.loosened(guarded, is_identifiable=False)
    guarded.is_accused = False
    old = protecting.note(guarded, by=make.user("keeper"))
    guarded.is_complainant = False
    new = protecting.note(guarded, by=make.user("keeper"))

    old.refresh_from_db()
    assert (old.dropped_at is None, protecting.waiting_for(guarded)) == (False, new)
    about(guarded, "max_identity = 0")
    with pytest.raises(Refused, match="has changed since"):
        protecting.agree(guarded, by=make.user("lead"))


def test_what_a_colleague_decided_meanwhile_stays(guarded) -> None:
    stale = PersonSpokenAbout.objects.get(pk=guarded.pk)
    protecting.review_death(guarded, by=make.user("lead"))
    stale.contributor_is = "friend"

    protecting.note(stale, by=make.user("keeper"))

    guarded.refresh_from_db()
    assert (guarded.contributor_is, guarded.death_reviewed_by) == ("friend", make.user("lead"))


@pytest.mark.parametrize("table", ["evidence_testimony", "evidence_personspokenabout"])
def test_a_record_keeps_its_key(table: str) -> None:
    """Two accounts that changed their keys would change their consents."""
    make.person_spoken_about(make.testimony("Another account"))

    with refused_by("row_keeps_its_key"):
        run(f"UPDATE {table} SET id = gen_random_uuid()")


def test_who_told_it_stays_once_its_words_are_cleared(covered) -> None:
    account = make.testimony("Not cleared", teller=Teller.SOMEBODY_CLOSE)
    make.version(account)
    run("UPDATE evidence_testimony SET teller = 'complainant' WHERE id = %s", account.pk)
    told_by_somebody_close(covered)

    with refused_by("testimony_teller_stays_once_cleared"):
        run("UPDATE evidence_testimony SET teller = 'complainant'")


def test_no_account_begins_at_a_pseudonym(covered) -> None:
    with refused_by("person_spoken_about_begins_protected"):
        PersonSpokenAbout.objects.create(
            testimony=covered.version.testimony,
            contributor_is="parent",
            max_identity=IdentityForm.PSEUDONYM,
        )


def test_another_consent_of_theirs_is_not_put_in_its_place(guarded) -> None:
    other = make.covered(title="Of somebody else").consent

    with refused_by("person_spoken_about_keeps_their_own_consent"):
        about(guarded, "own_consent_id = %s", other.pk)
    guarded.own_consent = other
    with pytest.raises(Refused, match="taken away first"):
        protecting.note(guarded, by=make.user("keeper"))


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("agreed_by_id = proposed_by_id, agreed_at = now()", "loosening_agreed_by_another"),
        ("agreed_at = now()", "loosening_agreed_by_another"),
        ("agreed_by_id = {lead}, agreed_at = now(), dropped_at = now()", "loosening_ends_one_way"),
    ],
)
def test_whoever_proposed_it_does_not_agree(guarded, change: str, rule: str) -> None:
    guarded.is_accused = False
    protecting.note(guarded, by=make.user("keeper"))

    with refused_by(rule):
        run(f"UPDATE evidence_loosening SET {change.format(lead=make.user('lead').pk)}")


def test_a_proposal_is_kept_as_it_was_made(guarded) -> None:
    guarded.is_accused = False
    waiting = protecting.note(guarded, by=make.user("keeper"))
    made = {
        "person": guarded,
        "before": waiting.before,
        "after": waiting.after,
        "proposed_by": make.user("keeper"),
    }

    with refused_by("loosening_open_once"):
        Loosening.objects.create(**made)
    for change in ("after = '{}'", "proposed_by_id = 1", "person_id = person_id"):
        with refused_by_grant():
            run(f"UPDATE evidence_loosening SET {change}")
    with refused_by_grant():
        run("DELETE FROM evidence_loosening")
    protecting.drop(guarded)
    for wrong in (
        {"after": waiting.before},
        {"after": {**waiting.after, "more": True}},
        {"before": {**waiting.before, "life": "living"}},
    ):
        with refused_by("loosening_is_of_what_is_noted"):
            Loosening.objects.create(**{**made, **wrong})
    with refused_by("loosening_begins_open"):
        Loosening.objects.create(**made, agreed_by=make.user("lead"), agreed_at=make.moment(0))
    with refused_by("loosening_stays_ended"):
        run("UPDATE evidence_loosening SET dropped_at = NULL WHERE id = %s", waiting.pk)


# What a court forbids


def test_an_open_restriction_stops_every_use(covered) -> None:
    make.restriction(covered.version.testimony)

    for channel in covered.scopes:
        with refused_by(RESTRICTED):
            make.raw_use(covered, channel)


def test_an_open_restriction_stops_clearance() -> None:
    words = make.version(make.testimony())
    make.restriction(words.testimony)

    with pytest.raises(Refused, match="a reporting restriction is open"):
        clearing.clear(words, by=make.user("lead"))


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("ended_at = now()", "reporting_restriction_ended_by_sign_off"),
        ("ended_by_id = noted_by_id", "reporting_restriction_ended_by_sign_off"),
        ("ended_at = now(), ended_by_id = noted_by_id", "reporting_restriction_ended_by_sign_off"),
    ],
)
def test_a_date_ends_no_restriction_nor_does_who_noted_it(covered, change: str, rule: str) -> None:
    make.restriction(covered.version.testimony)

    with refused_by(rule):
        run(f"UPDATE evidence_reportingrestriction SET {change}")


def test_another_persons_sign_off_ends_it(covered) -> None:
    make.restriction(covered.version.testimony)
    run(
        "UPDATE evidence_reportingrestriction SET ended_at = now(), ended_by_id = %s",
        make.user("lawyer").pk,
    )

    make.raw_use(covered)
    with refused_by("reporting_restriction_is_kept"):
        run("UPDATE evidence_reportingrestriction SET ended_at = NULL, ended_by_id = NULL")


def test_each_restriction_is_ended_for_itself(covered) -> None:
    for _ in range(2):
        last = make.restriction(covered.version.testimony)
    run(
        "UPDATE evidence_reportingrestriction SET ended_at = now(), ended_by_id = %s WHERE id = %s",
        make.user("lawyer").pk,
        last.pk,
    )

    with refused_by(RESTRICTED):
        make.raw_use(covered)


def test_a_restriction_is_of_a_known_kind(covered) -> None:
    with refused_by("reporting_restriction_kind_is_known"):
        make.restriction(covered.version.testimony, kind="custom")


@pytest.mark.parametrize("column", ["kind", "testimony_id", "noted_by_id", "noted_at"])
def test_a_restriction_is_not_rewritten(covered, column: str) -> None:
    make.restriction(covered.version.testimony)

    with refused_by_grant():
        run(f"UPDATE evidence_reportingrestriction SET {column} = {column}")
    with refused_by_grant():
        run("DELETE FROM evidence_reportingrestriction")


# What is out already


def death(of: Testimony) -> None:
    make.person_spoken_about(of, life=Life.DIED)


def accused(of: Testimony) -> None:
    make.person_spoken_about(of, is_complainant=False, is_accused=True, is_identifiable=True)


def closer(of: Testimony) -> None:
    run("UPDATE evidence_testimony SET teller = %s WHERE id = %s", Teller.SOMEBODY_CLOSE, of.pk)


def harmed(of: Testimony) -> None:
    person = make.person_spoken_about(of, is_complainant=False)
    assert not RecallTask.objects.exists()
    about(person, "is_complainant = true")


@pytest.mark.parametrize(
    "note", [make.restriction, make.person_spoken_about, death, accused, closer, harmed]
)
def test_what_is_out_comes_back_at_once(out, note: Callable[[Testimony], object]) -> None:
    account = out.version.testimony

    note(account)

    assert not PublishedItem.objects.exists()
    assert not TestimonyUse.objects.filter(recalled_at=None).exists()
    assert RecallTask.objects.get().use.feed_item is None
    assert list(Change.objects.order_by("seq").values_list("op", "item_id")) == [
        ("upsert", account.public_id),
        ("remove", account.public_id),
    ]


def test_what_forbids_nothing_calls_nothing_back(out) -> None:
    make.person_spoken_about(out.version.testimony, is_complainant=False, is_accused=True)

    assert PublishedItem.objects.exists()
    assert not RecallTask.objects.exists()


def test_other_accounts_stay_out(out) -> None:
    make.restriction(make.testimony("Another account"))

    assert not RecallTask.objects.exists()


# What a version tells of the person


def feature(version, kind: str = "place") -> None:
    run(
        "INSERT INTO evidence_identifyingfeature (version_id, kind, told) VALUES (%s, %s, 'Ely')",
        version.pk,
        kind,
    )


def test_features_are_listed_while_it_is_a_draft() -> None:
    draft = make.version(make.testimony())
    feature(draft)

    run("UPDATE evidence_identifyingfeature SET told = 'Cardiff'")
    with refused_by("identifying_feature_kind_is_known"):
        feature(draft, "colour")
    run("DELETE FROM evidence_identifyingfeature")


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO evidence_identifyingfeature (version_id, kind, told) "
        "SELECT id, 'place', 'Ely' FROM evidence_testimonyversion WHERE number = 1",
        "UPDATE evidence_identifyingfeature SET told = 'Cardiff'",
        "DELETE FROM evidence_identifyingfeature",
        "UPDATE evidence_identifyingfeature SET version_id = "
        "(SELECT id FROM evidence_testimonyversion WHERE number = 2)",
    ],
)
def test_what_a_reviewer_judged_stays_listed(statement: str) -> None:
    words = make.version(make.testimony())
    feature(words)
    clearing.clear(words, by=make.user("lead"))
    make.version(words.testimony, "Other words.")

    with refused_by("features_are_told_before_clearance"):
        run(statement)
