"""A campaign, its asks, and the evidence, objections and questions of each."""

from django.utils import timezone

from campaigns.fixture_files.chosen import chosen_evidence
from campaigns.models import (
    Ask,
    AskStatus,
    Campaign,
    EvidenceLink,
    EvidenceRole,
    MinisterQuestion,
    Objection,
    Strength,
)
from evidence.fixture_files import Entry, LoadedEvidence, Loading
from evidence.fixture_files.adding import id_of
from evidence.fixture_files.adding import known as known_row


def load_campaign(loading: Loading, known: LoadedEvidence, entry: Entry) -> None:
    slug = entry.text("slug")
    made = Campaign(
        id=id_of(Campaign, slug),
        slug=slug,
        title=entry.text("title"),
        summary=entry.text("summary"),
        last_edited_by=loading.officer,
    )
    organisations = known.vocabulary.organisation_list(entry, "organisations")
    campaign = loading.add(
        entry,
        known_row(Campaign, slug, slug=slug),
        made,
        lambda campaign: campaign.organisations.set(organisations),
    )
    for position, item in enumerate(entry.entries("asks"), start=1):
        _ask(loading, known, campaign, position, item)
    entry.done()


def _ask(
    loading: Loading, known: LoadedEvidence, campaign: Campaign, position: int, entry: Entry
) -> None:
    made = _made(loading, campaign, position, entry)
    targets = known.vocabulary.organisation_list(entry, "targets")
    sources = known.evidence.named_sources(loading, entry, "sources")
    links = [_link(loading, known, made, item) for item in entry.entries("evidence")]
    objections = [_objection(made, *each) for each in enumerate(entry.entries("objections"))]
    questions = [
        MinisterQuestion(ask=made, position=place, text=text)
        for place, text in enumerate(entry.texts("questions"))
    ]
    entry.done()

    def lines(ask: Ask) -> None:
        ask.targets.set(targets)
        ask.sources.set(sources)
        EvidenceLink.objects.bulk_create(link for link in links if link)
        Objection.objects.bulk_create(objections)
        MinisterQuestion.objects.bulk_create(questions)

    loading.add(entry, known_row(Ask, made.slug, slug=made.slug), made, lines)


def _made(loading: Loading, campaign: Campaign, position: int, entry: Entry) -> Ask:
    slug = entry.text("slug")
    return Ask(
        id=id_of(Ask, slug),
        slug=slug,
        campaign=campaign,
        position=position,
        title=entry.text("title"),
        change_wanted=entry.text("change_wanted"),
        rationale=entry.text("rationale", ""),
        precedent=entry.text("precedent", ""),
        year=entry.number("year"),
        status=entry.choice("status", AskStatus.values, AskStatus.ACTIVE),
        outcome=entry.text("outcome", ""),
        outcome_on=entry.maybe_day("outcome_on"),
        last_edited_by=loading.officer,
    )


def _objection(ask: Ask, position: int, entry: Entry) -> Objection:
    made = Objection(
        ask=ask,
        position=position,
        objection=entry.text("objection"),
        answer=entry.text("answer", ""),
    )
    entry.done()
    return made


def _link(loading: Loading, known: LoadedEvidence, ask: Ask, entry: Entry) -> EvidenceLink | None:
    """Whoever loads it puts their name to a strength for which the file gives a reason."""
    chosen = chosen_evidence(loading, known, entry)
    made = EvidenceLink(
        ask=ask,
        role=entry.choice("role", EvidenceRole.values),
        strength=entry.choice("strength", Strength.values, Strength.MODERATE),
        reason=entry.text("reason", ""),
    )
    entry.done()
    if chosen is None:
        return None
    if made.reason:
        made.judged_by, made.judged_at = loading.officer, timezone.now()
    field, row = chosen
    setattr(made, field, row)
    return made
