"""What happened to issued versions since: withdrawals, corrections, amendments, newer versions."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import pypdfium2
from django.utils import timezone

from campaigns.manifests import fingerprint
from campaigns.models import ChangeKind, PackVersion, SyncChange, VersionMark, VersionRecall, Why
from campaigns.models.packs import in_words
from evidence.models import ClaimInput, Correction, Statistic, TestimonyUse

TOLD_OF = (
    ChangeKind.NUMBERED,
    ChangeKind.LETTERED,
    ChangeKind.RENUMBERED,
    ChangeKind.GROUPED,
    ChangeKind.TEXT_CHANGED,
    ChangeKind.DECIDED,
)
CALLED_BACK = "It was called back."  # for our own eyes, and even there not why


@dataclass(frozen=True, slots=True)
class Issued:
    """As much of a version as is needed to tell what concerns it."""

    pk: UUID
    pack: UUID
    number: int
    issued_at: datetime
    personalised: bool
    items: dict[str, str]  # the hash of what each record said then, by its id

    @property
    def day(self) -> Any:
        return timezone.localdate(self.issued_at)


def find() -> None:
    """Write down what is new; what was found before stays as it was found."""
    issued = _issued()
    found = [*_recalls(), *_corrections(issued), *_amendments(issued), *_newer(issued)]
    VersionMark.objects.bulk_create(found, ignore_conflicts=True)


def _issued() -> list[Issued]:
    columns = ("pk", "pack", "number", "issued_at", "personalised", "manifest__items")
    return [
        Issued(
            *(pk, pack, number, issued_at, personalised),
            {each["id"]: each["sha256"] for each in items or []},
        )
        for pk, pack, number, issued_at, personalised, items in PackVersion.objects.values_list(
            *columns
        )
    ]


def _recalls() -> Iterator[VersionMark]:
    uses = TestimonyUse.objects.filter(recalled_at__isnull=False, copy_use__isnull=False)
    pairs = uses.order_by().values_list("copy_use__copy__version", "version").distinct()
    for version, account in pairs:
        yield _mark(version, Why.RECALL, f"account:{account}", CALLED_BACK)
    for pk, version in VersionRecall.objects.values_list("pk", "version"):
        yield _mark(version, Why.RECALL, f"recall:{pk}", CALLED_BACK)


def _corrections(issued: list[Issued]) -> Iterator[VersionMark]:
    for correction in Correction.objects.select_related("statistic"):
        figure, cause = correction.statistic, f"correction:{correction.pk}"
        known = set(VersionMark.objects.filter(cause=cause).values_list("version", flat=True))
        claims = ClaimInput.objects.filter(statistic=figure).values_list("claim", flat=True)
        resting = {str(each) for each in claims}
        for version in issued:
            if version.pk in known or correction.corrected_on < version.day:
                continue
            if _prints_the_old(figure, resting, version):
                told = (
                    f"“{correction.was}” is corrected to “{correction.now}”. "
                    f"{correction.explanation}"
                )
                page = _page_of(version, correction.was.split(", ")[0])
                yield _mark(version.pk, Why.CORRECTION, cause, told, page)


def _prints_the_old(figure: Statistic, claims: set[str], version: Issued) -> bool:
    if not figure.approved_at or figure.approved_at <= version.issued_at:
        return False
    said = version.items.get(str(figure.pk))
    return said != fingerprint(figure) if said else bool(claims & version.items.keys())


def _page_of(version: Issued, printed: str) -> int | None:
    """The one page that prints it; None where none or several do, or each copy's is another."""
    if version.personalised:
        return None
    content = PackVersion.objects.values_list("content", flat=True).get(pk=version.pk)
    if not content:
        return None
    whole = re.compile(rf"(?<![\d.,]){re.escape(printed)}(?!\d|[.,]\d)")
    with pypdfium2.PdfDocument(bytes(content)) as document:
        pages = [
            number
            for number, page in enumerate(document, 1)
            if whole.search(page.get_textpage().get_text_bounded())
        ]
    return pages[0] if len(pages) == 1 else None


def _amendments(issued: list[Issued]) -> Iterator[VersionMark]:
    changes = SyncChange.objects.filter(kind__in=TOLD_OF, amendment__isnull=False, is_ours=True)
    if issued:
        changes = changes.filter(raised_at__gt=min(each.issued_at for each in issued))
    for change in changes.select_related("amendment"):
        for version in issued:
            if change.raised_at > version.issued_at and str(change.amendment_id) in version.items:
                told = f"{change.amendment}: {_in_words(change)}."
                yield _mark(version.pk, Why.AMENDMENT, f"change:{change.pk}", told)


def _in_words(change: SyncChange) -> str:
    """Of a wording only that it changed: what is kept of it is a hash or a beginning."""
    kind = change.get_kind_display().lower()
    if change.kind == ChangeKind.TEXT_CHANGED:
        return kind
    told = " → ".join(filter(None, (change.before, change.after)))
    return f"{kind}, {told}" if told else kind


def _newer(issued: list[Issued]) -> Iterator[VersionMark]:
    for newer in issued:
        told = f"Version {newer.number} was issued on {in_words(newer.issued_at)}."
        for version in issued:
            if version.pack == newer.pack and version.number < newer.number:
                yield _mark(version.pk, Why.NEW_VERSION, f"version:{newer.pk}", told)


def _mark(version: UUID, why: Why, cause: str, told: str, page: int | None = None) -> VersionMark:
    return VersionMark(version_id=version, why=why, cause=cause, told=told, page=page)
