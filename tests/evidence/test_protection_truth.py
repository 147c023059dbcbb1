"""Two truth tables against oracles in plain Python, which follow the house rules in their words.

Who may consent for whom; and whether words may be used, given who tells, who is spoken of, how far
the version lets somebody be recognised, and who has waived.
"""

from itertools import product

import pytest
from django.db import IntegrityError, connection, transaction

from evidence import consenting
from evidence.models import (
    Channel,
    Competence,
    ConsentTestimony,
    ExpressedBy,
    IdentityForm,
    Life,
    PersonSpokenAbout,
    Teller,
)
from evidence.permission import Use, may_be_used
from tests import factories as make
from tests.refusing import run

pytestmark = pytest.mark.django_db

PARENTS = {ExpressedBy.PARENTAL_RESPONSIBILITY, ExpressedBy.BOTH}
GIVINGS = list(product(Competence.values, (True, False), ExpressedBy.values, (True, False)))
GILLICK = {Competence.GILLICK_COMPETENT, Competence.GILLICK_NOT_COMPETENT}


def rule_of(error: IntegrityError) -> str:
    return str(error.__cause__.diag.constraint_name)


# Who may consent for whom


def rules_against_giving(
    age: int, competence: str, assent: bool, by: str, conflict: bool
) -> set[str]:
    """Those of the law and of the house that stand against it; empty where it may be given."""
    against = {
        "consent_under_13_by_parent": age < 13 and by not in PARENTS,
        "consent_under_16_is_assessed": age < 16 and competence not in GILLICK,
        "consent_from_16_is_not_gillick": age >= 16 and competence in GILLICK,
        "consent_not_competent_by_parent": competence == Competence.GILLICK_NOT_COMPETENT
        and by not in PARENTS,
        "consent_under_18_has_assent": age < 18 and not assent,
        "consent_without_capacity_by_another": competence == Competence.MCA_LACKS
        and by != ExpressedBy.OTHER_LAWFUL,
        "consent_of_an_adult_is_their_own": age >= 18 and by == ExpressedBy.PARENTAL_RESPONSIBILITY,
        "consent_not_against_a_parent": conflict and by in PARENTS,
    }
    return {rule for rule, stands in against.items() if stands}


def rule_against_giving(age: int, competence: str, assent: bool, by: str, conflict: bool) -> str:
    """The database's answer: the rule that refuses, or none."""
    fields = make.child(
        age, competence=competence, subject_assent=assent, expressed_by=by, pr_conflict=conflict
    )
    if age >= 18:
        fields["reconsent_month"] = None
    try:
        with transaction.atomic():
            consent = make.requested_consent(make.Contributor.objects.get(), **fields)
            run("UPDATE evidence_consent SET state = 'given' WHERE record_id = %s", consent.pk)
            transaction.set_rollback(True)
    except IntegrityError as error:
        return rule_of(error)
    return ""


@pytest.mark.parametrize("age", range(19))
def test_who_may_consent_for_whom(age: int) -> None:
    make.testimony()

    wrong = []
    for case in GIVINGS:
        expected, found = rules_against_giving(age, *case), rule_against_giving(age, *case)
        if (found not in expected) if expected else found:
            wrong.append((age, *case, expected, found))

    assert wrong == []


def test_at_each_age_some_may_consent_and_some_may_not() -> None:
    allowed = {
        age: sum(not rules_against_giving(age, *case) for case in GIVINGS) for age in range(19)
    }

    assert allowed == {
        **dict.fromkeys(range(13), 4),
        **dict.fromkeys(range(13, 16), 8),
        **dict.fromkeys((16, 17), 14),
        18: 24,
    }


# Whether words may be used

PACK = "pack:one"
FORMS = [
    IdentityForm.PARAPHRASE_ANONYMOUS,
    IdentityForm.VERBATIM_ANONYMOUS,  # the cap
    IdentityForm.PSEUDONYM,
    IdentityForm.FIRST_NAME,  # from here on by name
    IdentityForm.IMAGE_VOICE,
]
NO_PERSON, OTHERS = "nobody else", "not a complainant"


