"""What the laid-out formats (PDF and HTML) are given: the blocks as data, with notes numbered."""

from typing import Any

from campaigns.briefing.blocks import (
    AmendmentBlock,
    Block,
    Briefing,
    Chart,
    Contact,
    Quotation,
    Table,
    TestimonyBox,
)
from campaigns.briefing.charts import draw_svg
from campaigns.briefing.footnotes import Mark, Marks
from campaigns.briefing.interchange import to_data
from campaigns.briefing.wording import (
    EXPLANATORY_STATEMENT,
    NOTES,
    byline,
    chart_alt,
    contact_line,
    labels,
    quoted,
)


def page_data(briefing: Briefing) -> dict[str, Any]:
    marks = Marks(briefing)
    return {
        "title": briefing.title,
        "header": briefing.header,
        "strapline": briefing.strapline,
        "organisations": list(briefing.organisations),
        "layout": briefing.layout,
        "edition": briefing.edition,
        "language": briefing.language,
        "byline": byline(briefing),
        "labels": labels(briefing),
        "blocks": [_marked(_with_wording(block), marks) for block in briefing.blocks],
        "notes_title": NOTES,
        "notes": [_mark_data(mark) for mark in marks.given()],
    }


def _with_wording(block: Block) -> dict[str, Any]:
    """A block's own fields, and what the page says beside them."""
    data: dict[str, Any] = to_data(block)
    match block:
        case Chart():
            svg = draw_svg(block.spec)
            data |= {"spec": None, "svg": svg, "alt": chart_alt(block)}
            data["table"] |= {"columns": list(block.table.columns)}
        case Table():
            data["columns"] = list(block.columns)
        case AmendmentBlock():
            data["statement_title"] = EXPLANATORY_STATEMENT
        case Quotation():
            data["quoted"] = quoted(block.words)
        case TestimonyBox():
            data["speech_note"] = block.speech_note
        case Contact():
            data["line"] = to_data(contact_line(block))
    return data


def _marked(data: Any, marks: Marks) -> Any:
    """The data with each reference to a note replaced by its mark, numbered in reading order."""
    if isinstance(data, list):
        return [_marked(item, marks) for item in data]
    if not isinstance(data, dict):
        return data
    if data.get("kind") == "note_ref":
        return {"mark": _mark_data(marks.next(data["key"]))}
    return {
        name: (_mark_data(marks.next(value)) if value else None)
        if name == "note"
        else _marked(value, marks)
        for name, value in data.items()
    }


def _mark_data(mark: Mark) -> dict[str, Any]:
    return {
        "number": mark.number,
        "occurrence": mark.occurrence,
        "runs": to_data(mark.words),
    }
