"""Amendments as a marshalled list prints them, and drafts of our own, marked as such."""

import re
from collections.abc import Iterator

from campaigns.briefing.blocks import DEEPEST_LINE, AmendmentBlock, AmendmentLine
from campaigns.composing.gathered import Gathered
from campaigns.composing.placing import day_of, group_of
from campaigns.models import Amendment, SponsorRole
from campaigns.models.published import Standing
from campaigns.printing import PrintedLine, place_above, printed_lines, printed_names

NOT_HELD = "The text is not held here."


def amendment_block(amendment: Amendment, gathered: Gathered) -> AmendmentBlock:
    for source in amendment.sources.all():
        gathered.rest_on(source)
    stands = amendment.stands()
    lines = tuple(map(_line, printed_lines(stands.place, stands.lines)))
    if not lines:
        gathered.warnings.append(f"{amendment}: its text is not held here.")
    gathered.amendments.append(amendment)
    debated = _debated(amendment, gathered)
    return AmendmentBlock(
        label="Draft" if amendment.is_own_draft else stands.number or "Tabled",
        status=_status_of_draft(amendment) if amendment.is_own_draft else _status(stands, debated),
        place=place_above(stands.place, stands.lines),
        names=printed_names(stands.stage.house, tuple(_names(amendment))),
        lines=lines or (AmendmentLine(NOT_HELD),),
        explanatory_statement=stands.explanatory_statement,
        note=gathered.footnotes.amendment(amendment) if amendment.url else "",
    )


def _debated(amendment: Amendment, gathered: Gathered) -> str:
    """Its group and the day of it, as far as they are known."""
    group = group_of(amendment, at=gathered.use.at)
    if group is None:
        return ""
    day = day_of(amendment.stage, group.sitting)
    return ", ".join(filter(None, (day, f"group {group.number}")))


def _status_of_draft(amendment: Amendment) -> str:
    return f"Draft of our own, {amendment.way_to_the_table}."


def _status(stands: Standing, debated: str) -> str:
    """The stage, when it is debated, and what became of it; what is not known is said to be so."""
    unknown = [
        word
        for word, known in (("stage", stands.stage.name), ("number", stands.number))
        if not known
    ]
    stage = str(stands.stage) if stands.stage.name else ""
    parts = [told] if (told := ", ".join(filter(None, (stage, debated)))) else []
    if unknown:
        parts.append(f"{' and '.join(unknown).capitalize()} not known")
    return f"{'. '.join((*parts, decision_in_words(stands.decision)))}."


def decision_in_words(decision: str) -> str:
    """Parliament writes NotMoved; a reader wants to read "Not moved"."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", decision)
    return words.capitalize() if words else "Decision not known"


def _names(amendment: Amendment) -> Iterator[str]:
    """Whoever leads first."""
    sponsors = amendment.sponsors.select_related("member")
    for sponsor in sorted(sponsors, key=lambda one: one.role != SponsorRole.LEAD):
        yield sponsor.member.name


def _line(line: PrintedLine) -> AmendmentLine:
    level = min(line.level, DEEPEST_LINE)  # deeper than anyone drafts
    return AmendmentLine(line.text, level=level, marker=line.marker, heading=line.heading)
