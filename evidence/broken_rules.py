"""What a rule of the database says when it refuses: one sentence, and never the row itself."""

from dataclasses import dataclass

from django.apps import apps
from django.db import IntegrityError
from django.db.models import BaseConstraint

# Rules that stand in SQL alone and raise no sentence of their own.
WRITTEN_IN_SQL = {
    "consent_validity_is_finite": "Say from when and until when the consent is valid.",
    "consent_validity_at_most_two_years": "A consent is valid for two years at most.",
    "consent_reconsent_by_the_birthday": "The month to ask again is no later than that of the next "
    "birthday that counts: the 16th, or the 18th.",
    "consent_review_within_validity": "The review falls due while the consent is valid.",
    "snapshot_hash_is_of_its_text": "The snapshot's hash is not that of its text.",
    "statement_speaks_for_someone": "A public statement says who spoke, and as what. Anyone else's "
    "words are a restricted account.",
    "testimony_use_of_a_listed_testimony": "The consent does not list this testimony.",
    "testimony_use_of_its_consents_scope": "That permission belongs to another consent.",
    "testimony_use_of_its_version": "That version belongs to another testimony.",
}
# Where a rule is mended, if not on the form as a whole.
MENDED_AT = {
    "anonymity_waiver_age_fits_their_consent": "age_when_signed",
    "consent_in_scotland_has_no_waiver": "jurisdiction",
    "consent_is_their_last_word": "event_time",
    "consent_lists_its_contributors": "contributor",
    "consent_not_in_the_future": "event_time",
    "consent_of_a_child_has_no_waiver": "age_at_consent",
    "consent_review_within_validity": "review_due",
    "consent_validity_at_most_two_years": "validity",
    "consent_validity_is_finite": "validity",
    "excerpt_is_in_its_snapshot": "exact",
    "lifelong_anonymity_ends_waivers_first": "lifelong_anonymity",
    "own_consent_is_another_persons": "own_consent",
    "snapshot_once_for_a_source": "text",
    "testimony_teller_stays_once_cleared": "teller",
    "testimony_title_is_cleared_with_its_words": "title",
}
BY_KIND = {
    "23502": "A value that is needed is missing.",
    "23503": "Something that this refers to is gone, or something still refers to this.",
    "23505": "There is already a record with these values.",
    "23P01": "Another record already covers that time.",
}
RAISED_IN_A_TRIGGER = "exec_stmt_raise"  # PostgreSQL's name for our own RAISE


@dataclass(frozen=True, slots=True)
class BrokenRule:
    """A sentence for whoever saved, and the form's field where it is mended ('' for the whole)."""

    sentence: str
    field: str


def broken_rule(error: IntegrityError) -> BrokenRule:
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
    return BrokenRule(sentence_for(error), MENDED_AT.get(name, ""))


def sentence_for(error: IntegrityError) -> str:
    """Built from the rule's name alone: the error's own text goes on to print the row."""
    diagnosis = getattr(error.__cause__, "diag", None)
    if diagnosis is None:
        return "The database refused this."
    if diagnosis.source_function == RAISED_IN_A_TRIGGER:
        return str(diagnosis.message_primary)
    name = diagnosis.constraint_name or ""
    return (
        WRITTEN_IN_SQL.get(name)
        or _message_of(name)
        or BY_KIND.get(diagnosis.sqlstate)
        or f"The database refused this, by its rule “{name.replace('_', ' ')}”."
    )


def _message_of(name: str) -> str:
    """The constraint's own message, where its model gives one."""
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name and _has_its_own_message(constraint):
                return str(constraint.get_violation_error_message())
    return ""


def _has_its_own_message(constraint: BaseConstraint) -> bool:
    standard = BaseConstraint.default_violation_error_message
    return constraint.violation_error_message != standard
