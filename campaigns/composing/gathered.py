"""What comes together beside the blocks while a pack is composed: notes, sources, refusals."""

import uuid
from dataclasses import dataclass, field

from campaigns.briefing.blocks import Speech
from campaigns.composing.footnotes import Footnotes
from campaigns.models import Amendment, Ask, Pack
from evidence.models import Claim, Reviewed, Source, Statistic, TestimonyVersion
from evidence.permission import Use


@dataclass(frozen=True)
class Account:
    """A testimony that the pack prints, by which consent, and what its reader may do with it."""

    version: TestimonyVersion
    consent_id: uuid.UUID
    scope_id: int
    speech: Speech


@dataclass
class Gathered:
    """One composition under way: every part adds to it what the reader or the officer must know."""

    pack: Pack
    use: Use
    figures: dict[uuid.UUID, Statistic] = field(default_factory=dict)
    claims: dict[uuid.UUID, Claim] = field(default_factory=dict)
    accounts: dict[uuid.UUID, Account] = field(default_factory=dict)
    records: dict[uuid.UUID, Reviewed] = field(default_factory=dict)
    sources: dict[uuid.UUID, Source] = field(default_factory=dict)
    asks: dict[uuid.UUID, Ask] = field(default_factory=dict)
    amendments: list[Amendment] = field(default_factory=list)
    chosen: list[Statistic | Claim] = field(default_factory=list)
    as_background: set[uuid.UUID] = field(default_factory=set)
    footnotes: Footnotes = field(init=False)
    tiled: set[uuid.UUID] = field(default_factory=set)
    charted: set[uuid.UUID] = field(default_factory=set)
    refusals: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    stops: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.footnotes = Footnotes(self.pack.notes)

    def rest_on(self, source: Source) -> None:
        """Remember a source that the pack rests on, and those upstream of it."""
        if source.pk in self.sources:
            return
        self.sources[source.pk] = source
        for upstream in source.derived_from.all():
            self.rest_on(upstream)

    def refuse(self, what: object, why: str) -> None:
        sentence = f"{what} is left out: {why}"
        if sentence not in self.refusals:
            self.refusals.append(sentence)

    def admits(self, record: Reviewed) -> bool:
        """Whether a second person has approved it; if not, the officer is told what is missing."""
        if why := why_not(record):
            self.refuse(named(record), why)
            return False
        self.records[record.pk] = record
        return True

    def admits_from(self, record: Reviewed, source: Source) -> bool:
        """Likewise for a record that stands on a source: approved, and never retracted."""
        if why := why_not_from(record, source):
            self.refuse(named(record), why)
            return False
        self.records |= {record.pk: record, source.pk: source}
        self.rest_on(source)
        return True


def why_not(record: Reviewed) -> str:
    """Why it may not be printed; empty where it may."""
    if record.is_approved:
        return ""
    return f"it is {record.get_review_state_display().lower()}, not approved."


def why_not_from(record: Reviewed, source: Source) -> str:
    if why := why_not(record):
        return why
    if source.retracted_on:
        return f"{source.key} was retracted on {source.retracted_on:%-d %B %Y}."
    state = source.get_review_state_display().lower()
    return "" if source.is_approved else f"its source {source.key} is {state}, not approved."


def named(record: Reviewed) -> str:
    return f"{str(record._meta.verbose_name).capitalize()} “{record}”"
