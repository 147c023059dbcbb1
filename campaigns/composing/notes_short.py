"""Footnotes as short as they can be, each a link: NSPCC FOI, four of four forces, 2021/22."""

from campaigns.briefing.blocks import Text
from campaigns.composing.working import NoteRuns, asides, bill_cited, forces, sums
from campaigns.models import Amendment, Stage
from evidence import citation
from evidence.citing import cited, upstream
from evidence.models import Claim, Source, Statistic


def of_figure(figure: Statistic) -> NoteRuns:
    """Who counted, how many answered, when; and where we read it, if that was somewhere else."""
    chain = upstream(figure.source)
    counted = chain[-1] if chain else figure.source
    told = ", ".join(filter(None, (_name(counted), forces(figure), str(figure.period))))
    if not chain:
        return (Text(told, link=counted.url), Text("."), *asides(figure))
    unseen = "" if counted.held else ", not seen by us"
    read = (Text(f"{unseen}; read in "), *of_source(figure.source))
    return (Text(told, link=counted.url), *read, *asides(figure))


def of_claim(claim: Claim) -> NoteRuns:
    if claim.source is None:
        return (Text(f"Our own computation. {sums(claim)}"),)
    return (Text(f"{sums(claim)} "), *of_source(claim.source))


def of_source(source: Source) -> NoteRuns:
    """What it is, and its day: the name leads to it."""
    work = cited(source)
    day = citation.day_of(work)
    return (Text(", ".join(filter(None, (_name(source), day))), link=source.url), Text("."))


def of_amendment(amendment: Amendment) -> NoteRuns:
    return (Text("As Parliament publishes it", link=amendment.url), Text("."))


def of_bill(stage: Stage) -> NoteRuns:
    return (Text(bill_cited(stage), link=stage.bill.url), Text("."))


def _name(source: Source) -> str:
    return citation.name_shortly(cited(source))
