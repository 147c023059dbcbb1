"""May these words be used? One predicate, as a queryset, from which everything starts."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, TypedDict
from uuid import UUID

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.utils import timezone

from evidence.models import (
    NAMED_READERS,
    AnonymityWaiver,
    Channel,
    Consent,
    ConsentScope,
    ConsentState,
    Decision,
    IdentityForm,
    Proceedings,
    Safeguarding,
    TestimonyVersion,
    VersionState,
)

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations  # its types alone are needed

CLEAR_SAFEGUARDING = [
    Safeguarding.NONE,
    Safeguarding.REFERRED,
    Safeguarding.NO_FURTHER_ACTION,
]
CLEAR_PROCEEDINGS = [Proceedings.NONE, Proceedings.CONCLUDED]
FOR_NAMED_READERS = (
    "Attest does not know which readers the person named: send it to them by hand, and note that."
)


class Permit(TypedDict):
    """What permits a version: its consent, the scope in it, and where it names, the waiver."""

    consent_id: UUID
    scope_id: int
    waiver_id: UUID | None


@dataclass(frozen=True)
class Use:
    """What somebody wants to do: for which purpose, before whom, by which channel, on which day.

    `publication` is where, as waivers name it: `website`, `pack:slug`, `outlet:name`. How far it
    lets somebody be recognised is the version's own identity form.
    """

    purpose: str
    audience: str
    channel: str
    at: date
    publication: str = ""

    def __str__(self) -> str:
        return f"{self.purpose}:{self.audience}:{self.channel}"

    @property
    def names_where_it_is(self) -> bool:
        """A waiver for the website is for nothing else, and nothing else is for the website."""
        on_website = self.channel == Channel.WEBSITE_FEED
        return not self.publication or (self.publication == "website") == on_website

    @property
    def is_for_named_readers(self) -> bool:
        return self.audience in NAMED_READERS


def may_be_used(use: Use) -> "QuerySet[WithAnnotations[TestimonyVersion, Permit]]":
    """The versions that may be used so, each with the consent, scope and waiver that permit it."""
    scopes = _permitting(use)
    return (
        TestimonyVersion.objects.annotate(
            scope_id=Subquery(scopes.values("pk")[:1]),
            consent_id=Subquery(scopes.values("consent_id")[:1]),
        )
        .annotate(
            rule_against=_rule_against(use),
            waiver_id=Subquery(_waivers(use).values("pk")[:1]),
        )
        .filter(
            Q(Value(use.names_where_it_is and not use.is_for_named_readers)),
            Q(identity__lt=IdentityForm.FIRST_NAME) | Q(waiver_id__isnull=False),
            rule_against__isnull=True,
            scope_id__isnull=False,
            state=VersionState.CLEARED,
            testimony__safeguarding__in=CLEAR_SAFEGUARDING,
            testimony__proceedings__in=CLEAR_PROCEEDINGS,
        )
        .select_related("testimony")
    )


def refusals(version: TestimonyVersion, use: Use) -> list[str]:
    """Why these words may not be used so, in words for an officer; empty if they may."""
    if may_be_used(use).filter(pk=version.pk).exists():
        return []
    reasons = [
        *([] if use.names_where_it_is else ["What is on the website is published as website."]),
        *([FOR_NAMED_READERS] if use.is_for_named_readers else []),
        *_about_the_words(version),
        *_about_those_in_it(version, use),
        *_about_the_consent(version, use),
    ]
    return reasons or ["The database does not permit this use."]


def _rule_against(use: Use) -> Func:
    """The database's own rules on restrictions, other people and waivers, asked for a version."""
    return Func(
        F("pk"),
        Value(use.publication),
        F("consent_id"),
        function="what_protects",
        output_field=TextField(),
    )


def _waivers(use: Use) -> QuerySet[AnonymityWaiver]:
    """Those that let a version of an outer query name somebody, under the consent found there."""
    is_own = ExpressionWrapper(Q(complainant__isnull=True), output_field=BooleanField())
    forbids = Func(F("consent"), is_own, function="what_forbids_a_waiver", output_field=TextField())
    return (
        AnonymityWaiver.objects.alias(rule_against=forbids)
        .filter(
            consent=OuterRef("consent_id"),
            version=OuterRef("pk"),
            publication=use.publication,
            pressure_checked_by__isnull=False,
            legal_sign_off_by__isnull=False,
            voided_at__isnull=True,
            rule_against__isnull=True,
        )
        .order_by(F("complainant").asc(nulls_first=True))
    )


