"""Amendments as a marshalled list prints them, and drafts of our own, marked as such."""

import re
from collections.abc import Iterator, Sequence

from campaigns.briefing.blocks import DEEPEST_LINE, AmendmentBlock, AmendmentLine
from campaigns.composing.gathered import Gathered
from campaigns.models import Amendment, SponsorRole
from campaigns.models import AmendmentLine as PrintedLine

OWN_DRAFT = "Illustrative draft for demonstration"
NOT_HELD = "The text is not held here."
# "(1)", "(a)", "(iii)" or "(2A)", as a printed line opens; the words hang to the right of it.
MARKER = re.compile(r"(“?\([0-9a-zA-Z]{1,4}\))\s+(.*)", re.DOTALL)
OPENS_A_CLAUSE = re.compile(r"new (?:Clause|Schedule)\s*[—–-]\s*$", re.IGNORECASE)


def amendment_block(amendment: Amendment, gathered: Gathered) -> AmendmentBlock:
    for source in amendment.sources.all():
        gathered.rest_on(source)
    lines = tuple(_lines(amendment))
    if not lines:
        gathered.warnings.append(f"{amendment}: its text is not held here.")
    return AmendmentBlock(
        label="Draft" if amendment.is_own_draft else amendment.number or "Tabled",
        status=OWN_DRAFT if amendment.is_own_draft else _status(amendment),
        place=_place(amendment, lines),
        names=tuple(_names(amendment)),
        lines=lines or (AmendmentLine(NOT_HELD),),
        explanatory_statement=amendment.explanatory_statement,
        note=gathered.footnotes.amendment(amendment) if amendment.url else "",
    )


def _place(amendment: Amendment, lines: Sequence[AmendmentLine]) -> str:
    """Where it goes in the bill, unless its own first line says so."""
    place = amendment.position_in_bill
    return "" if lines and lines[0].text.startswith(place) else place


def _status(amendment: Amendment) -> str:
    """The stage, and what became of it; what is not known is said to be so."""
    unknown = [
        word
        for word, known in (("stage", amendment.stage.name), ("number", amendment.number))
        if not known
    ]
    parts = [str(amendment.stage)] if amendment.stage.name else []
    if unknown:
        parts.append(f"{' and '.join(unknown).capitalize()} not known")
    return f"{'. '.join((*parts, _decision(amendment)))}."


def _decision(amendment: Amendment) -> str:
    """Parliament writes NotMoved; a reader wants to read "Not moved"."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", amendment.decision)
    return words.capitalize() if words else "Decision not known"


def _names(amendment: Amendment) -> Iterator[str]:
    """In capitals, as marshalled lists print them, whoever leads first."""
    sponsors = amendment.sponsors.select_related("member")
    for sponsor in sorted(sponsors, key=lambda one: one.role != SponsorRole.LEAD):
        yield sponsor.member.name.upper()


def _lines(amendment: Amendment) -> Iterator[AmendmentLine]:
    opened = False
    for line in amendment.lines.all():
        yield _line(line, heading=opened)
        opened = bool(OPENS_A_CLAUSE.search(line.text))


def _line(line: PrintedLine, *, heading: bool) -> AmendmentLine:
    level = min(line.indent, DEEPEST_LINE)  # deeper than anyone drafts
    if marked := MARKER.fullmatch(line.text):
        return AmendmentLine(marked[2], level=level, marker=marked[1])
    return AmendmentLine(line.text, level=level, heading=heading)
