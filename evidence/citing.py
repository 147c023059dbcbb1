"""How a source of ours is cited, and what it takes its figures from."""

from typing import Any

from evidence import citation
from evidence.models import Source, SourceKind

# How OSCOLA describes what is neither news nor a Freedom of Information response.
DESCRIPTIONS = {
    SourceKind.CHARITY_RELEASE: "press release",
    SourceKind.OFFICIAL_STATISTICS: "official statistics",
    SourceKind.SURVEY: "survey",
    SourceKind.COMMITTEE_EVIDENCE: "written evidence",
    SourceKind.HANSARD: "Hansard",
}


def citation_of(source: Source) -> str:
    return citation.cite(cited(source))


def cited(source: Source) -> citation.Citable:
    """The source as OSCOLA sees it. A Bill or debate whose House nothing tells is a report."""
    return _in_parliament(source) or _publication(source)


def _in_parliament(source: Source) -> citation.Bill | citation.Hansard | None:
    where = f"{source.url} {source.publisher.name}"
    if source.kind == SourceKind.HANSARD:
        return citation.read_debate(source.title, where=where, date=source.published_on)
    if source.kind == SourceKind.LEGISLATION and not source.title_is_ours:
        bill = citation.read_bill(source.title, where=where)
        return bill if bill and bill.house else None
    return None


def _publication(source: Source) -> citation.News | citation.Report | citation.FoiResponse:
    what: dict[str, Any] = {
        "title": source.title,
        "title_is_ours": source.title_is_ours,
        "date": source.date_label,
        "url": source.url,
        "accessed": source.accessed_on,
    }
    publisher = source.publisher.name
    if source.kind == SourceKind.NEWS_REPORT:
        return citation.News(**what, newspaper=publisher, author=source.authors)
    if source.kind == SourceKind.FOI_RESPONSE:
        return citation.FoiResponse(**what, authority=publisher)
    described = DESCRIPTIONS.get(SourceKind(source.kind), "")
    author = source.authors or publisher
    return citation.Report(**what, author=author, description=described)


def upstream(source: Source) -> list[Source]:
    """What it takes its figures from, nearest first, as far as that is approved."""
    chain: dict[Any, Source] = {}
    nearest = [source]
    while nearest:
        above = Source.objects.approved().filter(derivatives__in=nearest).exclude(pk=source.pk)
        rows = above.exclude(pk__in=chain).select_related("publisher").distinct()
        nearest = list(rows.order_by("published_on", "key"))
        chain |= {each.pk: each for each in nearest}
    return list(chain.values())
