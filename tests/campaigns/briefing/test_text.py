"""The e-mail says first what we ask, and stays as short as an e-mail that is read."""

import pytest

from campaigns.briefing import render
from campaigns.briefing.blocks import (
    Asks,
    Bullets,
    KeyFigure,
    KeyFigures,
    NoteRef,
    Paragraph,
    Quotation,
    Text,
    runs,
)
from campaigns.briefing.text import WORDS
from tests.campaigns.briefing.examples import TIMESTAMP, briefing, notes, plain_briefing


def text(made) -> str:
    return render(made, "txt", timestamp=TIMESTAMP).decode()


def test_the_whole_letter() -> None:
    blocks = (
        Paragraph(runs("Children have ", Text("no", strong=True), " advocate.")),
        KeyFigures((KeyFigure("2,061", "offences, Wales, 2021/22", note="wales-2022"),)),
        Asks("We ask you to", (runs("speak to the new clause;"), runs("ask the Minister."))),
        Bullets((runs(Text("Our page", link="https://example.org/page")),)),
    )

    made = briefing(blocks=blocks, notes=notes("wales-2022"), copy_label="")

    assert text(made) == (
        "A voice for children in the Example Bill\n"
        "Example Bill · House of Lords · Report, day 5\n"
        "Plant yn Gyntaf (fictional) and Second Charity (fictional) · 19 July\n2023\n"
        "\n"
        "We ask you to:\n1. speak to the new clause;\n2. ask the Minister.\n"
        "\n"
        "- 2,061: offences, Wales, 2021/22 [1]\n"
        "\n"
        "Children have no advocate.\n"
        "\n"
        "- Our page <https://example.org/page>\n"
        "\n"
        "Notes:\n[1] 2,061 in Wales, 2021/22: Example Police, 'FOI response 1/2023' (1\n"
        "    May 2023) <https://example.org/foi>\n"
        "\n"
        "Version 3 · 19 July 2023\n"
    )


def test_the_body_ends_before_it_is_too_long_and_never_in_mid_paragraph() -> None:
    paragraphs = [Paragraph(runs(f"P{n} " + "word " * 39)) for n in range(6)]

    printed = text(plain_briefing(*paragraphs))

    assert [f"P{n} " in printed for n in range(6)] == [True] * 3 + [False] * 3
    assert printed.count("word") <= WORDS


def test_the_asks_are_never_lost() -> None:
    long = Asks("We ask", (runs("word " * 200),))

    assert text(plain_briefing(long)).count("word") == 200


def test_testimony_stays_out_of_an_email() -> None:
    assert "password" not in text(briefing())


def test_only_notes_of_what_is_said_are_listed() -> None:
    printed = text(briefing())

    assert [f"\n[{n}] " in printed for n in range(1, 7)] == [True, True, True, False, True, False]


def listed(made) -> str:
    return " ".join(text(made).partition("Notes:")[2].partition("Plant yn")[0].split())


@pytest.mark.parametrize(
    ("first", "told"),
    [
        (
            Paragraph(runs("An e-mail has this.", NoteRef("wales-2017"))),
            "[1] 1,437 in Wales, 2016/17: Example Police, 'FOI response 1/2023' (1 May 2023) "
            "<https://example.org/foi> "
            "[2] 2,061 in Wales, 2021/22: Example Police FOI response (n 1)",
        ),
        (
            Quotation("An e-mail leaves this out.", "Speaker", "Chair", note="wales-2017"),
            "[2] 2,061 in Wales, 2021/22: Example Police, 'FOI response 1/2023' (1 May 2023) "
            "<https://example.org/foi>",
        ),
    ],
    ids=["printed", "left out"],
)
def test_a_later_note_cites_in_full_where_the_first_is_left_out(first, told) -> None:
    later = Paragraph(runs("And this.", NoteRef("wales-2022")))

    made = briefing(blocks=(first, later), notes=notes("wales-2017", "wales-2022"))

    assert listed(made).removesuffix(" Version 3 · Copy 14 · 19 July 2023") == told


def test_a_note_is_listed_though_its_mark_begins_a_line() -> None:
    said = Paragraph(runs("x" * 71, NoteRef("rise")))

    assert "\n[1]\n\nNotes:\n[1] (2,061" in text(briefing(blocks=(said,), notes=notes("rise")))


def test_contacts_close_the_letter() -> None:
    assert text(briefing()).endswith(
        "Plant yn Gyntaf (fictional)\n"
        "Gwen Example, Policy officer · policy@example.org · 01632 960 001\n"
        "A fictional charity for demonstration.\n"
        "\n"
        "Second Charity (fictional)\nhello@example.org\n"
        "\n"
        "Version 3 · Copy 14 · 19 July 2023\n"
    )


def test_lines_fit_an_email() -> None:
    assert max(map(len, text(briefing()).splitlines())) <= 72
