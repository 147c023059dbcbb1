"""Composes a pack: what was chosen goes in, blocks come out, and what was left out and why."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from campaigns.briefing.blocks import (
    LATEST_EDITION,
    BadBriefing,
    Block,
    Briefing,
    Contact,
    Heading,
)
from campaigns.composing.accounts import report_restricted
from campaigns.composing.figures import settle
from campaigns.composing.gathered import Account, Gathered
from campaigns.composing.placing import header
from campaigns.composing.sections import section_blocks
from campaigns.composing.speech import speaking_note
from campaigns.composing.warning import warnings
from campaigns.joint import contacts
from campaigns.models import House, Layout, Pack, PackItem, PackSection
from evidence.models import Channel, Claim, Reviewed, Statistic
from evidence.permission import Use
from evidence.refusing import Refused


@dataclass(frozen=True)
class Composition:
    """A pack put together for one day of use. With `stops` it can be read, but not printed."""

    pack: Pack
    use: Use
    briefing: Briefing
    figures: tuple[Statistic, ...]
    claims: tuple[Claim, ...]
    accounts: tuple[Account, ...]
    records: tuple[Reviewed, ...]
    refusals: tuple[str, ...]
    warnings: tuple[str, ...]
    stops: tuple[str, ...]

    def refuse_if_stopped(self) -> None:
        if self.stops:
            raise Refused(" ".join(self.stops))


def compose(pack: Pack, *, at: date | None = None) -> Composition:
    """The pack as it would read on a day: without one, on its own date of use."""
    gathered = Gathered(pack, use_of(pack, at=at))
    blocks = tuple(
        block for section in _sections(pack) for block in section_blocks(section, gathered)
    )
    spoken = tuple(speaking_note(gathered)) if pack.layout == Layout.FULL else ()
    settle(gathered)
    briefing = _briefing(gathered, (*blocks, *spoken), contacts(pack))
    report_restricted(gathered)
    gathered.warnings.extend(warnings(pack, briefing))
    return Composition(
        pack=pack,
        use=gathered.use,
        briefing=briefing,
        figures=tuple(gathered.figures.values()),
        claims=tuple(gathered.claims.values()),
        accounts=tuple(gathered.accounts.values()),
        records=tuple(gathered.records.values()),
        refusals=tuple(gathered.refusals),
        warnings=tuple(gathered.warnings),
        stops=tuple(gathered.stops),
    )


def use_of(pack: Pack, *, at: date | None = None) -> Use:
    """What printing a testimony in this pack means, in the words of a consent."""
    return Use(
        purpose=pack.purpose,
        audience=pack.audience,
        channel=Channel.BRIEFING_PACK,
        at=at or pack.used_on,
        publication=f"pack:{pack.slug}",
    )


def _sections(pack: Pack) -> list[PackSection]:
    chosen = PackItem.objects.select_related(
        "ask",
        "amendment__stage",
        "claim__source__publisher",
        "statement__source__publisher",
        "statistic__measure",
        "statistic__area",
        "statistic__period",
        "statistic__printed_period",
        "statistic__source__publisher",
        "testimony_version__testimony",
    )
    chosen = chosen.prefetch_related(
        "claim__inputs__statistic__area",
        "claim__inputs__statistic__period",
        "claim__inputs__statistic__source",
    )
    return list(pack.sections.prefetch_related(Prefetch("items", queryset=chosen)))


def _briefing(
    gathered: Gathered, blocks: tuple[Block, ...], senders: tuple[Contact, ...]
) -> Briefing:
    pack = gathered.pack
    whom_to_ask: tuple[Block, ...] = (Heading("About us"), *senders) if senders else ()
    peers = pack.stage.house != House.COMMONS
    try:
        return Briefing(
            title=pack.title,
            header=header(pack, gathered.amendments, at=gathered.use.at),
            strapline="Briefing for Peers" if peers else "Briefing for Members of Parliament",
            organisations=tuple(each.organisation for each in senders),
            date_of_use=gathered.use.at,
            layout="one_page" if pack.layout == Layout.ONE_PAGE else "full",
            edition=LATEST_EDITION,
            blocks=(*blocks, *whom_to_ask),
            notes=tuple(gathered.footnotes.notes.values()),
        )
    except BadBriefing as problem:
        raise Refused(str(problem)) from problem
