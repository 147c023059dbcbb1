"""Footnotes that show a figure's working: value, area, period, who counted, where we read it."""

from collections.abc import Iterable

from campaigns.briefing.blocks import Runs, Text, runs
from campaigns.briefing.wording import joined
from campaigns.models import Amendment, Bill
from evidence.documents import citation_of, upstream
from evidence.models import Claim, Source, Statement, Statistic

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def cited(source: Source) -> Runs:
    """The source as OSCOLA writes it, its address as a link."""
    citation = f"{citation_of(source)}."
    if not source.url:
        return runs(citation)
    before, address, after = citation.partition(source.url)
    return (Text(before), Text(address, link=address), Text(after))


def figure_note(figure: Statistic) -> Runs:
    what = f"{figure.display_value}: {figure.measure.name}, {figure.area}, {figure.period}."
    after = " ".join(filter(None, ("", _other_label(figure), figure.caveat)))
    return (Text(f"{what} {_first_counted(figure)}"), *cited(figure.source), *runs(after))


def claim_note(claim: Claim) -> Runs:
    """The working in words, then who printed the claim; of one of ours, that it is ours."""
    if claim.source is None:
        return runs(f"Our own computation. {claim.reason}")
    return (Text(f"{claim.reason} Printed in "), *cited(claim.source))


def series_note(figures: Iterable[Statistic]) -> Runs:
    """Which source prints which years of a chart."""
    years: dict[Source, dict[str, None]] = {}
    for figure in figures:
        years.setdefault(figure.source, {})[str(figure.period)] = None
    return tuple(
        run
        for place, (source, told) in enumerate(years.items())
        for run in (Text(f"{' ' if place else ''}{joined(tuple(told))}: "), *cited(source))
    )


def statement_note(statement: Statement) -> Runs:
    return cited(statement.source)


def amendment_note(amendment: Amendment) -> Runs:
    address = Text(amendment.url, link=amendment.url)
    return (Text("As Parliament publishes it: <"), address, Text(">."))


def bill_note(bill: Bill) -> Runs:
    told = f"{bill.title} ({bill.session})" if bill.session else bill.title
    if not bill.url:
        return runs(f"{told}.")
    return (Text(f"{told} <"), Text(bill.url, link=bill.url), Text(">."))


def _first_counted(figure: Statistic) -> str:
    """Where the figure comes from in the first place, and how many forces answered."""
    chain = upstream(figure.source)
    told = [chain[-1].title] if chain else []
    if figure.forces_answered is not None and figure.forces_asked is not None:
        answered, asked = map(_in_words, (figure.forces_answered, figure.forces_asked))
        told.append(f"{answered} of {asked} forces")
    if not told:
        return ""
    unseen = "" if not chain or chain[-1].held else " (not seen by us)"
    return f"{', '.join(told)}{unseen}. Read in "


def _in_words(number: int) -> str:
    return NUMBERS[number] if number < len(NUMBERS) else str(number)


def _other_label(figure: Statistic) -> str:
    printed = figure.printed_period
    return f"Labelled {printed} there; read as {figure.period}." if printed else ""
