"""Rows for tests: plain, without random data, everybody in them made up."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from django.contrib.auth.models import User
from django.utils import timezone

from evidence import clearing, consenting
from evidence.models import (
    Area,
    AreaLevel,
    Audience,
    Channel,
    Consent,
    ConsentScope,
    ConsentTestimony,
    Contributor,
    IdentityForm,
    IndicationMethod,
    Measure,
    Organisation,
    Period,
    PeriodKind,
    Proceedings,
    Purpose,
    Safeguarding,
    Source,
    SourceKind,
    Statistic,
    Testimony,
    TestimonyVersion,
)

NOTICE = sha256(b"the privacy notice, as shown").hexdigest()


def user(name: str) -> User:
    return User.objects.get_or_create(username=name, defaults={"is_staff": True})[0]


def organisation(key: str = "example-charity") -> Organisation:
    return Organisation.objects.get_or_create(key=key, defaults={"name": f"The {key}"})[0]


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


def testimony(title: str = "An account", *, contributor: Contributor | None = None) -> Testimony:
    return Testimony.objects.create(
        contributor=contributor or Contributor.objects.create(label=title, is_fictional=True),
        title=title,
        collected_on=date(2026, 1, 15),
        collected_by=user("officer"),
        safeguarding=Safeguarding.NONE,
        proceedings=Proceedings.NONE,
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


def cleared(of: Testimony, text: str = "What happened to me.") -> TestimonyVersion:
    made = version(of, text)
    clearing.clear(made, by=user("lead"))
    return made


def requested_consent(contributor: Contributor, **fields: object) -> Consent:
    now = timezone.now()
    return Consent.objects.create(
        **{
            "contributor": contributor,
            "notice_version": "2026-01",
            "notice_sha256": NOTICE,
            "indication_method": IndicationMethod.WRITTEN_SIGNED,
            "event_time": now - timedelta(days=30),
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


def moment(days: int) -> datetime:
    return timezone.now() + timedelta(days=days)
