"""The HTML stands alone, reads well without eyes, and treats every text as text."""

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

import pytest

from campaigns.briefing import render
from campaigns.briefing.blocks import (
    AmendmentBlock,
    AmendmentLine,
    Note,
    NoteRef,
    Paragraph,
    Table,
    Text,
    runs,
)
from tests.campaigns.briefing.examples import (
    TIMESTAMP,
    briefing,
    notes,
    one_page,
    plain_briefing,
    printed_notes,
    second_edition,
)
from tests.campaigns.briefing.hostile import CANARY, LITERAL, everywhere, typed

VOID = frozenset({"meta", "br", "hr", "img", "link", "input"})


class Element(NamedTuple):
    tag: str
    attributes: dict[str, str]


class Page(HTMLParser):
    """The elements and the words of a page, and whether it is well formed."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.words.append(data)

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.elements if element.tag in tags]

    def values(self, attribute: str) -> list[str]:
        return [e.attributes[attribute] for e in self.elements if attribute in e.attributes]


def html(made) -> str:
    return render(made, "html", timestamp=TIMESTAMP).decode()


def page(made) -> Page:
    return Page(html(made))


@cache
def harmless() -> Page:
    return page(everywhere(second_edition(), "harmless"))


def body_of(*blocks, **changes) -> str:
    """The markup between <main> and </main>, a line for each line that says something."""
    printed = html(plain_briefing(*blocks, **changes))
    main = re.search(r"<main>(.*)</main>", printed, re.DOTALL)
    return "\n".join(line for line in main[1].splitlines() if line.strip())


@pytest.mark.parametrize("make", [briefing, one_page], ids=["full", "one_page"])
def test_it_fetches_nothing_and_runs_nothing(make) -> None:
    made = page(make())

    assert made.all("script", "link", "img", "iframe", "object", "form", "base") == []
    assert made.values("src") + made.values("style") + made.values("onclick") == []
    assert "url(" not in html(make())
    assert "@import" not in html(make())


def test_language_title_and_landmarks_are_given() -> None:
    made = page(briefing())

    assert made.all("html") == [Element("html", {"lang": "en-GB"})]
    assert [len(made.all(tag)) for tag in ("h1", "title", "main", "footer")] == [1, 2, 1, 1]


def test_headings_descend_one_level_at_a_time() -> None:
    headings = [element.tag for element in page(briefing()).all("h1", "h2", "h3", "h4")]

    assert headings == ["h1", "h2", "h2", "h2", "h3", "h3", "h2", "h2", "h2"]


def test_each_note_is_linked_both_ways() -> None:
    made = page(briefing())
    ids = made.values("id")

    links = [link for link in made.values("href") if link.startswith("#")]

    assert len(ids) == len(set(ids))
    assert [link for link in links if link[1:] not in ids] == []
    assert sum(link.startswith("#note-") for link in links) == 9
    assert sum(link.startswith("#ref-") for link in links) == 8


def test_notes_are_listed_by_number_each_with_its_own_words() -> None:
    listed = re.findall(r'<li id="(note-\d)">(.*)</li>', html(briefing()))

    words = [re.sub(r"\s*↑", "", "".join(Page(item).words)) for _, item in listed]

    assert [key for key, _ in listed] == [f"note-{n}" for n in range(1, 7)]
    assert words == printed_notes(briefing())


def test_a_note_met_twice_has_one_number_and_two_ways_back() -> None:
    note = Note("a", runs("Source ", Text("A", emphasis=True)))
    once = Paragraph(runs("One", NoteRef("a"), ", two", NoteRef("a")))

    mark = (
        '<sup><a id="ref-1-{0}" href="#note-1" role="doc-noteref" aria-label="Note 1">1</a></sup>'
    )
    back = (
        ' <a href="#ref-1-{0}" role="doc-backlink"'
        ' aria-label="Back to reference {0} of note 1">↑</a>'
    )
    assert body_of(once, notes=(note,)) == (
        f"<p>One{mark.format(1)}, two{mark.format(2)}</p>\n"
        '<section class="notes" role="doc-endnotes" aria-labelledby="notes">\n'
        '<h2 id="notes">Notes</h2>\n'
        "<ol>\n"
        '<li id="note-1">Source <em>A</em>'
        f"{back.format(1)}{back.format(2)}</li>\n"
        "</ol>\n"
        "</section>"
    )


def test_a_later_citation_is_a_link_to_the_note_that_cites_in_full() -> None:
    noted = Paragraph(runs("Two", NoteRef("wales-2022"), ", one", NoteRef("wales-2017")))

    printed = body_of(noted, notes=notes("wales-2017", "wales-2022"))

    listed = re.findall(r'<li id="(note-\d)">.*/\d\d: (.*) <a href="#ref.*</li>', printed)
    url = "https://example.org/foi"
    assert listed == [
        (
            "note-1",
            "Example Police, &#x27;FOI response 1/2023&#x27; (1 May 2023) "
            f'&lt;<a href="{url}">{url}</a>&gt;',
        ),
        ("note-2", 'Example Police FOI response (<a href="#note-1">n 1</a>)'),
    ]


def test_a_table_names_its_columns_and_rows() -> None:
    table = Table("Counts", ("Area", "2017"), ((runs("Gwent"), runs("259")),))

    assert body_of(table) == (
        '<div class="table" role="region" tabindex="0" aria-label="Table: Counts">\n'
        "<table>\n<caption>Counts</caption>\n<thead>\n<tr>\n"
        '<th scope="col" class="left">Area</th>\n<th scope="col" class="right">2017</th>\n'
        "</tr>\n</thead>\n<tbody>\n<tr>\n"
        '<th scope="row" class="left">Gwent</th>\n<td class="right">259</td>\n'
        "</tr>\n</tbody>\n</table>\n</div>"
    )


def test_an_amendment_keeps_its_levels_and_markers() -> None:
    amendment = AmendmentBlock(
        label="270A",
        lines=(
            AmendmentLine("“Advocacy", level=1, heading=True),
            AmendmentLine("The body must—", level=1, marker="(1)"),
        ),
    )

    assert body_of(amendment) == (
        '<div class="amendment">\n<div class="provision">\n<p class="number">270A</p>\n<div>\n'
        '<p class="level-1 provision-title">“Advocacy</p>\n'
        '<p class="level-1 hanging"><span class="marker">(1) </span>The body must—</p>\n'
        "</div>\n</div>\n</div>"
    )


def test_a_chart_is_a_picture_with_a_description_and_its_figures_in_a_table() -> None:
    made = page(briefing())

    picture = made.all("svg")[0].attributes
    words = " ".join(made.words)
    assert (picture["role"], picture["aria-labelledby"]) == ("img", "chart-5-title chart-5-words")
    assert {"chart-5-title", "chart-5-words"} <= set(made.values("id"))
    assert "2021/22: Wales 2,061" in words
    assert len(made.all("details")) == 1
    assert [e.attributes for e in made.all("g", "path", "text") if "role" in e.attributes] == []


@pytest.mark.parametrize("text", LITERAL.values(), ids=LITERAL)
def test_markup_in_every_field_is_printed_as_it_stands(text: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(CANARY)
    text = text.replace("PATH", str(secret))

    hurt = page(everywhere(second_edition(), text))

    assert [e.tag for e in hurt.elements] == [e.tag for e in harmless().elements]
    assert "".join(hurt.words).count(text) == "".join(harmless().words).count("harmless")
    assert CANARY not in "".join(hurt.words)


def test_every_text_that_was_typed_is_on_the_page() -> None:
    words = "".join(page(second_edition()).words)

    assert [text for text in typed(second_edition()) if text not in words] == []
