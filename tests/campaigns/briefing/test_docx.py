"""The Word file has real styles, notes and alt texts, and nothing that nobody meant to send."""

import re
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path

import pytest

from campaigns.briefing import pandoc, render
from campaigns.briefing.docx import REFERENCE
from campaigns.briefing.package import pack, unpack
from campaigns.briefing.reference_docx import make_reference
from tests.campaigns.briefing.examples import TIMESTAMP, briefing, one_page, printed_notes
from tests.campaigns.briefing.hostile import CANARY, LITERAL, everywhere, typed

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DOCUMENT, NOTES, FOOTER = "word/document.xml", "word/footnotes.xml", "word/footer1.xml"


def parts(made) -> dict[str, bytes]:
    return unpack(render(made, "docx", timestamp=TIMESTAMP))


@cache
def example() -> dict[str, bytes]:
    return parts(briefing())


@cache
def harmless() -> dict[str, bytes]:
    return parts(everywhere(one_page(), "harmless"))


def tree(part: bytes) -> ET.Element:
    return ET.fromstring(part)  # noqa: S314 - our own document


def texts(part: bytes) -> list[str]:
    """The words of each paragraph."""
    return [
        "".join(text.text or "" for text in paragraph.iter(f"{W}t"))
        for paragraph in tree(part).iter(f"{W}p")
    ]


def attributes(part: bytes, tag: str, name: str = "val") -> list[str]:
    return [element.get(f"{W}{name}", "") for element in tree(part).iter(f"{W}{tag}")]


def style_of(part: bytes, words: str) -> str:
    for paragraph in tree(part).iter(f"{W}p"):
        if words in "".join(text.text or "" for text in paragraph.iter(f"{W}t")):
            return paragraph.find(f"{W}pPr/{W}pStyle").get(f"{W}val")
    raise AssertionError(words)


def test_the_package_holds_these_parts_and_no_others() -> None:
    pictures = [name for name in example() if name.startswith("word/media/")]

    others = {name for name in example() if name not in pictures}
    assert len(pictures) == 1
    assert others == {
        "[Content_Types].xml",
        "_rels/.rels",
        "docProps/app.xml",
        "docProps/core.xml",
        "docProps/custom.xml",
        "word/_rels/document.xml.rels",
        "word/_rels/footnotes.xml.rels",
        "word/comments.xml",
        "word/document.xml",
        "word/fontTable.xml",
        "word/footer1.xml",
        "word/footnotes.xml",
        "word/numbering.xml",
        "word/settings.xml",
        "word/styles.xml",
        "word/theme/theme1.xml",
        "word/webSettings.xml",
    }


def test_every_part_is_well_formed_and_only_the_text_parts_hold_words() -> None:
    made = example()

    wordy = {name for name, part in made.items() if name.endswith(".xml") and any(texts(part))}

    assert wordy == {DOCUMENT, NOTES, FOOTER}


def test_properties_are_title_organisations_language_and_time() -> None:
    made = example()

    held = {e.tag.split("}")[1]: e.text for e in tree(made["docProps/core.xml"])}
    assert held == {
        "title": "A voice for children in the Example Bill",
        "creator": "Plant yn Gyntaf (fictional) and Second Charity (fictional)",
        "language": "en-GB",
        "created": "2023-07-17T09:00:00Z",
        "modified": "2023-07-17T09:00:00Z",
    }
    assert [len(tree(made[f"docProps/{name}.xml"])) for name in ("app", "custom")] == [0, 0]


def test_notes_are_real_footnotes_in_the_order_of_their_numbers() -> None:
    made = example()

    printed = [text for text in texts(made[NOTES]) if text.strip()]

    assert [text.strip() for text in printed] == printed_notes(briefing())


def test_a_note_met_again_refers_to_the_number_of_the_first() -> None:
    document = example()[DOCUMENT].decode()

    pointed = re.findall(r"NOTEREF (note_\d) ", document)
    named = set(re.findall(r'w:bookmarkStart [^>]*w:name="(note_\d)"', document))
    assert pointed == ["note_3", "note_2"]
    assert named == {f"note_{n}" for n in range(1, 7)}


def test_a_later_citation_refers_in_word_to_the_note_that_cites_in_full() -> None:
    made = example()

    assert re.findall(r" NOTEREF .*? <", made[NOTES].decode()) == [r" NOTEREF note_1 \h <"]
    assert " 2,061 in Wales, 2021/22: Example Police FOI response (n 1)" in texts(made[NOTES])


