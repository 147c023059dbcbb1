"""Footnotes as OSCOLA has them: value, area, period, who counted, where we read it, in full."""

from campaigns.briefing.blocks import Citation, Text
from campaigns.composing.working import NoteRuns, asides, bill_cited, forces, sums
from campaigns.models import Amendment, Stage
from evidence import citation
from evidence.citing import cited, upstream
from evidence.models import Claim, Source, Statistic


def of_figure(figure: Statistic) -> NoteRuns:
    what = f"{figure.display_value}: {figure.measure.name}, {figure.area}, {figure.period}. "
    return (Text(what), *_first_counted(figure), *of_source(figure.source), *asides(figure))


def of_claim(claim: Claim) -> NoteRuns:
    if claim.source is None:
        return (Text(f"Our own computation. {sums(claim)}"),)
    return (Text(f"{sums(claim)} Printed in "), *of_source(claim.source))


def of_source(source: Source) -> NoteRuns:
    return (_citation(source), Text("."))


def of_amendment(amendment: Amendment) -> NoteRuns:
    return _with_address("As Parliament publishes it", amendment.url)


def of_bill(stage: Stage) -> NoteRuns:
    return _with_address(bill_cited(stage), stage.bill.url)


def _first_counted(figure: Statistic) -> NoteRuns:
    """Where the figure comes from in the first place, and how many forces answered."""
    chain = upstream(figure.source)
    answered = forces(figure)
    if not chain:
        return (Text(f"{answered.capitalize()}. Read in "),) if answered else ()
    unseen = "" if chain[-1].held else " (not seen by us)"
    told = f", {answered}" if answered else ""
    return (_citation(chain[-1]), Text(f"{told}{unseen}. Read in "))


def _citation(source: Source) -> Citation:
    """As OSCOLA writes it; the address is a link, or where OSCOLA prints none, the whole is."""
    work = cited(source)
    told = citation.cite(work)
    linked = source.url if f"<{source.url}>" in told else told
    before, address, after = told.partition(linked)
    parts = (Text(before), Text(address, link=source.url), Text(after))
    full = tuple(part for part in parts if part.text)
    return Citation(str(source.pk), full, citation.cite_briefly(work))


def _with_address(words: str, url: str) -> NoteRuns:
    if not url:
        return (Text(f"{words}."),)
    return (Text(f"{words} <"), Text(url, link=url), Text(">."))
