"""Briefings for peers: blocks in, the bytes of a document out, with no database in the room."""

from datetime import datetime
from typing import Literal

from campaigns.briefing.blocks import BadBriefing, Briefing
from campaigns.briefing.docx import render_docx
from campaigns.briefing.glyphs import UnprintableText, refuse_unprintable
from campaigns.briefing.html import render_html
from campaigns.briefing.interchange import from_json, to_json
from campaigns.briefing.pdf import render_pdf
from campaigns.briefing.text import render_text

__all__ = ["BadBriefing", "Briefing", "Format", "UnprintableText", "from_json", "render"]

type Format = Literal["pdf", "html", "docx", "txt", "json"]


def render(briefing: Briefing, format: Format, *, timestamp: datetime) -> bytes:
    """The briefing in one format: the same blocks and time give the same bytes, on any machine.

    Raises UnprintableText where our fonts lack a character, whichever the format, so that what
    one reader holds no other format could not show; BadBriefing where the layout cannot hold it.
    """
    if timestamp.tzinfo is None:
        raise ValueError("The time needs a zone, or another machine would print another.")
    refuse_unprintable(briefing)
    match format:
        case "pdf":
            return render_pdf(briefing, timestamp=timestamp)
        case "docx":
            return render_docx(briefing, timestamp=timestamp)
        case "html":
            return render_html(briefing)
        case "txt":
            return render_text(briefing)
        case "json":
            return to_json(briefing)
    raise ValueError(f"There is no format {format!r}.")