def _live(at: date) -> QuerySet[Consent]:
    """Consents that are live now and still live on the day of use."""
    return Consent.objects.filter(
        state=ConsentState.GIVEN,
        validity__contains=timezone.now(),
    ).filter(validity__contains=_beginning_of(at))


def _beginning_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _permitting(use: Use) -> QuerySet[ConsentScope]:
    """The permits that cover a version of an outer query; a denial or a lower identity wins."""
    same = ConsentScope.objects.filter(
        purpose=use.purpose, audience=use.audience, channel=use.channel
    )
    narrower = same.filter(consent=OuterRef("consent"))
    return (
        same.filter(
            decision=Decision.PERMIT,
            consent__in=_live(use.at),
            consent__listed__testimony=OuterRef("testimony"),
            consent__listed__withdrawn_at__isnull=True,
            max_identity__gte=OuterRef("identity"),
        )
        .exclude(Exists(narrower.filter(decision=Decision.DENY)))
        .exclude(Exists(narrower.filter(max_identity__lt=OuterRef(OuterRef("identity")))))
        .order_by(F("max_identity"), "pk")
    )


def _about_the_words(version: TestimonyVersion) -> list[str]:
    testimony = version.testimony
    found = []
    if version.state != VersionState.CLEARED:
        found.append(f"This version is {version.get_state_display().lower()}, not cleared.")
    if testimony.safeguarding not in CLEAR_SAFEGUARDING:
        state = testimony.get_safeguarding_display().lower()
        found.append(f"Safeguarding is {state}: it has to be settled first.")
    if testimony.proceedings not in CLEAR_PROCEEDINGS:
        state = testimony.get_proceedings_display().lower()
        found.append(f"Legal proceedings are {state}: they have to be settled first.")
    return found


def _about_those_in_it(version: TestimonyVersion, use: Use) -> list[str]:
    scopes = _permitting(use)
    asked = TestimonyVersion.objects.filter(pk=version.pk).annotate(
        consent_id=Subquery(scopes.values("consent_id")[:1]),
        why=Func(_rule_against(use), function="why_protected", output_field=TextField()),
    )
    return [why for why in asked.values_list("why", flat=True) if why]


def _about_the_consent(version: TestimonyVersion, use: Use) -> list[str]:
    listings = version.testimony.listings.all()
    consents = Consent.objects.filter(listed__in=listings.filter(withdrawn_at__isnull=True))
    if not consents and listings.exists():
        return ["The person has withdrawn this account."]
    live = list(consents.filter(pk__in=_live(use.at)))
    if live:
        scopes = ConsentScope.objects.filter(
            consent__in=live, purpose=use.purpose, audience=use.audience, channel=use.channel
        )
        return _about_the_scopes(version, list(scopes), use)
    return [_why_not_live(consent, use.at) for consent in consents] or [
        "No consent record is held for it."
    ]


def _about_the_scopes(version: TestimonyVersion, scopes: list[ConsentScope], use: Use) -> list[str]:
    channel = Channel(use.channel).label.lower()
    if not any(scope.decision == Decision.PERMIT for scope in scopes):
        return [f"The consent does not cover this: {channel}."]
    if any(scope.decision == Decision.DENY for scope in scopes):
        return [f"The person has withdrawn this: {channel}."]
    most = min(scope.max_identity for scope in scopes)
    if most <= IdentityForm.PARAPHRASE_ANONYMOUS < version.identity:
        return [
            "The consent lets the account be paraphrased, and these are the person's own words: "
            "choose or clear a paraphrase."
        ]
    if most < version.identity:
        return ["The consent does not let the person be recognised as far as this version does."]
    return []


def _why_not_live(consent: Consent, at: date) -> str:
    number = str(consent.record_id)[:8]
    if consent.state != ConsentState.GIVEN:
        return f"Consent {number} is {consent.get_state_display().lower()}."
    ends = consent.validity.upper
    if ends <= timezone.now():
        return f"Consent {number} ended on {ends.day} {ends:%B %Y}."
    if consent.validity.lower > timezone.now():
        starts = consent.validity.lower
        return f"Consent {number} starts on {starts.day} {starts:%B %Y}."
    if consent.validity.lower > _beginning_of(at):
        starts = consent.validity.lower
        return (
            f"Consent {number} starts on {starts.day} {starts:%B %Y}, "
            f"not before the day of use, {at.day} {at:%B %Y}."
        )
    return (
        f"Consent {number} ends on {ends.day} {ends:%B %Y}, "
        f"before the day of use, {at.day} {at:%B %Y}."
    )
