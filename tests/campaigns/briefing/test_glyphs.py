"""Text that our fonts cannot print is found before printing, with its place."""

import pytest

from campaigns.briefing import UnprintableText, render
from campaigns.briefing.blocks import KeyFigure, KeyFigures
from campaigns.briefing.glyphs import (
    FONTS,
    refuse_unprintable,
    texts,
    unprintable,
)
from tests.campaigns.briefing.examples import TIMESTAMP, briefing, one_page, plain_briefing
from tests.campaigns.briefing.hostile import LITERAL, REFUSED, one_place_each, typed


@pytest.mark.parametrize(
    "text",
    [
        "£1 or €1.16",
        "Tŷ-croes, ŵ Ŵ Ŷ â ê î ô û ẁ ẃ ẅ",
        "‘one’ “two” – — … •",
        "→ ← ↑ ↓ ✓ × ÷ − ≈ ½ °",
    ],
)
def test_our_fonts_print_what_a_british_briefing_says(text: str) -> None:
    assert unprintable(text) == []


@pytest.mark.parametrize("text", LITERAL.values(), ids=LITERAL)
def test_markup_is_only_text(text: str) -> None:
    assert unprintable(text) == []


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_seen_in_print_is_found(text: str) -> None:
    assert unprintable(text) != []


def test_a_finding_tells_position_character_and_name() -> None:
    assert unprintable("ok 😀\x07") == [(3, "😀", "GRINNING FACE"), (4, "\x07", "U+0007")]


@pytest.mark.parametrize("make", [briefing, one_page], ids=["full", "one_page"])
def test_the_examples_print_whole(make) -> None:
    refuse_unprintable(make())


def test_no_field_of_a_briefing_escapes_the_check() -> None:
    places = len(list(typed(briefing())))

    refused = 0
    for spoilt in one_place_each(briefing(), "spoilt 😀"):
        with pytest.raises(UnprintableText):
            refuse_unprintable(spoilt)
        refused += 1

    assert (refused, places > 100) == (places, True)


@pytest.mark.parametrize("format", ["pdf", "html", "docx", "txt", "json"])
def test_every_format_refuses_and_names_the_place(format) -> None:
    figures = KeyFigures((KeyFigure("1", "one"), KeyFigure("2", "two \u202e")))

    with pytest.raises(UnprintableText) as refused:
        render(plain_briefing(figures), format, timestamp=TIMESTAMP)

    assert str(refused.value) == (
        "Block 1 (key figures), tiles 2, label:"
        " character 5 (U+202E RIGHT-TO-LEFT OVERRIDE) cannot be printed."
    )


def test_the_words_in_a_chart_are_checked_too() -> None:
    spoken = [
        text for place, text in texts(briefing()) if place.startswith("Block 5 (chart), spec")
    ]

    assert {"Wales", "2016/17", "1,437"} <= set(spoken)


def test_one_family_of_four_faces_is_vendored_with_its_licence() -> None:
    held = sorted(path.name for path in FONTS.iterdir())

    assert held == [
        "OFL.txt",
        "SourceSans3-Bold.ttf",
        "SourceSans3-BoldItalic.ttf",
        "SourceSans3-Italic.ttf",
        "SourceSans3-Regular.ttf",
    ]
