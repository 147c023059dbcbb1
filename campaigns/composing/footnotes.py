"""The footnotes of a pack, each made once, in the style that the officer chose."""

from collections.abc import Callable, Iterable
from typing import Protocol

from campaigns.briefing.blocks import Note, Text
from campaigns.briefing.wording import joined
from campaigns.composing import notes_oscola, notes_short
from campaigns.composing.working import NoteRuns
from campaigns.models import Amendment, NoteStyle, Stage
from evidence.models import Claim, Measure, Source, Statement, Statistic


class Style(Protocol):
    """How one style words each kind of note."""

    def of_figure(self, figure: Statistic) -> NoteRuns: ...
    def of_claim(self, claim: Claim) -> NoteRuns: ...
    def of_source(self, source: Source) -> NoteRuns: ...
    def of_amendment(self, amendment: Amendment) -> NoteRuns: ...
    def of_bill(self, stage: Stage) -> NoteRuns: ...


STYLES: dict[str, Style] = {NoteStyle.SHORT: notes_short, NoteStyle.OSCOLA: notes_oscola}


class Footnotes:
    """The notes of one pack. Each method gives the key that a block refers by."""

    def __init__(self, style: str = NoteStyle.SHORT) -> None:
        self.style = STYLES[style]
        self.notes: dict[str, Note] = {}

    def figure(self, figure: Statistic) -> str:
        return self._kept(_key(figure), lambda: self.style.of_figure(figure))

    def claim(self, claim: Claim) -> str:
        """The working in words, then who printed the claim; of one of ours, that it is ours."""
        return self._kept(_key(claim), lambda: self.style.of_claim(claim))

    def holds(self, one: Statistic | Claim) -> bool:
        """Whether a tile or a sentence has told it: none of them stands without its note."""
        return _key(one) in self.notes

    def series(self, measure: Measure, figures: Iterable[Statistic]) -> str:
        """Which source prints which years of a chart."""
        years: dict[Source, dict[str, None]] = {}
        for figure in figures:
            years.setdefault(figure.source, {})[str(figure.period)] = None
        return self._kept(f"series {measure.pk}", lambda: self._years_by_source(years))

    def statement(self, statement: Statement) -> str:
        source = statement.source
        return self._kept(f"statement {statement.pk}", lambda: self.style.of_source(source))

    def amendment(self, amendment: Amendment) -> str:
        return self._kept(f"amendment {amendment.pk}", lambda: self.style.of_amendment(amendment))

    def bill(self, stage: Stage) -> str:
        return self._kept(f"bill {stage.bill.pk}", lambda: self.style.of_bill(stage))

    def _years_by_source(self, years: dict[Source, dict[str, None]]) -> NoteRuns:
        return tuple(
            run
            for place, (source, told) in enumerate(years.items())
            for run in (
                Text(f"{' ' if place else ''}{joined(tuple(told))}: "),
                *self.style.of_source(source),
            )
        )

    def _kept(self, key: str, make: Callable[[], NoteRuns]) -> str:
        if key not in self.notes:
            self.notes[key] = Note(key, make())
        return key


def _key(one: Statistic | Claim) -> str:
    return f"{'claim' if isinstance(one, Claim) else 'figure'} {one.pk}"
