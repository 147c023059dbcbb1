"""What was issued earlier reads again, and prints to the byte what it printed then."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from campaigns.briefing import BadBriefing, from_json, render, to_json
from campaigns.briefing.blocks import Numbered, SpeakingNote, Text, runs
from campaigns.briefing.text import WORDS, counted
from tests.campaigns.briefing.examples import TIMESTAMP, amendment, plain_briefing, summary
from tests.campaigns.packing import words_of

# As it was stored before there were editions, without a chart, whose drawing is a library's.
FIRST = Path(__file__).parent / "first_edition.json"
PRINTED = {
    "json": "d03ed97436b4058b3bb5a890464ce41937ed9d78a806778303418982d76931ff",
    "html": "ff778231dbcc8fdd6e5e6c599616f129b345bfee16058f8d8f268ebae4cb9799",
    "txt": "01dde561b6c16c7d240dd1cf423a41e1e8d7fc0ad2cfa32948a8278cc2f4fa76",
}


@pytest.mark.parametrize("format", PRINTED)
def test_a_briefing_of_the_first_edition_prints_what_it_printed_then(format) -> None:
    stored = from_json(FIRST.read_bytes())

    printed = render(stored, format, timestamp=TIMESTAMP)

    assert hashlib.sha256(printed).hexdigest() == PRINTED[format]
    assert b"edition" not in FIRST.read_bytes()


def test_what_is_new_is_written_down_and_read_again() -> None:
    made = plain_briefing(
        Numbered((runs("one"), runs("two"))),
        SpeakingNote("Speaking note", "About 5 seconds.", (runs("We ask."),)),
        edition=2,
    )

    assert json.loads(to_json(made))["edition"] == 2
    assert from_json(to_json(made)) == made


def test_a_field_that_nobody_knows_is_refused() -> None:
    data = json.loads(FIRST.read_bytes())

    with pytest.raises(BadBriefing, match="no part of a briefing"):
        from_json(json.dumps({**data, "colour": "red"}).encode())


@pytest.mark.parametrize("format", ["pdf", "html", "docx", "txt"])
def test_counted_lists_are_printed_in_every_format(format) -> None:
    made = plain_briefing(Numbered((runs("first of all"), runs("second"))), edition=2)

    words = words_of(render(made, format, timestamp=TIMESTAMP))

    assert "first of all" in words


@pytest.mark.parametrize(
    ("format", "is_in"), [("pdf", True), ("docx", True), ("html", True), ("txt", False)]
)
def test_a_speaking_note_is_in_the_file_and_not_in_the_e_mail(format, is_in) -> None:
    note = SpeakingNote("Speaking note", "About 5 seconds.", (runs("My Lords, we ask."),))

    words = words_of(render(plain_briefing(note, edition=2), format, timestamp=TIMESTAMP))

    assert ("My Lords, we ask." in words) == is_in


def email(*blocks) -> str:
    made = plain_briefing(*blocks, edition=2)
    return render(made, "txt", timestamp=TIMESTAMP).decode()


def test_an_e_mail_tells_of_the_amendment_after_the_asks_and_before_the_figures() -> None:
    asks, figures = summary()
    block = replace(amendment(), note="")

    printed = email(
        replace(figures, tiles=tuple(replace(t, note="") for t in figures.tiles)), block, asks
    )

    assert printed.index("What we ask of you:") < printed.index(
        "Draft amendment, After Clause 142."
    )
    assert printed.index("Draft amendment") < printed.index("- 1,437")
    assert (
        " ".join(printed.split())
        .split("demonstration. ")[1]
        .startswith("Insert the following new Clause— “Advocacy for children (1) The Secretary of")
    )


def test_of_a_long_amendment_the_beginning_is_told_and_its_number_never_dangles() -> None:
    lines = tuple(replace(amendment().lines[2], text="word " * n, marker=f"({n})") for n in (43, 9))
    block = replace(amendment(), label="270A", status="Group 4.", note="", lines=lines, place="")

    told = " ".join(email(block).split())

    assert "Amendment 270A. Group 4. (43) word" in told
    assert told.count("word") == 43
    assert "word…" in told


def test_the_e_mail_keeps_to_its_words_with_the_amendment_in_them() -> None:
    asks = replace(summary()[0], items=(runs("word " * 110),))
    made = plain_briefing(asks, replace(amendment(), note=""), edition=2)

    found = counted(made)

    assert found.words <= WORDS
    assert not found.lacks_amendment


def test_bold_and_links_of_a_numbered_list_keep_their_words_in_an_e_mail() -> None:
    items = (runs(Text("Bold", strong=True), " and ", Text("page", link="https://example.org")),)

    assert "1. Bold and page <https://example.org>" in email(Numbered(items))
