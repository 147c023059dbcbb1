"""What leaves of this floor: campaigns, asks, bills and amendments in their public form."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from campaigns.models import (
    Amendment,
    AmendmentOrigin,
    Ask,
    AskStatus,
    Bill,
    Campaign,
    EvidenceRole,
    Relation,
    Stage,
)
from evidence.models import Source, Statistic, Testimony, TestimonyUse
from publishing.documents import Document, Facets, Words, follows, publishes
from publishing.models import Kind, PublishedItem

PARLIAMENTS = "Open Parliament Licence v3.0"
OURS = "All rights reserved"  # what holds wherever nobody said otherwise


class Linked(serializers.Serializer[PublishedItem]):
    """Another document, named only while it is published itself."""

    id = serializers.UUIDField()
    title = serializers.CharField()


def linked(item_id: UUID) -> dict[str, Any] | None:
    """By the title that is published, which a draft of the other record does not change."""
    item = PublishedItem.objects.filter(pk=item_id).only("title").first()
    return dict(Linked(item).data) if item else None


def _live(ids: Iterable[UUID]) -> set[UUID]:
    return set(PublishedItem.objects.filter(pk__in=list(ids)).values_list("pk", flat=True))


class OrganisationPart(serializers.Serializer[Any]):
    name = serializers.CharField()
    website = Words()


@publishes(Campaign, kind=Kind.CAMPAIGN)
class CampaignDocument(Document[Campaign]):
    slug = serializers.CharField()
    summary = serializers.CharField()
    organisations = OrganisationPart(many=True)

    def get_licence(self, record: Campaign) -> str:
        return OURS

    def prose_of(self, record: Campaign) -> str:
        return record.summary


class EvidencePart(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=Kind.choices)
    role = serializers.ChoiceField(choices=EvidenceRole.choices)


class AmendmentPart(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    relation = serializers.ChoiceField(choices=Relation.choices)


@publishes(Ask, kind=Kind.ASK)
class AskDocument(Document[Ask]):
    """Its testimony is not named here, since what is named cannot vanish with a withdrawal.

    `testimonies/?ask=` lists it for as long as it is published.
    """

    reads_with = ("campaign",)
    slug = serializers.CharField()
    campaign = serializers.SerializerMethodField()
    change_wanted = serializers.CharField()
    rationale = Words()
    precedent = Words()
    year = serializers.IntegerField()
    status = serializers.ChoiceField(choices=AskStatus.choices)
    outcome = Words()
    outcome_on = serializers.DateField(allow_null=True)
    targets = OrganisationPart(many=True)
    evidence = serializers.SerializerMethodField(
        help_text="The figures and sources that are published, with what each does for the ask."
    )
    amendments = serializers.SerializerMethodField()

    def get_licence(self, record: Ask) -> str:
        return OURS

    @extend_schema_field(Linked(allow_null=True))
    def get_campaign(self, record: Ask) -> dict[str, Any] | None:
        return linked(record.campaign_id)

    @extend_schema_field(EvidencePart(many=True))
    def get_evidence(self, record: Ask) -> list[dict[str, Any]]:
        links = record.evidence.order_by("role", "pk")
        named = [
            *[(link.statistic_id, Kind.STATISTIC, link.role) for link in links],
            *[(link.source_id, Kind.SOURCE, link.role) for link in links],
        ]
        live = _live(item_id for item_id, _, _ in named if item_id)
        return [
            {"id": item_id, "kind": kind, "role": role}
            for item_id, kind, role in named
            if item_id in live
        ]

    @extend_schema_field(AmendmentPart(many=True))
    def get_amendments(self, record: Ask) -> list[dict[str, Any]]:
        links = list(record.amendment_links.order_by("pk"))
        live = _live(link.amendment_id for link in links)
        return [
            {"id": link.amendment_id, "relation": link.relation}
            for link in links
            if link.amendment_id in live
        ]

    def prose_of(self, record: Ask) -> str:
        return f"{record.change_wanted} {record.rationale} {record.precedent} {record.outcome}"

    def facets_of(self, record: Ask) -> Facets:
        """Lists of other kinds read from it what belongs to the ask."""
        return {
            "ask": [str(record.pk), record.slug],
            "topic": [record.campaign.slug] if _live([record.campaign_id]) else [],
            "items": sorted(str(item_id) for item_id in _live(_belonging(record))),
        }


def _belonging(ask: Ask) -> set[UUID]:
    links = list(ask.evidence.all())
    evidence = {link.statistic_id or link.source_id for link in links}
    uses = TestimonyUse.objects.live_on_website().in_force()
    testimonies = uses.filter(testimony__versions__ask_links__in=links).values_list(
        "feed_item", flat=True
    )
    amendments = ask.amendment_links.values_list("amendment_id", flat=True)
    sources = ask.sources.values_list("pk", flat=True)
    return {each for each in {*evidence, *testimonies, *amendments, *sources} if each}


class StagePart(serializers.Serializer[Any]):
    house = Words()
    name = Words(help_text="Parliament's own word; null where it is not known.")


class BillStage(StagePart):
    sittings = serializers.SerializerMethodField()

    def get_sittings(self, record: Stage) -> list[date]:
        return list(record.sittings.values_list("date", flat=True))


@publishes(Bill, kind=Kind.BILL)
class BillDocument(Document[Bill]):
    slug = serializers.CharField()
    parliament_id = serializers.IntegerField(allow_null=True)
    session = Words()
    original_url = Words(source="url", help_text="Where Parliament publishes it.")
    act_title = Words()
    royal_assent_on = serializers.DateField(allow_null=True)
    stages = BillStage(many=True)

    def get_licence(self, record: Bill) -> str:
        return PARLIAMENTS

    def prose_of(self, record: Bill) -> str:
        return record.act_title


class SponsorPart(serializers.Serializer[Any]):
    name = serializers.CharField(source="member.name")
    house = serializers.CharField(source="member.house")
    role = serializers.CharField()


@publishes(Amendment, kind=Kind.AMENDMENT)
class AmendmentDocument(Document[Amendment]):
    reads_with = ("stage", "as_published")
    slug = serializers.CharField()
    origin = serializers.ChoiceField(choices=AmendmentOrigin.choices)
    parliament_id = serializers.SerializerMethodField()
    bill = serializers.SerializerMethodField()
    stage = StagePart()
    number = Words(help_text="As marshalled; null where it is not known.")
    position_in_bill = serializers.SerializerMethodField()
    decision = Words(help_text="Parliament's own word; null where it is not known.")
    decided_on = serializers.DateField(allow_null=True)
    considered_on = serializers.DateField(allow_null=True)
    sponsors = SponsorPart(many=True)
    text = serializers.SerializerMethodField(help_text="Null where the wording is not held.")
    explanatory_statement = serializers.SerializerMethodField()
    note = Words(help_text="What is known, and what is not.")
    original_url = Words(source="url", help_text="Where Parliament publishes it.")

    def get_licence(self, record: Amendment) -> str:
        return OURS if record.is_own_draft else PARLIAMENTS

    @extend_schema_field(Linked(allow_null=True))
    def get_bill(self, record: Amendment) -> dict[str, Any] | None:
        return linked(record.stage.bill_id)

    def get_parliament_id(self, record: Amendment) -> int | None:
        published = getattr(record, "as_published", None)
        return published.parliament_id if published else record.parliament_id

    def get_position_in_bill(self, record: Amendment) -> str | None:
        return record.stands().place or None

    def get_text(self, record: Amendment) -> str | None:
        return record.stands().text or None

    def get_explanatory_statement(self, record: Amendment) -> str | None:
        return record.stands().explanatory_statement or None

    def title_of(self, record: Amendment) -> str:
        return str(record)

    def prose_of(self, record: Amendment) -> str:
        stands = record.stands()
        return f"{stands.text} {stands.explanatory_statement} {record.note}"


@follows(Campaign)
def asks_of(campaign: Campaign) -> Iterable[Ask]:
    return Ask.objects.approved().filter(campaign=campaign)


@follows(Bill)
def amendments_to(bill: Bill) -> Iterable[Amendment]:
    return Amendment.objects.approved().filter(stage__bill=bill)


@follows(Statistic)
def asks_on_statistic(statistic: Statistic) -> Iterable[Ask]:
    return Ask.objects.approved().filter(evidence__statistic=statistic)


@follows(Source)
def asks_on_source(source: Source) -> Iterable[Ask]:
    return Ask.objects.approved().filter(Q(evidence__source=source) | Q(sources=source))


@follows(Testimony)
def asks_on_account(testimony: Testimony) -> Iterable[Ask]:
    return Ask.objects.approved().filter(evidence__testimony_version__testimony=testimony)


@follows(Amendment)
def asks_on_amendment(amendment: Amendment) -> Iterable[Ask]:
    return Ask.objects.approved().filter(amendment_links__amendment=amendment)
