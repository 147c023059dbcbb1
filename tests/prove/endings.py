"""The ways in which an account stops being usable, and how an act that met one of them came out."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone

from evidence import clearing, consenting, erasing, waiving
from evidence.models import (
    AnonymityWaiver,
    Consent,
    IdentityForm,
    Proceedings,
    Safeguarding,
    Teller,
    Testimony,
)
from evidence.refusing import Refused
from tests import factories as make


@dataclass(frozen=True)
class Ending:
    """One way in which a consent, an account or its words stop being usable."""

    name: str
    through: str  # the database's own function that calls the uses back
    end: Callable[[make.Covered], object]


def _narrow(covered: make.Covered) -> None:
    scope = next(iter(covered.scopes.values()))
    consenting.withdraw_scope(
        covered.consent, purpose=scope.purpose, audience=scope.audience, channel=scope.channel
    )


def _lower(covered: make.Covered) -> None:
    channel = next(iter(covered.scopes))
    make.scope(covered.consent, channel, max_identity=IdentityForm.VERBATIM_ANONYMOUS)


def _withdraw_testimony(covered: make.Covered) -> None:
    consenting.withdraw_testimony(covered.consent, covered.version.testimony)


def _withdraw_testimony_in_sql(covered: make.Covered) -> None:
    covered.consent.listed.update(withdrawn_at=timezone.now())


def _complainant(covered: make.Covered) -> None:
    """Somebody else it happened to, who is to be recognised less far than the words do."""
    make.person_spoken_about(
        covered.version.testimony, max_identity=IdentityForm.PARAPHRASE_ANONYMOUS
    )


def _void(covered: make.Covered) -> None:
    waiving.void(AnonymityWaiver.objects.get(version=covered.version))


def _set_state(state: str) -> Callable[[make.Covered], object]:
    return lambda covered: Consent.objects.filter(pk=covered.consent.pk).update(state=state)


def _flag(**fields: str) -> Callable[[make.Covered], object]:
    def flag(covered: make.Covered) -> None:
        Testimony.objects.filter(pk=covered.version.testimony_id).update(**fields)

    return flag


LEAVING, NARROWING = "consent_leaving_calls_back", "consent_narrowing_calls_back"
FLAGGED, RECALLED = "testimony_flag_calls_back", "testimony_version_leaving_calls_back"
LISTING, PROTECTED = "consent_listing_withdrawn_calls_back", "protection_calls_back"
TOLD, VOIDED = "testimony_teller_calls_back", "anonymity_waiver_voided_calls_back"
WITHDRAW = Ending("withdraw", LEAVING, lambda covered: consenting.withdraw(covered.consent))
ENDINGS = [
    Ending("pause", LEAVING, lambda covered: consenting.pause(covered.consent)),
    Ending("narrow", NARROWING, _narrow),
    Ending("flag safeguarding", FLAGGED, _flag(safeguarding=Safeguarding.OPEN)),
    Ending("recall the version", RECALLED, lambda covered: clearing.recall(covered.version)),
    Ending("lower the identity", NARROWING, _lower),
    Ending("proceedings begin", FLAGGED, _flag(proceedings=Proceedings.ACTIVE)),
    Ending("revoke in SQL", LEAVING, _set_state("revoked")),
    Ending("invalidate in SQL", LEAVING, _set_state("invalidated")),
    Ending("withdraw for the account", LISTING, _withdraw_testimony),
    Ending("withdraw for the account in SQL", LISTING, _withdraw_testimony_in_sql),
    Ending("a restriction", PROTECTED, lambda covered: make.restriction(covered.version.testimony)),
    Ending("a living complainant", PROTECTED, _complainant),
    Ending("another teller", TOLD, _flag(teller=Teller.SOMEBODY_CLOSE)),
    Ending("erase", LEAVING, lambda covered: erasing.erase(covered.consent.contributor)),
]
VOID = Ending("void the waiver", VOIDED, _void)


def outcome(act: Callable[[], object]) -> str:
    """`done`, `refused`, or the error that it ought not to end with."""
    try:
        act()
    except Refused:
        return "refused"
    except Exception as error:
        rule = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        # The trigger's own refusal: the predicate was read before the ending, the check after it.
        if rule and rule.startswith(("testimony_use_", "published_")):
            return "refused"
        return f"{type(error.__cause__ or error).__name__} {rule or ''}".strip()
    return "done"