def test_every_style_that_is_used_is_one_of_the_references() -> None:
    made = example()
    held = set(attributes(made["word/styles.xml"], "style", "styleId"))

    used = set(attributes(made[DOCUMENT], "pStyle")) | set(attributes(made[DOCUMENT], "rStyle"))

    assert used - held == set()


@pytest.mark.parametrize(
    ("words", "style"),
    [
        ("A voice for children", "Title"),
        ("The problem", "Heading1"),
        ("Questions to the Minister", "Heading2"),
        ("Speak to the draft", "Ask"),
        ("offences recorded in Wales, 2016/17", "KeyFigure"),
        ("Recorded offences, Wales", "ImageCaption"),
        ("Recorded offences by police", "TableCaption"),
        ("Illustrative draft", "AmendmentStatus"),
        ("Insert the following", "AmendmentNumber"),
        ("“Advocacy for children", "AmendmentLine1"),
        ("The body must have", "AmendmentHanging1"),
        ("such other matters", "AmendmentHanging2"),
        ("I did not know whom", "Testimony"),
        ("May be read in the Chamber", "Permission"),
        ("Background only", "PermissionBackground"),
        ("An example sentence", "BlockText"),
        ("Ofcom already consults", "DefinitionTerm"),
    ],
)
def test_words_have_the_style_of_what_they_are(words: str, style: str) -> None:
    assert style_of(example()[DOCUMENT], words) == style


def test_the_picture_has_a_description_and_is_not_held_twice() -> None:
    document = example()[DOCUMENT].decode()

    described = re.findall(r'<wp:docPr [^>]*descr="([^"]*)"', document)
    assert [text[:26] for text in described] == ["A bar chart of four years."]
    assert "base64" not in document


def test_a_table_marks_its_header_row_to_repeat() -> None:
    document = example()[DOCUMENT]

    assert len(list(tree(document).iter(f"{W}tblHeader"))) == 1


def test_the_foot_of_each_page_says_which_copy_it_is() -> None:
    assert texts(example()[FOOTER]) == ["Version 3 · Copy 14 · 19 July 2023Page 1 of 1"]


def test_the_language_is_british_english_throughout() -> None:
    made = example()

    held = {
        name: set(attributes(part, "lang")) for name, part in made.items() if b"w:lang " in part
    }
    assert held == {"word/styles.xml": {"en-GB"}}


def test_footnotes_are_numbered_through() -> None:
    assert b"numRestart" not in b"".join(example().values())


@pytest.mark.parametrize("text", LITERAL.values(), ids=LITERAL)
def test_markup_in_every_field_is_printed_as_it_stands(text: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(CANARY)
    text = text.replace("PATH", str(secret))

    hurt = parts(everywhere(one_page(), text))

    for name in (DOCUMENT, NOTES, FOOTER):
        assert [e.tag for e in tree(hurt[name]).iter()] == [
            e.tag for e in tree(harmless()[name]).iter()
        ]
        printed, expected = "".join(texts(hurt[name])), "".join(texts(harmless()[name]))
        assert printed.count(text) == expected.count("harmless")
    assert text in [element.text for element in tree(hurt["docProps/core.xml"])]
    assert not any(CANARY.encode() in part for part in hurt.values())


def test_every_text_that_was_typed_is_in_the_document() -> None:
    made = example()
    words = "".join(text for name in (DOCUMENT, NOTES, FOOTER) for text in texts(made[name]))
    described = made[DOCUMENT].decode()

    missing = [text for text in typed(briefing()) if text not in words and text not in described]

    assert missing == ["Year"]  # of the chart's table, whose rows are in the alt text


def test_pandoc_reads_no_file_however_it_is_asked(tmp_path: Path) -> None:
    picture = tmp_path / "secret.png"
    picture.write_bytes(next(p for n, p in example().items() if n.endswith(".png")))
    asked = pandoc.paragraph([pandoc.image(str(picture), "alt")])

    written = pandoc.write_docx([asked], language="en-GB", reference=REFERENCE)

    assert [name for name in unpack(written) if name.startswith("word/media/")] == []


def test_a_package_is_the_same_in_whatever_order_its_parts_come() -> None:
    held = {"word/b.xml": b"b", "[Content_Types].xml": b"t", "_rels/.rels": b"r"}

    packed = pack(held)

    assert packed == pack(dict(reversed(held.items())))
    assert list(unpack(packed)) == ["[Content_Types].xml", "_rels/.rels", "word/b.xml"]


def test_the_reference_is_what_its_script_makes() -> None:
    assert make_reference() == REFERENCE.read_bytes()
