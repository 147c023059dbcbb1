"""Footnotes that show a figure's working: value, area, period, who counted, where we read it."""

from collections.abc import Callable, Iterable
from uuid import UUID

from campaigns.briefing.blocks import Note, Runs, Text, runs
from campaigns.briefing.wording import joined
from campaigns.models import Amendment, Bill
from evidence.documents import citation_of, upstream
from evidence.models import Claim, Measure, Source, SourceKind, Statement, Statistic

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


class Footnotes:
    """The notes of one pack, in reading order. Each method gives the key that a block refers by.

    A source is cited in full where it comes first, and shortly after that: a page has to hold
    the figures too.
    """

    def __init__(self) -> None:
        self.notes: dict[str, Note] = {}
        self._cited: set[UUID] = set()

    def figure(self, figure: Statistic) -> str:
        return self._kept(f"figure {figure.pk}", lambda: self._of_figure(figure))

    def claim(self, claim: Claim) -> str:
        """The working in words, then who printed the claim; of one of ours, that it is ours."""
        return self._kept(f"claim {claim.pk}", lambda: self._of_claim(claim))

    def series(self, measure: Measure, figures: Iterable[Statistic]) -> str:
        """Which source prints which years of a chart."""
        years: dict[Source, dict[str, None]] = {}
        for figure in figures:
            years.setdefault(figure.source, {})[str(figure.period)] = None
        return self._kept(f"series {measure.pk}", lambda: self._of_series(years))

    def statement(self, statement: Statement) -> str:
        return self._kept(f"statement {statement.pk}", lambda: self._cite(statement.source))

    def amendment(self, amendment: Amendment) -> str:
        told = _with_address("As Parliament publishes it", amendment.url)
        return self._kept(f"amendment {amendment.pk}", lambda: told)

    def bill(self, bill: Bill) -> str:
        named = f"{bill.title} ({bill.session})" if bill.session else bill.title
        return self._kept(f"bill {bill.pk}", lambda: _with_address(named, bill.url))

    def _kept(self, key: str, make: Callable[[], Runs]) -> str:
        if key not in self.notes:
            self.notes[key] = Note(key, make())
        return key

    def _of_figure(self, figure: Statistic) -> Runs:
        what = f"{figure.display_value}: {figure.measure.name}, {figure.area}, {figure.period}."
        told = " ".join(filter(None, (what, self._first_counted(figure))))
        asides = (_other_label(figure), figure.caveat, _corrected(figure))
        aside = "".join(f" {each}" for each in asides if each)
        return (Text(f"{told} "), *self._cite(figure.source), *([Text(aside)] if aside else []))

    def _of_claim(self, claim: Claim) -> Runs:
        working = f"{_where_and_when(claim)}{claim.reason}"
        if claim.source is None:
            return runs(f"Our own computation. {working}")
        return (Text(f"{working} Printed in "), *self._cite(claim.source))

    def _of_series(self, years: dict[Source, dict[str, None]]) -> Runs:
        return tuple(
            run
            for place, (source, told) in enumerate(years.items())
            for run in (
                Text(f"{' ' if place else ''}{joined(tuple(told))}: "),
                *self._cite(source),
            )
        )

    def _first_counted(self, figure: Statistic) -> str:
        """Where the figure comes from in the first place, and how many forces answered."""
        chain = upstream(figure.source)
        told = [self._name(chain[-1])] if chain else []
        if figure.forces_answered is not None and figure.forces_asked is not None:
            answered, asked = map(_in_words, (figure.forces_answered, figure.forces_asked))
            told.append(f"{answered} of {asked} forces")
        if not told:
            return ""
        unseen = "" if not chain or chain[-1].held else " (not seen by us)"
        counted = ", ".join(told)
        return f"{counted[0].upper()}{counted[1:]}{unseen}. Read in"

    def _name(self, source: Source) -> str:
        """A primary source by its title, and from then on by who gave it."""
        if self._is_new(source):
            return source.title
        foi = source.kind == SourceKind.FOI_RESPONSE
        return f"{source.publisher}, FOI" if foi else f"{source.publisher}"

    def _cite(self, source: Source) -> Runs:
        """As OSCOLA writes it, and from then on by publisher and date; the address is a link."""
        if not self._is_new(source):
            named = f"{source.publisher} ({source.date_label or 'undated'})"
            return (Text(named, link=source.url), Text("."))
        citation = f"{citation_of(source)}."
        if not source.url:
            return runs(citation)
        before, address, after = citation.partition(source.url)
        return (Text(before), Text(address, link=address), Text(after))

    def _is_new(self, source: Source) -> bool:
        known = source.pk in self._cited
        self._cited.add(source.pk)
        return not known


def _corrected(figure: Statistic) -> str:
    """What an earlier pack may have said instead."""
    latest = figure.corrections.first()
    if latest is None:
        return ""
    day = f"{latest.corrected_on.day} {latest.corrected_on:%B %Y}"
    return f"Corrected on {day} (no {latest.number}); before, it was given as {latest.was}."


def _where_and_when(claim: Claim) -> str:
    """What its inputs count, since a claim's own wording may leave the territory unsaid."""
    inputs = [line.statistic for line in claim.inputs.all()]
    areas = tuple(dict.fromkeys(str(one.area) for one in inputs))
    periods = tuple(dict.fromkeys(str(one.period) for one in inputs))
    return f"{joined(areas)}, {joined(periods)}: " if inputs else ""


def _with_address(words: str, url: str) -> Runs:
    if not url:
        return runs(f"{words}.")
    return (Text(f"{words} <"), Text(url, link=url), Text(">."))


def _in_words(number: int) -> str:
    return NUMBERS[number] if number < len(NUMBERS) else str(number)


def _other_label(figure: Statistic) -> str:
    """The label that the source prints, unless the figure's caveat tells of it."""
    printed = figure.printed_period
    if printed is None or printed.label in figure.caveat:
        return ""
    return f"Labelled {printed} there; read as {figure.period}."
