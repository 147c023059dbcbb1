"""A briefing refuses, when it is put together, what no renderer could print honestly."""

from typing import Any

import pytest

from campaigns.briefing import BadBriefing
from campaigns.briefing.blocks import (
    AmendmentLine,
    Asks,
    Chart,
    Heading,
    KeyFigure,
    KeyFigures,
    Note,
    NoteRef,
    Paragraph,
    Table,
    Text,
    plain,
    runs,
)
from tests.campaigns.briefing.examples import briefing, plain_briefing


def chart_with_a_note_in_its_table() -> Chart:
    noted = Table("Counts", ("Year", "Wales"), ((runs("2017"), runs("1", NoteRef("x"))),))
    return Chart({}, "Counts", description="", table=noted)


def test_notes_are_numbered_in_the_order_in_which_they_are_first_met() -> None:
    block = Paragraph(runs("A", NoteRef("b"), " and ", NoteRef("a"), NoteRef("b")))
    figures = KeyFigures((KeyFigure("1", "one", note="c"),))
    held = tuple(Note(key, runs(key.upper())) for key in "abc")

    made = briefing(blocks=(figures, block), notes=held)

    assert [note.key for note in made.numbered_notes] == ["c", "b", "a"]


def test_plain_text_leaves_styles_and_notes_out() -> None:
    assert plain(runs("Up ", Text("43%", strong=True), NoteRef("x"), ".")) == "Up 43%."


def test_columns_after_the_first_are_figures_unless_said_otherwise() -> None:
    table = Table("Areas", ("Area", "2017", "2018"), ((runs("Gwent"), runs("1"), runs("2")),))

    assert table.columns == ("left", "right", "right")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: plain_briefing(title=""), "needs a title"),
        (lambda: plain_briefing(organisations=()), "needs a title and an organisation"),
        (lambda: plain_briefing(layout="poster"), "no layout 'poster'"),
        (lambda: plain_briefing(Heading("Deep", 2)), "'Deep' is empty or skips a level"),
        (lambda: plain_briefing(Heading("A"), Heading("C", 3)), "'C' is empty or skips a level"),
        (lambda: plain_briefing(Heading(" ")), "' ' is empty"),
        (lambda: plain_briefing(Asks("", ())), "'' is empty"),
        (lambda: Heading("Deeper", 4), "level 4"),
        (lambda: AmendmentLine("far in", 6), "level 6"),
        (lambda: Text("x", link="javascript:alert(1)"), "http, https or mailto"),
        (lambda: Text("x", link="file:///etc/passwd"), "http, https or mailto"),
        (lambda: chart_with_a_note_in_its_table(), "belong to it, not to its table"),
        (lambda: Table("Odd", ("A", "B"), ((runs("1"),),)), "'Odd' has rows"),
        (lambda: Table("Wide", tuple("ABCDEFGHI"), ()), "'Wide' is too wide"),
        (lambda: Table("Odd", ("A",), (), alignment=("left", "left")), "'Odd' has rows"),
        (lambda: plain_briefing(Paragraph(runs(NoteRef("x")))), "not held: x"),
        (lambda: briefing(blocks=()), "nothing refers to: areas, bill"),
        (
            lambda: briefing(
                blocks=(Paragraph(runs(NoteRef("x"))),), notes=(Note("x", ()), Note("x", ()))
            ),
            "held twice: x",
        ),
        (
            lambda: briefing(
                blocks=(Paragraph(runs(NoteRef("x"))),), notes=(Note("x", runs(NoteRef("x"))),)
            ),
            "cannot refer to another note",
        ),
    ],
)
def test_what_cannot_be_printed_honestly_is_refused(make: Any, message: str) -> None:
    with pytest.raises(BadBriefing, match=message):
        make()


def test_a_section_may_follow_the_asks_at_the_second_level() -> None:
    made = plain_briefing(Asks("We ask", (runs("Yes."),)), Heading("Why", 2))

    assert len(made.blocks) == 2
