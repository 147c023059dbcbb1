"""Which source an entry is, and which entry a source."""

import re
from datetime import date
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError

from evidence.bibliography.dates import UNDATED, PrintedDate, read_date
from evidence.bibliography.entries import Entry, UnreadableEntry
from evidence.models import Source, SourceKind

DEFAULT_LANGUAGE = "en-GB"

KINDS: dict[str, SourceKind] = {
    **dict.fromkeys(
        ["article-newspaper", "article-magazine", "article", "post-weblog", "post", "broadcast"],
        SourceKind.NEWS_REPORT,
    ),
    **dict.fromkeys(["legislation", "bill", "regulation"], SourceKind.LEGISLATION),
    "hearing": SourceKind.COMMITTEE_EVIDENCE,
    "dataset": SourceKind.OFFICIAL_STATISTICS,
}
# What a CSL type leaves open is told by the genre, where a curator or Zotero wrote one.
TYPES: dict[str, str] = {
    SourceKind.NEWS_REPORT: "article-newspaper",
    SourceKind.LEGISLATION: "legislation",
    SourceKind.COMMITTEE_EVIDENCE: "hearing",
    SourceKind.HANSARD: "hearing",
    SourceKind.OFFICIAL_STATISTICS: "dataset",
}
HINTS: dict[SourceKind, re.Pattern[str]] = {
    kind: re.compile(pattern, re.IGNORECASE)
    for kind, pattern in {
        SourceKind.FOI_RESPONSE: r"\bfreedom of information\b|\bFOI\b",
        SourceKind.HANSARD: r"\bhansard\b|\b(?:parliamentary|lords|commons) debates?\b",
        SourceKind.CHARITY_RELEASE: r"\b(?:press|news|media|charity) release\b",
        SourceKind.SURVEY: r"\b(?:survey|opinion poll|poll)\b",
        SourceKind.OFFICIAL_STATISTICS: r"\b(?:official|national) statistics\b",
        SourceKind.COMMITTEE_EVIDENCE: r"\b(?:written|oral|committee) evidence\b",
    }.items()
}
LANGUAGES = {"english": "en-GB", "british": "en-GB", "eng": "en-GB", "en": "en-GB"}
LANGUAGES |= {"welsh": "cy", "cymraeg": "cy", "cym": "cy", "wel": "cy"}

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z]{2})?")


def kind_of(entry: Entry) -> SourceKind:
    for kind, hint in HINTS.items():
        if hint.search(entry.genre) or (
            kind is SourceKind.HANSARD and hint.search(entry.publisher)
        ):
            return kind
    return KINDS.get(entry.type, SourceKind.REPORT)


def publisher_of(entry: Entry) -> str:
    """Who published it: as told, else the first author, else the site that it stands on."""
    site = (urlsplit(entry.url).hostname or "").removeprefix("www.")
    publisher = entry.publisher or (entry.authors[0] if entry.authors else site)
    if not publisher:
        raise UnreadableEntry("names no publisher, author or web address")
    if len(publisher) > 200:
        raise UnreadableEntry("has a publisher of more than 200 characters")
    return publisher


def draft_of(entry: Entry) -> Source:
    """A source as the entry tells it, not saved and still without key, publisher and editor."""
    source = Source(
        kind=kind_of(entry),
        title=entry.title,
        authors="; ".join(entry.authors),
        url=entry.url,
        doi=entry.doi,
        published_on=entry.issued.on,
        published_label=entry.issued.label,
        accessed_on=entry.accessed,
        language=_language(entry.language),
        licence=entry.licence,
        reliability_note=entry.note,
    )
    try:
        source.clean_fields(exclude=["key", "publisher", "last_edited_by"])
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        name = Source._meta.get_field(field).verbose_name  # type: ignore[union-attr]
        raise UnreadableEntry(f"cannot be kept: {name}: {messages[0].rstrip('.')}") from None
    return source


def entry_of(source: Source) -> Entry:
    kind = SourceKind(source.kind)
    type_ = TYPES.get(kind, "report")
    return Entry(
        id=source.key,
        type=type_,
        title=source.title,
        genre="" if KINDS.get(type_, SourceKind.REPORT) is kind else str(kind.label),
        authors=tuple(filter(None, (name.strip() for name in source.authors.split(";")))),
        publisher=source.publisher.name,
        url=source.url,
        doi=source.doi,
        issued=_issued(source.published_on, source.published_label),
        accessed=source.accessed_on,
        language=source.language,
        licence=source.licence,
        note=source.reliability_note,
    )


def _issued(on: date | None, label: str) -> PrintedDate:
    if on:
        return PrintedDate(on=on)
    return read_date(label) if label else UNDATED


def _language(told: str) -> str:
    tag = told.replace("_", "-")
    if named := LANGUAGES.get(tag.casefold()):
        return named
    language, _, region = tag.partition("-")
    tag = f"{language.lower()}-{region.upper()}".rstrip("-")
    return tag if _LANGUAGE.fullmatch(tag) else DEFAULT_LANGUAGE
