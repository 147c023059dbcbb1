"""Figures and claims as a reader meets them: tiles, sentences in approved wording, the series."""

from collections.abc import Iterator, Sequence

from campaigns.briefing.blocks import Block, Bullets, KeyFigure, KeyFigures, NoteRef, Runs, runs
from campaigns.composing.gathered import Gathered
from campaigns.composing.series import charts
from evidence.models import Claim, Comparability, Statistic, Verdict

MOST_TILES = 4  # a strip holds two to four
FEWEST_TILES = 2

type Figure = Statistic | Claim


def admitted(chosen: Sequence[Figure], gathered: Gathered) -> list[Figure]:
    """The figures that may be printed. A claim prints its size only if recomputing gave it too."""
    found = [one for one in chosen if _admits(one, gathered)]
    gathered.chosen.extend(found)
    return found


def on_tiles(chosen: Sequence[Figure], gathered: Gathered) -> Iterator[Block]:
    """The first figures as tiles, save what an earlier tile has shown or what stands apart.

    Side by side invites comparison, so a figure that is not comparable is left to the chart.
    """
    fresh = [one for one in chosen if one.pk not in gathered.tiled and not _stands_apart(one)]
    if len(fresh) >= FEWEST_TILES:
        gathered.tiled.update(one.pk for one in fresh[:MOST_TILES])
        yield KeyFigures(tuple(_tile(one, gathered) for one in fresh[:MOST_TILES]))


def told(chosen: Sequence[Figure], gathered: Gathered) -> Iterator[Block]:
    """Tiles, then each figure in its approved sentence and each claim, then the series."""
    told_before = set(gathered.tiled)
    yield from on_tiles(chosen, gathered)
    just_told = gathered.tiled - told_before
    sentences = [
        line for one in chosen if (line := _line(one, gathered, tiled=one.pk in just_told))
    ]
    if sentences:
        yield Bullets(tuple(sentences))
    figures = [one for one in chosen if isinstance(one, Statistic)]
    yield from charts(figures, gathered)
    for one in figures:
        if not (one.approved_wording or one.pk in gathered.tiled | gathered.charted):
            gathered.refuse(f"Figure “{one}”", "it has no approved wording.")
            del gathered.figures[one.pk], gathered.records[one.pk]


def _admits(one: Figure, gathered: Gathered) -> bool:
    if isinstance(one, Claim):
        source = one.source
        known = gathered.admits_from(one, source) if source else gathered.admits(one)
        return known and _is_consistent(one, gathered)
    if not gathered.admits_from(one, one.source):
        return False
    gathered.figures[one.pk] = one
    return True


def _is_consistent(claim: Claim, gathered: Gathered) -> bool:
    """An untested claim is left out, not printed with a warning: what is read is its size."""
    named = f"Claim “{claim}”"
    match claim.verdict:
        case Verdict.CONSISTENT:
            gathered.claims[claim.pk] = claim
            for line in claim.inputs.all():
                gathered.rest_on(line.statistic.source)
            return True
        case Verdict.INCONSISTENT:
            gathered.stops.append(f"{named} is inconsistent: {claim.reason}")
        case Verdict.NOT_TESTABLE:
            gathered.refuse(named, f"it cannot be tested. {claim.reason}")
        case _:
            gathered.refuse(named, "it has not been checked yet.")
    return False


def _stands_apart(one: Figure) -> bool:
    return isinstance(one, Statistic) and one.comparability != Comparability.COMPARABLE


def _tile(one: Figure, gathered: Gathered) -> KeyFigure:
    if isinstance(one, Statistic):
        label = f"{one.measure.name}, {one.area}, {one.period}"
        return KeyFigure(one.display_value, label, note_of(one, gathered))
    return KeyFigure(one.stated or one.recomputed, one.wording, note_of(one, gathered))


def _line(one: Figure, gathered: Gathered, *, tiled: bool) -> Runs:
    """A figure's approved wording, word for word; a claim that its tile tells is not repeated."""
    if isinstance(one, Claim) and tiled:
        return ()
    words = f"{one.wording}." if isinstance(one, Claim) else one.approved_wording
    return (*runs(words), NoteRef(note_of(one, gathered))) if words else ()


def note_of(one: Figure, gathered: Gathered) -> str:
    if isinstance(one, Statistic):
        return gathered.footnotes.figure(one)
    return gathered.footnotes.claim(one)
