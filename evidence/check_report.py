"""Everything that checking tells, as plain values: claims, derived figures, conflicts and gaps."""

from collections.abc import Collection
from fractions import Fraction
from typing import Any

from evidence import derivation, reconciliation
from evidence.cells import Areas, Cell
from evidence.checking import Checked, Input, check_claims, found_for
from evidence.derivation import Derived
from evidence.holdings import areas_held, figures_held
from evidence.models import Claim, ClaimType, EvidenceGap, ReviewState, Source
from evidence.numbers.workings import rounded
from evidence.reconciliation import Conflict

type Item = dict[str, Any]
type Report = dict[str, list[Item]]

OWN = "computed"


class UnknownSource(ValueError):
    """One sentence about a source that is to be left out and is not there."""


def report(without: Collection[str] = (), *, only_told: bool = False) -> Report:
    """Check everything, and write the verdicts unless sources are left out or it is only told."""
    _refuse_unknown(without)
    claims = Claim.objects.exclude(review_state=ReviewState.RETIRED)
    told = only_told or bool(without)
    checked = found_for(claims, without) if told else check_claims(claims)
    areas, figures = areas_held(), figures_held(without)
    conflicts = reconciliation.conflicts(figures, areas)
    derived = derivation.derived(figures, areas, reconciliation.contested(conflicts))
    ours = [each for each in checked if each.claim.is_ours and each.inputs]
    return {
        "claims": [_claim(each, areas) for each in checked if not each.claim.is_ours],
        "derived": [
            *(_derived(each, areas) for each in derived),
            *(_computed(each, areas) for each in ours),
        ],
        "conflicts": [_conflict(each) for each in conflicts],
        "gaps": _gaps(without),
    }


def _refuse_unknown(keys: Collection[str]) -> None:
    known = set(Source.objects.values_list("key", flat=True))
    unknown = sorted(set(keys) - known)
    if unknown:
        raise UnknownSource(f"There is no source {unknown[0]!r}: {', '.join(sorted(known))} are.")


def _claim(checked: Checked, areas: Areas) -> Item:
    claim = checked.claim
    return {
        "id": claim.key,
        "type": claim.type,
        "stated": claim.stated,
        "inputs": [_input(each, areas) for each in checked.inputs],
        "recomputed": _number(checked.finding.recomputed),
        "verdict": checked.finding.verdict.value,
        "reason": checked.finding.reason,
        "wording": claim.wording,
        "qualifier": claim.qualifier,
        "area": claim.area.name if claim.area else None,
        "period": claim.period.label if claim.period else None,
        "sources": list(checked.sources),
    }


def _input(given: Input, areas: Areas) -> Item:
    return {
        "role": given.role,
        "value": _number(given.number.value),
        "printed": given.number.text if given.source else None,
        "measure": given.cell.measure,
        "area": areas.name(given.cell.area),
        "period": given.label,
        "source": given.source or None,
    }


def _derived(derived: Derived, areas: Areas) -> Item:
    return {
        "status": derived.status.value,
        **_place(derived.cell, derived.label, areas),
        "value": _number(derived.value),
        "working": derived.working,
        "sources": list(derived.sources),
        "printed": list(derived.printed),
        "printed_in": list(derived.printed_in),
    }


def _place(cell: Cell, label: str, areas: Areas) -> Item:
    return {
        "measure": cell.measure,
        "area": areas.name(cell.area),
        "gss_code": cell.area,
        "period": label,
    }


def _computed(checked: Checked, areas: Areas) -> Item:
    """A computation of our own, offered as one."""
    claim, finding = checked.claim, checked.finding
    cell = checked.inputs[0].cell
    return {
        "id": claim.key,
        "status": OWN,
        "type": claim.type,
        **_place(cell, " to ".join(each.label for each in checked.inputs), areas),
        "value": _number(finding.recomputed),
        "display": _signed(finding.exact) if claim.type == ClaimType.PERCENT_CHANGE else None,
        "working": finding.reason,
        "wording": claim.wording,
        "inputs": [_input(each, areas) for each in checked.inputs],
        "sources": sorted({each.source for each in checked.inputs if each.source}),
    }


def _signed(change: Fraction | None) -> str | None:
    """A percentage change as it is said: +79.1%."""
    return None if change is None else f"{rounded(change, 1):+}%"


def _conflict(conflict: Conflict) -> Item:
    return {
        "kind": conflict.kind.value,
        "status": "open",
        "measure": conflict.measure,
        "wording": conflict.wording,
        "readings": [
            {
                "printed": reading.printed,
                "area": reading.area,
                "period": reading.period,
                "sources": list(reading.sources),
            }
            for reading in conflict.readings
        ],
    }


def _gaps(without: Collection[str]) -> list[Item]:
    gaps = (
        EvidenceGap.objects.exclude(review_state=ReviewState.RETIRED)
        .exclude(source__key__in=without)
        .filter(filled_by=None)
        .select_related("source")
    )
    return [
        {
            "id": gap.key,
            "wording": gap.wording,
            "missing": gap.missing,
            "source": gap.source.key,
            "reason": "No figure and no source stand behind it.",
        }
        for gap in gaps
    ]


def _number(value: Any) -> int | float | None:
    """A JSON number, whole where it is whole."""
    if value is None:
        return None
    return int(value) if value == int(value) else float(value)
