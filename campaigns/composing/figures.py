"""Figures and claims as a reader meets them: tiles, sentences in approved wording, the series."""

from collections.abc import Iterator, Sequence

from campaigns.briefing.blocks import Block, Bullets, KeyFigure, KeyFigures, NoteRef, Runs, runs
from campaigns.composing.footnotes import claim_note, figure_note
from campaigns.composing.gathered import Gathered
from campaigns.composing.series import charts
from evidence.models import Claim, Statistic, Verdict

MOST_TILES = 4  # a strip holds two to four
FEWEST_TILES = 2

type Figure = Statistic | Claim


def key_figures(chosen: Sequence[Figure], gathered: Gathered) -> Iterator[Block]:
    """The first figures as tiles, those that no earlier tile has shown."""
    fresh = [one for one in chosen if one.pk not in gathered.on_tiles][:MOST_TILES]
    if len(fresh) >= FEWEST_TILES:
        gathered.on_tiles.update(one.pk for one in fresh)
        yield KeyFigures(tuple(_tile(one, gathered) for one in fresh))


def told_figures(chosen: Sequence[Figure], gathered: Gathered) -> Iterator[Block]:
    """Tiles, then each figure in its approved sentence and each claim, then the series."""
    on_tiles_before = set(gathered.on_tiles)
    yield from key_figures(chosen, gathered)
    sentences = [
        (*runs(words), NoteRef(_note(one, gathered)))
        for one in chosen
        if (words := _sentence(one, told=one.pk in gathered.on_tiles - on_tiles_before))
    ]
    if sentences:
        yield Bullets(tuple(sentences))
    yield from charts([one for one in chosen if isinstance(one, Statistic)], gathered)


def admitted(chosen: Sequence[Figure], gathered: Gathered) -> list[Figure]:
    """The figures that may be printed. A claim prints its size only if it was recomputed so."""
    return [one for one in chosen if _admits(one, gathered)]


def _admits(one: Figure, gathered: Gathered) -> bool:
    if isinstance(one, Statistic):
        if not gathered.admits_from(one, one.source):
            return False
        gathered.figures[one.pk] = one
        return True
    if not (gathered.admits_from(one, one.source) if one.source else gathered.admits(one)):
        return False
    return _is_consistent(one, gathered)


def _is_consistent(claim: Claim, gathered: Gathered) -> bool:
    """An untested claim is left out rather than printed with a caveat: peers quote the size."""
    named = f"Claim “{claim}”"
    if claim.verdict == Verdict.CONSISTENT:
        gathered.claims[claim.pk] = claim
        for line in claim.inputs.all():
            gathered.rest_on(line.statistic.source)
        return True
    if claim.verdict == Verdict.INCONSISTENT:
        gathered.stops.append(f"{named} is inconsistent: {claim.reason}")
    elif claim.verdict == Verdict.NOT_TESTABLE:
        gathered.refuse(named, f"it cannot be tested. {claim.reason}")
    else:
        gathered.refuse(named, "it has not been checked yet.")
    return False


def _tile(one: Figure, gathered: Gathered) -> KeyFigure:
    note = _note(one, gathered)
    if isinstance(one, Statistic):
        return KeyFigure(one.display_value, f"{one.measure.name}, {one.area}, {one.period}", note)
    size = one.stated or one.recomputed
    return KeyFigure(size, one.wording.removeprefix(size).strip(), note)


def _sentence(one: Figure, *, told: bool) -> str:
    """A figure's approved wording, word for word; a claim that its tile has told is not repeated."""
    if isinstance(one, Statistic):
        return one.approved_wording
    return "" if told else one.wording


def _note(one: Figure, gathered: Gathered) -> str:
    if isinstance(one, Statistic):
        return gathered.note(f"figure {one.pk}", figure_note(one))
    return gathered.note(f"claim {one.pk}", claim_note(one))