def rule_against_using(
    teller: str, person: str, life: str, trouble: str, identity: int, waived: str
) -> set[str]:
    """What the house holds: a complainant is anonymous until they themselves have waived that.

    The cap of somebody spoken about is VERBATIM_ANONYMOUS, as it is when nothing else is noted.
    """
    somebody = person != NO_PERSON
    complainant = person == "complainant"
    told_by_them = teller == Teller.COMPLAINANT
    protected = complainant and life != Life.DIED
    against = {
        "testimony_use_suspended_by_a_death": somebody
        and life == Life.DIED
        and "reviewed" not in trouble,
        "testimony_use_accused_is_not_identifiable": somebody and trouble == "accused",
        "testimony_use_complainant_is_on_record": not told_by_them and not complainant,
        "testimony_use_capped_by_the_complainant": protected
        and identity > IdentityForm.VERBATIM_ANONYMOUS
        and waived not in {"them", "both"},
        "testimony_use_by_name_needs_their_waiver": told_by_them
        and identity >= IdentityForm.FIRST_NAME
        and waived not in {"teller", "both"},
        # somebody by name, and nobody whose waiver a use could have
        "testimony_use_by_name_needs_a_waiver": identity >= IdentityForm.FIRST_NAME
        and waived == "nobody",
    }
    return {rule for rule, stands in against.items() if stands}


def possible(teller: str, person: str, life: str, trouble: str, waived: str) -> bool:
    """Whether such an account can be on record at all: who cannot waive has not."""
    if person == NO_PERSON and (life != Life.LIVING or trouble != "none"):
        return False  # the same account again
    if trouble == "reviewed" and life != Life.DIED:
        return False
    if waived in {"teller", "both"} and teller != Teller.COMPLAINANT:
        return False
    return not (waived in {"them", "both"} and (person != "complainant" or life == Life.DIED))


ACCOUNTS = [
    case
    for case in product(
        Teller.values,
        (NO_PERSON, OTHERS, "complainant"),
        Life.values,
        ("none", "accused", "accused, signed", "reviewed"),
        ("nobody", "teller", "them", "both"),
    )
    if possible(*case)
]


def person_in(account, person: str, life: str, trouble: str) -> PersonSpokenAbout | None:
    if person == NO_PERSON:
        return None
    fields: dict[str, object] = {"is_complainant": person == "complainant", "life": life}
    if trouble.startswith("accused"):
        fields |= {"is_accused": True, "is_identifiable": True}
    if trouble == "reviewed":
        fields |= {"death_reviewed_by": make.user("lead"), "death_reviewed_at": make.moment(0)}
    return make.person_spoken_about(account, **fields)


def answers(teller: str, person: str, life: str, trouble: str, waived: str) -> dict[int, str]:
    """For each identity form, the rule by which the database refuses a use, or none."""
    account = make.testimony(teller=teller)
    consent = make.requested_consent(account.contributor)
    ConsentTestimony.objects.create(consent=consent, testimony=account)
    permit = make.scope(consent, max_identity=IdentityForm.IMAGE_VOICE)
    consenting.give(consent)
    spoken_of = person_in(account, person, life, trouble)
    found = {}
    for identity in FORMS:
        version = make.version(account, f"Known as {identity.label}.", identity=identity)
        run(
            "UPDATE evidence_testimonyversion SET state = 'cleared', cleared_by_id = %s "
            "WHERE id = %s",
            make.user("lead").pk,
            version.pk,
        )
        if trouble == "accused, signed":
            make.accused_sign_off(spoken_of, version)
        waivers = []
        if waived in {"teller", "both"}:
            waivers.append(make.signed_waiver(consent, version))
        if waived in {"them", "both"}:
            waivers.append(make.signed_waiver(consent, version, complainant=spoken_of))
        covered = make.Covered(version, consent, {Channel.BRIEFING_PACK: permit})
        found[int(identity)] = _refusal(covered, waivers[0] if waivers else None)
        assert bool(found[int(identity)]) != _permitted(covered), (identity, found)
    return found


def _refusal(covered: make.Covered, waiver) -> str:
    try:
        with transaction.atomic():
            make.raw_use(covered, publication=PACK, waiver=waiver)
            connection.check_constraints()
            transaction.set_rollback(True)
    except IntegrityError as error:
        return rule_of(error)
    return ""


def _permitted(covered: make.Covered) -> bool:
    scope = covered.scopes[Channel.BRIEFING_PACK]
    use = Use(scope.purpose, scope.audience, scope.channel, make.moment(0).date(), publication=PACK)
    return may_be_used(use).filter(pk=covered.version.pk).exists()


@pytest.mark.parametrize("case", ACCOUNTS, ids=lambda case: ", ".join(case))
def test_whether_words_may_be_used(case: tuple[str, ...]) -> None:
    teller, person, life, trouble, waived = case

    found = answers(*case)

    expected = {
        int(form): rule_against_using(teller, person, life, trouble, form, waived) for form in FORMS
    }
    wrong = {
        form: (expected[form], rule)
        for form, rule in found.items()
        if ((rule not in expected[form]) if expected[form] else rule)
    }
    assert wrong == {}
