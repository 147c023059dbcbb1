"""Figures and claims as a reader meets them: tiles, sentences in approved wording, the series."""

from collections.abc import Iterator, Sequence

from campaigns.briefing.blocks import Block, Bullets, KeyFigure, KeyFigures, NoteRef, Runs, runs
from campaigns.composing.gathered import Gathered, named, why_not_from
from campaigns.composing.series import charts
from evidence.models import Claim, Comparability, Statistic, Verdict

MOST_TILES = 4  # a strip holds two to four
FEWEST_TILES = 2
NOT_TILED = (
    f"a summary shows {FEWEST_TILES} to {MOST_TILES} figures side by side, and it is not among "
    "them. Choose it in another section."
)

type Figure = Statistic | Claim


def admitted(chosen: Sequence[Figure], gathered: Gathered) -> list[Figure]:
    """The figures that may be printed, each once, however often it was chosen.

    A claim prints its size only if recomputing gave it too.
    """
    found = [one for one in dict.fromkeys(chosen) if _admits(one, gathered)]
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
            _leave_out(one, "it has no approved wording.", gathered)


def settle(gathered: Gathered) -> None:
    """Once all is told: what no reader meets is left out, and a claim's own figures are counted in.

    Whoever approves the pack reads their numbers in the claim's note.
    """
    held = {*gathered.figures, *gathered.claims}
    for one in dict.fromkeys(gathered.chosen):
        met = gathered.footnotes.holds(one) or one.pk in gathered.charted
        if one.pk in held and not met:
            _leave_out(one, NOT_TILED, gathered)
    for claim in gathered.claims.values():
        for figure in _under(claim):
            gathered.admits_from(figure, figure.source)


def _leave_out(one: Figure, why: str, gathered: Gathered) -> None:
    gathered.refuse(named(one), why)
    for kept in (gathered.figures, gathered.claims, gathered.records):
        kept.pop(one.pk, None)


def _admits(one: Figure, gathered: Gathered) -> bool:
    source = one.source
    if not (gathered.admits_from(one, source) if source else gathered.admits(one)):
        return False
    if isinstance(one, Statistic):
        gathered.figures[one.pk] = one
        return True
    if _is_borne_out(one, gathered):
        gathered.claims[one.pk] = one
        return True
    del gathered.records[one.pk]
    return False


def _is_borne_out(claim: Claim, gathered: Gathered) -> bool:
    """An untested claim is left out, not printed with a warning: what is read is its size."""
    match claim.verdict:
        case Verdict.CONSISTENT:
            return _may_show_its_working(claim, gathered)
        case Verdict.INCONSISTENT:
            gathered.stops.append(f"{named(claim)} is inconsistent: {claim.reason}")
        case Verdict.NOT_TESTABLE:
            gathered.refuse(named(claim), f"it cannot be tested. {claim.reason}")
        case _:
            gathered.refuse(named(claim), "it has not been checked yet.")
    return False


def _may_show_its_working(claim: Claim, gathered: Gathered) -> bool:
    """Its note prints the numbers that it rests on: each has to be one that may be printed."""
    for figure in _under(claim):
        if why := why_not_from(figure, figure.source):
            gathered.refuse(named(claim), f"it rests on the figure “{figure}”: {why}")
            return False
    return True


def _under(claim: Claim) -> list[Statistic]:
    return [line.statistic for line in claim.inputs.all()]


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
