"""Rows for tests: plain, without random data, everybody in them made up."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from evidence import clearing, consenting, protecting
from evidence.models import (
    AccusedSignOff,
    AnonymityWaiver,
    Area,
    AreaLevel,
    Audience,
    Channel,
    Competence,
    Consent,
    ConsentScope,
    ConsentTestimony,
    Contributor,
    ContributorIs,
    ExpressedBy,
    IdentityForm,
    IndicationMethod,
    Life,
    Measure,
    Organisation,
    Period,
    PeriodKind,
    PersonSpokenAbout,
    PrivacyNotice,
    Proceedings,
    Purpose,
    ReportingRestriction,
    RestrictionKind,
    Safeguarding,
    Source,
    SourceKind,
    Statistic,
    Testimony,
    TestimonyUse,
    TestimonyVersion,
    scope_key,
)
from evidence.models.notices import hash_of


def user(name: str) -> User:
    return User.objects.get_or_create(username=name, defaults={"is_staff": True})[0]


def organisation(key: str = "example-charity", **fields: object) -> Organisation:
    told = {"name": f"The {key}", **fields}
    return Organisation.objects.get_or_create(key=key, defaults=told)[0]


def source(key: str = "example-2023", **fields: object) -> Source:
    return Source.objects.create(
        **{
            "key": key,
            "kind": SourceKind.NEWS_REPORT,
            "title": f"Report {key}",
            "publisher": organisation(),
            "published_on": date(2023, 2, 22),
            "last_edited_by": user("officer"),
            **fields,
        }
    )


def measure() -> Measure:
    return Measure.objects.get_or_create(
        key="image-crimes", defaults={"name": "Image crimes", "definition": "Recorded offences."}
    )[0]


def area(code: str = "W92000004", name: str = "Wales", parent: Area | None = None) -> Area:
    defaults = {"name": name, "level": AreaLevel.COUNTRY, "parent": parent}
    return Area.objects.get_or_create(gss_code=code, defaults=defaults)[0]


def financial_year(start: int = 2016) -> Period:
    return Period.objects.get_or_create(
        label=f"{start}/{(start + 1) % 100:02}",
        kind=PeriodKind.FINANCIAL_YEAR,
        start=date(start, 4, 1),
        end=date(start + 1, 3, 31),
    )[0]


def statistic(printed: str = "1,437", **fields: object) -> Statistic:
    if "source" not in fields:
        fields["source"] = Source.objects.filter(key="example-2023").first() or source()
    return Statistic.objects.create(
        **{
            "measure": measure(),
            "area": area(),
            "period": financial_year(),
            "value_printed": printed,
            "value": printed.replace(",", ""),
            "last_edited_by": user("officer"),
            **fields,
        }
    )


def testimony(
    title: str = "An account", *, contributor: Contributor | None = None, **fields: object
) -> Testimony:
    return Testimony.objects.create(
        **{
            "contributor": contributor
            or Contributor.objects.create(label=title, is_fictional=True),
            "title": title,
            "collected_on": date(2026, 1, 15),
            "collected_by": user("officer"),
            "safeguarding": Safeguarding.NONE,
            "proceedings": Proceedings.NONE,
            **fields,
        }
    )


def version(
    of: Testimony, text: str = "What happened to me.", **fields: object
) -> TestimonyVersion:
    return TestimonyVersion.objects.create(
        **{
            "testimony": of,
            "number": of.versions.count() + 1,
            "text": text,
            "attribution": "Robin (a pseudonym)",
            "identity": IdentityForm.PSEUDONYM,
            "anonymity_note": "A pseudonym; details are changed.",
            "written_by": user("officer"),
            "contributor_approved_at": timezone.now(),
            "jigsaw_reviewed_by": user("lead"),
            "jigsaw_reviewed_at": timezone.now(),
            **fields,
        }
    )


def cleared(
    of: Testimony, text: str = "What happened to me.", **fields: object
) -> TestimonyVersion:
    made = version(of, text, **fields)
    clearing.clear(made, by=user("lead"))
    return made


def notice(version: str = "2026-01", **fields: object) -> PrivacyNotice:
    """It asks for everything, so that a test says itself what it leaves out."""
    text = f"The privacy notice {version}, as shown."
    return PrivacyNotice.objects.get_or_create(
        version=version,
        defaults={
            "text": text,
            "sha256": hash_of(text),
            "covers": [
                scope_key(purpose, audience, channel)
                for purpose in Purpose
                for audience in Audience
                for channel in Channel
            ],
            "controllers": "An example charity",
            "recipients": "Members of Parliament",
            "storage_location": "Here",
            "retention_months": 24,
            "backup_days": 35,
            "withdrawal_method": "By telephone.",
            **fields,
        },
    )[0]


def requested_consent(contributor: Contributor, **fields: object) -> Consent:
    now = timezone.now()
    return Consent.objects.create(
        **{
            "contributor": contributor,
            "notice": fields.get("notice") or notice(),
            "indication_method": IndicationMethod.WRITTEN_SIGNED,
            "event_time": now,
            "validity": (now - timedelta(days=30), now + timedelta(days=300)),
            "review_due": (now + timedelta(days=200)).date(),
            "age_at_consent": 34,
            "recorded_by": user("officer"),
            **fields,
        }
    )


def scope(consent: Consent, channel: str = Channel.BRIEFING_PACK, **fields: object) -> ConsentScope:
    website = channel == Channel.WEBSITE_FEED
    return ConsentScope.objects.create(
        **{
            "consent": consent,
            "purpose": Purpose.PUBLIC_AWARENESS if website else Purpose.POLICY_BRIEFING,
            "audience": Audience.PUBLIC if website else Audience.PARLIAMENT_MEMBERS,
            "channel": channel,
            "max_identity": IdentityForm.PSEUDONYM,
            "irrevocable_understood": True,
            **fields,
        }
    )


@dataclass(frozen=True)
class Covered:
    """A cleared version with a live consent for the channels that were asked for."""

    version: TestimonyVersion
    consent: Consent
    scopes: dict[str, ConsentScope]


def covered(
    *channels: str, title: str = "An account", text: str = "What happened to me.", **fields: object
) -> Covered:
    account = testimony(title)
    words = cleared(account, text)
    consent = requested_consent(account.contributor, **fields)
    ConsentTestimony.objects.create(consent=consent, testimony=account)
    scopes = {
        channel: scope(consent, channel) for channel in (channels or (Channel.BRIEFING_PACK,))
    }
    consenting.give(consent)
    consent.refresh_from_db()
    return Covered(words, consent, scopes)


def renewal(of: Covered, *channels: str, **fields: object) -> Consent:
    """The record that is to take its place, for the same account; asked for, not given yet."""
    consent = requested_consent(of.consent.contributor, replaces=of.consent, **fields)
    ConsentTestimony.objects.create(consent=consent, testimony=of.version.testimony)
    for channel in channels or (Channel.BRIEFING_PACK,):
        scope(consent, channel)
    return consent


def child(age: int, **fields: object) -> dict[str, object]:
    """What a consent says of a child of that age, who decides if old enough and agrees anyhow."""
    ends = moment(335).date().replace(day=1)  # within a year of being given
    return {
        "age_at_consent": age,
        "competence": Competence.GILLICK_COMPETENT if age < 16 else Competence.ADULT_PRESUMED,
        "expressed_by": ExpressedBy.BOTH if age < 13 else ExpressedBy.SUBJECT,
        "subject_assent": True,
        "reconsent_month": ends,
        **fields,
    }


def person_spoken_about(of: Testimony, **fields: Any) -> PersonSpokenAbout:
    """Noted by one; a cap at the pseudonym, to which no account begins, agreed by another."""
    raised = fields.get("max_identity") == IdentityForm.PSEUDONYM
    noted = PersonSpokenAbout.objects.create(
        **{
            "testimony": of,
            "contributor_is": ContributorIs.PARENT,
            "is_complainant": True,
            "life": Life.LIVING,
            "death_noted_by": user("keeper") if fields.get("life") == Life.DIED else None,
            **fields,
            **({"max_identity": IdentityForm.VERBATIM_ANONYMOUS} if raised else {}),
        }
    )
    return loosened(noted, max_identity=IdentityForm.PSEUDONYM) if raised else noted


def accused_sign_off(
    person: PersonSpokenAbout, words: TestimonyVersion, by: str = "lawyer"
) -> AccusedSignOff:
    return AccusedSignOff.objects.create(person=person, version=words, signed_by=user(by))


def loosened(person: PersonSpokenAbout, **fields: Any) -> PersonSpokenAbout:
    """What protects them less, as two people have it."""
    for name, value in fields.items():
        setattr(person, name, value)
    protecting.note(person, by=user("keeper"))
    protecting.agree(person, by=user("lead"))
    person.refresh_from_db()
    return person


def restriction(of: Testimony, **fields: object) -> ReportingRestriction:
    return ReportingRestriction.objects.create(
        **{
            "testimony": of,
            "kind": RestrictionKind.COURT_ORDER,
            "noted_by": user("officer"),
            **fields,
        }
    )


def waiver(
    consent: Consent, words: TestimonyVersion, publication: str = "pack:one", **fields: Any
) -> AnonymityWaiver:
    """Recorded; nobody has signed it yet. The contributor's own says that they want to be named."""
    if not fields.get("complainant"):
        Contributor.objects.filter(pk=consent.contributor_id, erased_at=None).update(
            lifelong_anonymity=False
        )
    age = fields.get("age_when_signed", max(consent.age_at_consent, 16))
    years_before = max(consent.age_at_consent - age, 0)
    return AnonymityWaiver.objects.create(
        **{
            "consent": consent,
            "version": words,
            "publication": publication,
            "matter": "What happened, under my own name.",
            "signed_at": timezone.now() - timedelta(days=10 + 365 * years_before),
            "age_when_signed": age,
            "document_sha256": "b" * 64,
            "recorded_by": user("officer"),
            **fields,
        }
    )


