"""Footnotes that show a figure's working: value, area, period, who counted, where we read it."""

from collections.abc import Callable, Iterable

from campaigns.briefing.blocks import Citation, Note, Text
from campaigns.briefing.wording import joined
from campaigns.models import Amendment, House, Stage
from evidence import citation
from evidence.documents import cited, upstream
from evidence.models import Claim, Measure, Source, Statement, Statistic

type NoteRuns = tuple[Text | Citation, ...]

HOUSES: dict[str, citation.House] = {House.COMMONS: "HC", House.LORDS: "HL"}
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


class Footnotes:
    """The notes of one pack. Each method gives the key that a block refers by."""

    def __init__(self) -> None:
        self.notes: dict[str, Note] = {}

    def figure(self, figure: Statistic) -> str:
        return self._kept(f"figure {figure.pk}", lambda: _of_figure(figure))

    def claim(self, claim: Claim) -> str:
        """The working in words, then who printed the claim; of one of ours, that it is ours."""
        return self._kept(f"claim {claim.pk}", lambda: _of_claim(claim))

    def series(self, measure: Measure, figures: Iterable[Statistic]) -> str:
        """Which source prints which years of a chart."""
        years: dict[Source, dict[str, None]] = {}
        for figure in figures:
            years.setdefault(figure.source, {})[str(figure.period)] = None
        return self._kept(f"series {measure.pk}", lambda: _of_series(years))

    def statement(self, statement: Statement) -> str:
        return self._kept(f"statement {statement.pk}", lambda: _cite(statement.source))

    def amendment(self, amendment: Amendment) -> str:
        told = _with_address("As Parliament publishes it", amendment.url)
        return self._kept(f"amendment {amendment.pk}", lambda: told)

    def bill(self, stage: Stage) -> str:
        bill = stage.bill
        told = citation.cite(citation.Bill(bill.title, HOUSES.get(stage.house), bill.session))
        return self._kept(f"bill {bill.pk}", lambda: _with_address(told, bill.url))

    def _kept(self, key: str, make: Callable[[], NoteRuns]) -> str:
        if key not in self.notes:
            self.notes[key] = Note(key, make())
        return key


def _of_figure(figure: Statistic) -> NoteRuns:
    what = f"{figure.display_value}: {figure.measure.name}, {figure.area}, {figure.period}. "
    asides = (_other_label(figure), figure.caveat, _corrected(figure))
    aside = "".join(f" {each}" for each in asides if each)
    rest = (Text(aside),) if aside else ()
    return (Text(what), *_first_counted(figure), *_cite(figure.source), *rest)


def _of_claim(claim: Claim) -> NoteRuns:
    working = f"{_where_and_when(claim)}{claim.reason}"
    if claim.source is None:
        return (Text(f"Our own computation. {working}"),)
    return (Text(f"{working} Printed in "), *_cite(claim.source))


def _of_series(years: dict[Source, dict[str, None]]) -> NoteRuns:
    return tuple(
        run
        for place, (source, told) in enumerate(years.items())
        for run in (Text(f"{' ' if place else ''}{joined(tuple(told))}: "), *_cite(source))
    )


def _first_counted(figure: Statistic) -> NoteRuns:
    """Where the figure comes from in the first place, and how many forces answered."""
    chain = upstream(figure.source)
    forces = ""
    if figure.forces_answered is not None and figure.forces_asked is not None:
        answered, asked = map(_in_words, (figure.forces_answered, figure.forces_asked))
        forces = f"{answered} of {asked} forces"
    if not chain:
        return (Text(f"{forces.capitalize()}. Read in "),) if forces else ()
    unseen = "" if chain[-1].held else " (not seen by us)"
    told = f", {forces}" if forces else ""
    return (_citation(chain[-1]), Text(f"{told}{unseen}. Read in "))


def _cite(source: Source) -> NoteRuns:
    return (_citation(source), Text("."))


def _citation(source: Source) -> Citation:
    """As OSCOLA writes it; the address is a link, or where OSCOLA prints none, the whole is."""
    work = cited(source)
    told = citation.cite(work)
    linked = source.url if f"<{source.url}>" in told else told
    before, address, after = told.partition(linked)
    parts = (Text(before), Text(address, link=source.url), Text(after))
    full = tuple(part for part in parts if part.text)
    return Citation(str(source.pk), full, citation.cite_briefly(work))


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


def _with_address(words: str, url: str) -> NoteRuns:
    if not url:
        return (Text(f"{words}."),)
    return (Text(f"{words} <"), Text(url, link=url), Text(">."))


def _in_words(number: int) -> str:
    return NUMBERS[number] if number < len(NUMBERS) else str(number)


def _other_label(figure: Statistic) -> str:
    """The label that the source prints, unless the figure's caveat tells of it."""
    printed = figure.printed_period
    if printed is None or printed.label in figure.caveat:
        return ""
    return f"Labelled {printed} there; read as {figure.period}."
