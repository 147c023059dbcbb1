"""Briefings as PDF by Typst, tagged for screen readers (PDF/UA-1) and for keeping (PDF/A-2a)."""

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, cast

import typst

from campaigns.briefing.blocks import BadBriefing, Briefing
from campaigns.briefing.glyphs import FONTS
from campaigns.briefing.pages import page_data

TEMPLATES = Path(__file__).parent / "typst"
# Points. One side of A4 is tried in smaller type before it is refused; below 9 nobody reads it.
TYPE_SIZES = {"full": (10.5,), "one_page": (10.5, 10.0, 9.5, 9.0)}


def render_pdf(briefing: Briefing, *, timestamp: datetime) -> bytes:
    data = page_data(briefing)
    for size in TYPE_SIZES[briefing.layout]:
        if printed := _typeset({**data, "size": size}, timestamp):
            return printed
    raise BadBriefing("This does not fit one side of A4: shorten a text or leave a block out.")


def _typeset(data: dict[str, Any], timestamp: datetime) -> bytes | None:
    """The PDF, or None where the one-page layout runs on to a second page.

    A compiler is made for each document, since none may be shared between threads; what costs
    time, reading the fonts, is done once.
    """
    compiler = typst.Compiler(
        TEMPLATES / "briefing.typ",
        root=TEMPLATES,
        font_paths=_fonts(),
        sys_inputs={"briefing": json.dumps(data, ensure_ascii=False)},
    )
    try:
        printed = compiler.compile(
            format="pdf", pdf_standards=["a-2a", "ua-1"], timestamp=int(timestamp.timestamp())
        )
    except typst.TypstError as problem:
        if "more than one page" in problem.message:
            return None
        raise BadBriefing(f"The briefing cannot be typeset: {problem.message}") from problem
    return cast(bytes, printed)  # lists and None are for other formats and for files


@cache
def _fonts() -> Any:
    """Our own fonts and no others: a system's would print differently on another machine."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