def signed_waiver(
    consent: Consent, words: TestimonyVersion, publication: str = "pack:one", **fields: object
) -> AnonymityWaiver:
    made = waiver(consent, words, publication, **fields)
    made.pressure_checked_by, made.pressure_checked_at = user("lead"), timezone.now()
    made.legal_sign_off_by, made.legal_sign_off_at = user("lawyer"), timezone.now()
    made.save(
        update_fields=[
            "pressure_checked_by",
            "pressure_checked_at",
            "legal_sign_off_by",
            "legal_sign_off_at",
        ]
    )
    return made


def named(
    identity: int = IdentityForm.FIRST_NAME, title: str = "An account by name", **fields: object
) -> Covered:
    """A version that names the person, which a consent covers; the waiver is still to come."""
    account = testimony(title)
    words = cleared(account, identity=identity)
    consent = requested_consent(account.contributor, **fields)
    ConsentTestimony.objects.create(consent=consent, testimony=account)
    scopes = {
        channel: scope(consent, channel, max_identity=IdentityForm.IMAGE_VOICE)
        for channel in (Channel.BRIEFING_PACK, Channel.WEBSITE_FEED)
    }
    consenting.give(consent)
    consent.refresh_from_db()
    return Covered(words, consent, scopes)


def contributor_erased(title: str = "An account") -> Covered:
    """Somebody who was erased, with what is left of their account and consent."""
    covering = covered(title=title)
    with connection.cursor() as cursor:
        cursor.execute("SELECT erase_contributor(%s)", [covering.consent.contributor_id])
    covering.consent.contributor.refresh_from_db()
    covering.consent.refresh_from_db()
    covering.version.refresh_from_db()
    return covering


def raw_use(of: Covered, channel: str = Channel.BRIEFING_PACK, **fields: object) -> TestimonyUse:
    """Straight into the table: no predicate of ours in between."""
    website = channel == Channel.WEBSITE_FEED
    return TestimonyUse.objects.create(
        **{
            "version": of.version,
            "testimony_id": of.version.testimony_id,
            "consent": of.consent,
            "scope": of.scopes[channel],
            "identity": of.version.identity,
            "used_on": timezone.localdate(),
            "feed_item": of.version.testimony.public_id if website else None,
            "artefact_sha256": "a" * 64,
            **fields,
        }
    )


def moment(days: int) -> datetime:
    return timezone.now() + timedelta(days=days)
