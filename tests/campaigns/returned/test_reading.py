"""A returned Word file is read as it prints, and a hostile one is refused with one sentence."""

import zlib

import pytest

from campaigns.briefing import render
from campaigns.returned import reading
from campaigns.returned.printed import printed_body, printed_notes
from campaigns.returned.reading import Comment, read_returned
from evidence.refusing import Refused
from tests.campaigns.briefing.examples import TIMESTAMP, briefing, one_page
from tests.campaigns.returned.word_files import edited, paragraph, remarked, tracked, with_part
from tests.evidence.hostile_files import PASSWD, USES
from tests.evidence.made_files import body, docx, packed

ASKED = "Press for senior managers to answer where a site puts a child at risk."


def file() -> bytes:
    return render(briefing(), "docx", timestamp=TIMESTAMP)


@pytest.mark.parametrize("made", [briefing(), one_page()], ids=["full", "one side"])
def test_untouched_it_reads_as_the_pack_prints_to_the_last_note(made) -> None:
    returned = read_returned(render(made, "docx", timestamp=TIMESTAMP))

    assert [line.text for line in returned.lines] == [line.text for line in printed_body(made)]
    assert [note.text for note in returned.notes] == [note.text for note in printed_notes(made)]
    assert (returned.title, returned.created) == (made.title, TIMESTAMP)


def test_tracked_changes_read_as_accepted_and_say_whose_they_are() -> None:
    changed = edited(file(), ("senior managers", tracked("senior managers", "directors", "A Peer")))

    [line] = [each for each in read_returned(changed).lines if each.tracked]

    assert line.text == ASKED.replace("senior managers", "directors")
    assert [str(each) for each in line.tracked] == [
        "A Peer deleted “senior managers”",
        "A Peer added “directors”",
    ]


def test_a_remark_stands_at_its_paragraph() -> None:
    returned = read_returned(remarked(file(), ASKED, "Too strong?", "A Peer"))

    assert [(line.text, line.comments) for line in returned.lines if line.comments] == [
        (ASKED, (Comment("A Peer", "Too strong?"),))
    ]


def test_a_remark_on_words_that_are_gone_is_kept() -> None:
    remarks = remarked(file(), ASKED, "Why?", "A Peer")
    orphaned = edited(remarks, ('<w:commentReference w:id="7"/>', ""))

    assert read_returned(orphaned).loose == (Comment("A Peer", "Why?"),)


def locked() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def unpacks_to_far_too_much() -> bytes:
    return docx(body(paragraph(" " * 60_000_000)))


def broken_within() -> bytes:
    return file().replace(b"word/document.xml", b"word/document.xyz")


HOSTILE = {
    "no Word file": (lambda: b"%PDF-1.7 of something", "This is no Word file: choose the .docx"),
    "empty": (lambda: b"", "The file is empty"),
    "password": (lambda: locked(), "has a password or is of the older format"),
    "no document in it": (lambda: packed({"a.txt": "words"}), "no Word file that can be read"),
    "cut off": (lambda: file()[:2000], "no Word file that can be read"),
    "a book": (lambda: docx(body(paragraph("word " * 200_000))), "far longer than a pack"),
    "no words": (lambda: docx(body("<w:p></w:p>")), "holds no words"),
    "entities": (lambda: docx(body(USES, PASSWD)), "holds what Word never writes"),
    "bomb": (lambda: unpacks_to_far_too_much(), "no Word file that can be read"),
    "not where its table says": (lambda: broken_within(), "no Word file that can be read"),
    "garbled stream": (
        lambda: packed({"word/document.xml": zlib.compress(b"x" * 999)}),
        "takes too much time or memory to read, or is broken",
    ),
}


@pytest.mark.parametrize(("made", "sentence"), HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_plain_word_file_is_refused_with_one_sentence(made, sentence) -> None:
    data = made()

    with pytest.raises(Refused, match=sentence):
        read_returned(data)


def test_macros_are_refused_wherever_they_lie() -> None:
    with pytest.raises(Refused, match="carries macros"):
        read_returned(with_part(file(), "word/vbaProject.bin", b"Sub AutoOpen()"))


def test_a_file_larger_than_a_pack_is_not_even_opened(monkeypatch) -> None:
    monkeypatch.setattr(reading, "LARGEST", 1000)

    with pytest.raises(Refused, match="larger than"):
        read_returned(file())
