"""Whether each claim follows from its figures: recomputed, and the verdict written to its row."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from evidence import arithmetic, derivation, reconciliation
from evidence.arithmetic import ClaimType, Finding, Verdict
from evidence.calculator import DIRECTIONS
from evidence.cells import Cell, Figure, shown
from evidence.holdings import areas_held, figure_of, figures_held
from evidence.models import Claim, ClaimInput, InputRole
from evidence.numbers.quantities import PrintedNumber, Qualifier, UnreadableNumber
from evidence.numbers.workings import NotTestable
from evidence.printed import read_number
from publishing import publication

WRITTEN = ["verdict", "recomputed", "reason"]


@dataclass(frozen=True, slots=True)
class Input:
    """A number that a claim rests on: printed in a source, or derived where `source` is empty."""

    role: str
    number: PrintedNumber
    cell: Cell
    label: str
    source: str
    circular: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """A claim and what came of checking it; `sources` are those of its sources that are there."""

    claim: Claim
    inputs: tuple[Input, ...]
    finding: Finding
    sources: tuple[str, ...]


@transaction.atomic
def check_claims(claims: QuerySet[Claim]) -> list[Checked]:
    """Check the claims and write what was found to their rows, and to what is published of it.

    What is published waits while a figure is being edited: its approval renders them all anew.
    """
    checked = found_for(claims)
    changed = [each.claim for each in checked if _set_verdict(each.claim, each.finding)]
    Claim.objects.bulk_update(changed, WRITTEN, batch_size=500)
    Claim.objects.filter(pk__in=[each.claim.pk for each in checked]).update(
        checked_at=timezone.now()
    )
    for claim in changed:
        if claim.is_approved and _stands_on_approved(claim):
            publication.render_followers(claim)
    return checked


def _stands_on_approved(claim: Claim) -> bool:
    return all(line.statistic.is_approved for line in claim.inputs.all())


def found_for(claims: QuerySet[Claim], without: Collection[str] = ()) -> list[Checked]:
    """Check the claims as if some sources were not there, and write nothing.

    A claim that none of the other sources prints goes with them. An input that is lost is taken
    from another source that prints it, else derived from the others.
    """
    rows = claims.select_related("source", "area", "period").prefetch_related(
        "also_printed_in",
        "inputs__statistic__measure",
        "inputs__statistic__source",
        "inputs__statistic__period",
        "inputs__statistic__printed_period",
    )
    rest = Rest(frozenset(without))
    return [each for claim in rows if (each := _check(claim, rest))]


@dataclass(frozen=True)
class Rest:
    """What remains to calculate with when some sources are left out; read only if it is needed."""

    without: frozenset[str] = field(default_factory=frozenset)

    @cached_property
    def figures(self) -> list[Figure]:
        return figures_held(self.without)

    @cached_property
    def printed(self) -> Mapping[Cell, Figure]:
        by_cell: dict[Cell, Figure] = {}
        for figure in self.figures:
            by_cell.setdefault(figure.cell, figure)
        return by_cell

    @cached_property
    def derived(self) -> Mapping[Cell, derivation.Derived]:
        areas = areas_held()
        contested = reconciliation.contested(reconciliation.conflicts(self.figures, areas))
        return {each.cell: each for each in derivation.derived(self.figures, areas, contested)}


def _check(claim: Claim, rest: Rest) -> Checked | None:
    printed_in = [claim.source.key] if claim.source else []
    printed_in += [each.key for each in claim.also_printed_in.all()]
    sources = tuple(key for key in printed_in if key not in rest.without)
    if printed_in and not sources:
        return None
    inputs = tuple(_inputs(claim, rest))
    return Checked(claim, inputs, _finding(claim, inputs), sources)


def _inputs(claim: Claim, rest: Rest) -> list[Input]:
    """All the claim's inputs, or none: part of them would test it against the wrong number."""
    rows = list(claim.inputs.all())
    found = [each for row in rows if (each := _input(claim, row, rest))]
    return found if len(found) == len(rows) else []


def _input(claim: Claim, row: ClaimInput, rest: Rest) -> Input | None:
    chosen = figure_of(row.statistic)
    lost = chosen.source in rest.without
    figure = rest.printed.get(chosen.cell) if lost else chosen
    if figure is None:
        return _derived_input(claim, row, chosen, rest)
    return Input(row.role, figure.number, figure.cell, figure.label, figure.source)


def _derived_input(claim: Claim, row: ClaimInput, lost: Figure, rest: Rest) -> Input | None:
    known = rest.derived.get(lost.cell)
    if known is None:
        return None
    number = PrintedNumber(shown(known.value), known.value)
    circular = any(_is_of_the_claim(claim, used) for used in known.used - {lost.cell})
    return Input(row.role, number, lost.cell, lost.label, "", circular)


def _is_of_the_claim(claim: Claim, cell: Cell) -> bool:
    """Whether the cell holds the total that a sum claims, so that it cannot help to test it."""
    if claim.type != ClaimType.SUM or claim.period is None:
        return False
    return (cell.area, cell.span) == (claim.area_id, (claim.period.start, claim.period.end))


def _finding(claim: Claim, inputs: tuple[Input, ...]) -> Finding:
    try:
        question = _question(claim, inputs)
        if claim.is_ours and not question.circular:
            return _computed(question)
    except UnreadableNumber as error:
        return Finding(Verdict.NOT_TESTABLE, str(error))
    return arithmetic.check(question)


def _computed(question: arithmetic.Claim) -> Finding:
    """A computation of ours: there is nothing printed to hold it against."""
    finding = arithmetic.check(question)
    try:
        working = arithmetic.recompute(question)
    except NotTestable:
        return finding
    reason = f"{working.phrase}: our own computation, which nobody prints."
    return Finding(Verdict.CONSISTENT, reason, working.value, finding.recomputed)


def _question(claim: Claim, inputs: tuple[Input, ...]) -> arithmetic.Claim:
    by_role: dict[str, list[PrintedNumber]] = defaultdict(list)
    for each in inputs:
        by_role[each.role].append(each.number)
    direction = claim.type == ClaimType.DIRECTION_ONLY
    return arithmetic.Claim(
        type=ClaimType(claim.type),
        stated=None if direction else _stated(claim),
        from_=_only(by_role[InputRole.FROM]),
        to=_only(by_role[InputRole.TO]),
        total=_only(by_role[InputRole.TOTAL]),
        parts=tuple(by_role[InputRole.PART]),
        days=claim.days or (claim.period.days if claim.period else None),
        base=claim.base,
        weighted=claim.weighted or any(row.statistic.weighted for row in claim.inputs.all()),
        direction=DIRECTIONS.get(claim.stated.strip().lower()) if direction else None,
        circular=any(each.circular for each in inputs),
    )


def _stated(claim: Claim) -> PrintedNumber | None:
    if not claim.stated:
        return None
    # "Exactly" is what stands there when nobody chose a word: the printed one then speaks.
    qualifier = None if claim.qualifier == Qualifier.EXACT else claim.qualifier
    return read_number(claim.stated, qualifier)


def _only(numbers: list[PrintedNumber]) -> PrintedNumber | None:
    return numbers[0] if numbers else None


def _set_verdict(claim: Claim, finding: Finding) -> bool:
    """Put the finding into the claim, and tell whether that changes anything."""
    recomputed = "" if finding.recomputed is None else f"{finding.recomputed:f}"
    found = dict(zip(WRITTEN, (finding.verdict.value, recomputed, finding.reason), strict=True))
    changed = any(getattr(claim, name) != value for name, value in found.items())
    for name, value in found.items():
        setattr(claim, name, value)
    return changed
