"""Briefings as one HTML file that fetches nothing and runs nothing, made for screen readers too."""

from functools import cache
from pathlib import Path
from typing import Any

from django.template import Context, Engine, Library
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from campaigns.briefing.blocks import Briefing
from campaigns.briefing.pages import page_data

TEMPLATES = Path(__file__).parents[2] / "templates"
register = Library()


def render_html(briefing: Briefing) -> bytes:
    template = _engine().get_template("briefing/briefing.html")
    return template.render(Context(page_data(briefing))).encode()


@cache
def _engine() -> Engine:
    """An engine of our own, so that a briefing needs no settings and knows no other template."""
    return Engine(dirs=[str(TEMPLATES)], builtins=[__name__])


@register.filter
def runs(parts: list[dict[str, Any]]) -> SafeString:
    """A text with its emphasis, links and notes: here, since a template would add spaces."""
    return format_html_join("", "{}", ((_run(part),) for part in parts))


def _run(part: dict[str, Any]) -> SafeString:
    if "mark" in part:
        return note_mark(part["mark"])
    if part["kind"] == "cross_reference":
        return format_html('(<a href="#note-{0}">n {0}</a>)', part["number"])
    words = conditional_escape(part["text"])
    if part["strong"]:
        words = format_html("<strong>{}</strong>", words)
    if part["emphasis"]:
        words = format_html("<em>{}</em>", words)
    if part["link"]:
        words = format_html('<a href="{}">{}</a>', part["link"], words)
    return words


@register.filter
def note_mark(mark: dict[str, Any] | None) -> SafeString:
    """The raised number that leads to its note, and that the note leads back to."""
    if mark is None:
        return SafeString("")
    return format_html(
        '<sup><a id="ref-{number}-{occurrence}" href="#note-{number}" role="doc-noteref"'
        ' aria-label="Note {number}">{number}</a></sup>',
        number=mark["number"],
        occurrence=mark["occurrence"],
    )


@register.filter
def way_back(mark: dict[str, Any]) -> SafeString:
    """From a note, a link to each place that refers to it."""
    return format_html_join(
        " ",
        '<a href="#ref-{0}-{1}" role="doc-backlink"'
        ' aria-label="Back to reference {1} of note {0}">↑</a>',
        ((mark["number"], occurrence) for occurrence in range(1, mark["occurrence"] + 1)),
    )


@register.filter
def template_of(block: dict[str, Any]) -> str:
    return f"briefing/blocks/{block['kind']}.html"


@register.filter
def beside(cells: list[Any], columns: list[str]) -> list[tuple[str, Any]]:
    """Each cell of a row with the side that its column is aligned to."""
    return list(zip(columns, cells, strict=True))


@register.filter
def described(chart: dict[str, Any], key: str) -> SafeString:
    """A chart's drawing with the title and description that a screen reader reads in its place."""
    opening, drawing = chart["svg"].split(">", 1)
    words = format_html(
        ' role="img" aria-labelledby="chart-{0}-title chart-{0}-words">'
        '<title id="chart-{0}-title">{1}</title><desc id="chart-{0}-words">{2}</desc>',
        key,
        chart["title"],
        chart["alt"],
    )
    # The drawing is vl-convert's, which escapes every text; charts.draw_svg refuses active parts.
    drawn: SafeString = mark_safe(opening + words + drawing)  # noqa: S308 - so no user's markup
    return drawn
