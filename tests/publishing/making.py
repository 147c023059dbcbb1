"""Published rows for tests: approved by a second person, as in the house."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from campaigns.models import Amendment, Ask, Bill, Campaign, House, Sitting, Stage
from evidence import review
from evidence.models import Channel, Claim, Reviewed, ReviewState
from evidence.website import put_on_website
from publishing import publication
from publishing.encoding import decode
from publishing.models import Kind, PublishedItem
from tests import factories as make

NAMES = UUID("00000000-0000-4000-8000-000000000000")


def approved[Record: Reviewed](record: Record) -> Record:
    """Approved and published, over sources and figures that are approved and not published."""
    for below in _below(record):
        _approve_unseen(below)
    record.refresh_from_db(fields=["review_state"])
    if record.is_approved:  # unseen, as what another one rests on
        with transaction.atomic():
            publication.publish(record)
        return record
    review.submit(record, by=make.user("officer"))
    review.approve(record, by=make.user("lead"))
    return record


def _below(record: Reviewed) -> list[Reviewed]:
    source = getattr(record, "source", None)
    inputs = [row.statistic for row in record.inputs.all()] if isinstance(record, Claim) else []
    return [each for each in (source, *inputs) if each and not each.is_approved]


def _approve_unseen(record: Reviewed) -> None:
    rows = type(record)._default_manager.filter(pk=record.pk)
    rows.update(review_state=ReviewState.IN_REVIEW)
    rows.update(
        review_state=ReviewState.APPROVED,
        approved_by=make.user("lead"),
        approved_at=timezone.now(),
    )
    record.refresh_from_db()


def retired[Record: Reviewed](record: Record) -> Record:
    review.retire(record, by=make.user("lead"))
    return record


def item_id(name: str) -> UUID:
    return uuid5(NAMES, name)


def written(
    name: str = "one",
    *,
    kind: Kind = Kind.BILL,
    text: str = "",
    expires_in: timedelta | None = None,
    **facets: list[str],
) -> PublishedItem:
    """A small document straight through the door."""
    with transaction.atomic():
        return publication.write(
            kind=kind,
            id=item_id(name),
            title=f"The {name}",
            document={"licence": "OGL v3.0", "summary": text},
            search_text=text,
            facets=facets,
            expires_at=expires_in and _now() + expires_in,
        )


def removed(name: str = "one") -> bool:
    with transaction.atomic():
        return publication.remove(item_id(name))


def document(item: PublishedItem, **more: object) -> dict[str, object]:
    """What stands in the feed for a row that `written` made."""
    segment = {Kind.BILL: "bills", Kind.TESTIMONY: "testimonies"}[Kind(item.kind)]
    return {
        "kind": item.kind,
        "id": str(item.pk),
        "title": item.title,
        "updated_at": utc(item.updated_at),
        "url": f"http://localhost:8000/api/v1/{segment}/{item.pk}/",
        "licence": "OGL v3.0",
        "summary": "",
        **more,
    }


def utc(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def campaign(slug: str = "online-safety") -> Campaign:
    return Campaign.objects.create(
        slug=slug,
        title="Online safety",
        summary="Safe services for children.",
        last_edited_by=make.user("officer"),
    )


def ask(slug: str = "advocate", **fields: object) -> Ask:
    return Ask.objects.create(
        **{
            "slug": slug,
            "campaign": Campaign.objects.filter(slug="online-safety").first() or campaign(),
            "title": f"A statutory {slug}",
            "change_wanted": "Someone speaks for children.",
            "year": 2023,
            "last_edited_by": make.user("officer"),
            **fields,
        }
    )


def bill() -> Bill:
    return Bill.objects.create(
        slug="online-safety-bill",
        parliament_id=3137,
        title="Online Safety Bill",
        session="2022-23",
        url="https://bills.parliament.uk/bills/3137",
        act_title="Online Safety Act 2023",
        royal_assent_on=date(2023, 10, 26),
        last_edited_by=make.user("officer"),
    )


def stage(of: Bill, name: str = "Report", *days: date) -> Stage:
    made = Stage.objects.create(bill=of, house=House.LORDS if name else "", name=name)
    Sitting.objects.bulk_create([Sitting(stage=made, date=day) for day in days])
    return made


def amendment(at: Stage, **fields: object) -> Amendment:
    return Amendment.objects.create(
        **{
            "slug": "advocacy-body",
            "stage": at,
            "title": "Advocacy body",
            "last_edited_by": make.user("officer"),
            **fields,
        }
    )


def on_website(title: str = "An account", text: str = "What happened to me.") -> make.Covered:
    covered = make.covered(Channel.WEBSITE_FEED, title=title, text=text)
    put_on_website(covered.version.testimony)
    return covered


def _now() -> datetime:
    return timezone.now()


def body_of(record: Any) -> dict[str, Any]:
    return decode(PublishedItem.objects.get(pk=record.pk).body)


def envelope(record: Any, kind: str, segment: str, title: str) -> dict[str, Any]:
    return {
        "kind": kind,
        "id": str(record.pk),
        "title": title,
        "updated_at": utc(PublishedItem.objects.get(pk=record.pk).updated_at),
        "url": f"http://localhost:8000/api/v1/{segment}/{record.pk}/",
    }
