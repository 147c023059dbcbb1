"""Footnotes that show a figure's working: value, area, period, who counted, and where we read it."""

from collections.abc import Iterable

from campaigns.briefing.blocks import Run, Runs, Text, runs
from campaigns.briefing.wording import joined
from campaigns.models import Amendment, Bill
from evidence.models import Claim, Source, SourceKind, Statement, Statistic

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def cited(source: Source) -> Runs:
    """A source as a lawyer cites it; without a printed author it starts with its title."""
    title = source.title if source.title_is_ours else f"‘{source.title}’"
    told = ", ".join(filter(None, (source.authors, title)))
    dated = f" ({source.date_label or 'undated'})"
    return (Text(f"{told} "), Text(source.publisher.name, emphasis=True), *runs(dated), *at(source))


def at(source: Source) -> Runs:
    if not source.url:
        return ()
    return (Text(" <"), Text(source.url, link=source.url), Text(">"))


def primary_of(source: Source) -> Source | None:
    """The source furthest upstream, or None where this one is itself the first."""
    upstream = source.derived_from.first()
    return (primary_of(upstream) or upstream) if upstream else None


def figure_note(figure: Statistic) -> Runs:
    what = f"{figure.display_value}: {figure.measure.name}, {figure.area}, {figure.period}. "
    after = " ".join(filter(None, (".", _other_label(figure), figure.caveat)))
    return _joined((Text(what), Text(_counted(figure))), cited(figure.source), (Text(after),))


def claim_note(claim: Claim) -> Runs:
    """The working in words, then who printed the claim; for one of ours, that it is ours."""
    if claim.source is None:
        return runs(f"Our own computation. {claim.reason}")
    return _joined((Text(f"{claim.reason} Printed in "),), cited(claim.source), (Text("."),))


def series_note(figures: Iterable[Statistic]) -> Runs:
    """Which source prints which years of a chart."""
    years: dict[Source, list[str]] = {}
    for figure in figures:
        told = years.setdefault(figure.source, [])
        if str(figure.period) not in told:
            told.append(str(figure.period))
    parts = [
        _joined((Text(f"{joined(tuple(sorted(told)))}: "),), cited(source), (Text("."),))
        for source, told in years.items()
    ]
    return tuple(run for part in parts for run in (Text(" "), *part))[1:]


def statement_note(statement: Statement) -> Runs:
    return (*cited(statement.source), Text("."))


def amendment_note(amendment: Amendment) -> Runs:
    place = Text(amendment.url, link=amendment.url)
    return (Text("As Parliament publishes it: <"), place, Text(">."))


def bill_note(bill: Bill) -> Runs:
    told = f"{bill.title} ({bill.session})" if bill.session else bill.title
    link: Runs = (Text(" <"), Text(bill.url, link=bill.url), Text(">")) if bill.url else ()
    return (Text(told), *link, Text("."))


def _counted(figure: Statistic) -> str:
    """As in "NSPCC FOI, four of four forces, 2021/22, as printed in "."""
    primary = primary_of(figure.source)
    if primary is None:
        return ""
    told = [_short(primary), _coverage(figure), str(figure.period)]
    unseen = "" if primary.held else " (not seen by us)"
    return f"{', '.join(filter(None, told))}{unseen}, as printed in "


def _short(source: Source) -> str:
    if source.kind == SourceKind.FOI_RESPONSE:
        return f"{source.publisher.name} FOI"
    return source.title


def _coverage(figure: Statistic) -> str:
    answered, asked = figure.forces_answered, figure.forces_asked
    if answered is None or asked is None:
        return ""
    return f"{_in_words(answered)} of {_in_words(asked)} forces"


def _in_words(number: int) -> str:
    return NUMBERS[number] if number < len(NUMBERS) else str(number)


def _other_label(figure: Statistic) -> str:
    printed = figure.printed_period
    return f"Labelled {printed} there; read as {figure.period}." if printed else ""


def _joined(*parts: tuple[Run, ...]) -> Runs:
    return tuple(run for part in parts for run in part if not isinstance(run, Text) or run.text)
