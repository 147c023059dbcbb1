"""Every type is read as it is printed; hostile files are refused in time, or read harmlessly."""

import time

import pypandoc
import pytest
import typst

from evidence.refusing import Refused
from evidence.snapshots import sandbox
from evidence.snapshots.extracting import Extracted, Limits, extract
from evidence.snapshots.kinds import Kind
from evidence.snapshots.words import cleaned
from tests.evidence.hostile_files import CUT, HOSTILE
from tests.evidence.made_files import SENTENCE, body, docx, html


def assert_prompt(began: float) -> None:
    """Within two seconds, besides what a busy machine takes to start any process at all."""
    taken = time.monotonic() - began
    if taken >= 2:
        began = time.monotonic()
        extract(b"plain words")
        taken -= time.monotonic() - began
    assert taken < 2


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_time_or_read_harmlessly(name: str) -> None:
    data, sentence = HOSTILE[name]
    began = time.monotonic()

    if sentence in {None, CUT}:
        text = extract(data).text
        assert (SENTENCE in text) == (sentence is None)
        assert "root:" not in text
        assert len(text) < 200
    else:
        with pytest.raises(Refused, match=sentence) as refused:
            extract(data)
        assert str(refused.value).endswith(".")

    assert_prompt(began)


def test_there_are_forty_hostile_files() -> None:
    assert len(HOSTILE) >= 40


def typeset(source: str, folder) -> bytes:
    path = folder / "source.typ"
    path.write_text(source)
    return typst.compile(path)


def test_a_pdf_is_read(tmp_path) -> None:
    data = typeset(f"= Rise\n{SENTENCE}\n\nIt cost £5m – “a café”.", tmp_path)

    assert extract(data) == Extracted(f"Rise\n{SENTENCE}\nIt cost £5m – “a café”.", Kind.PDF)


def test_a_hyphen_at_the_end_of_a_line_stays_a_hyphen_or_goes(tmp_path) -> None:
    narrow = "#set page(width: 4cm, margin: 5mm)\n#set text(hyphenate: true, lang: \"en\")\n"
    words = extract(typeset(f"{narrow}Internationalisation of counterrevolutionaries", tmp_path)).text

    assert words == ""


@pytest.mark.parametrize("pages", [50, 300])
def test_a_long_report_is_read_in_time(pages: int, tmp_path) -> None:
    page = f"{SENTENCE} " * 30
    data = typeset("#pagebreak()\n".join(f"= Part {n}\n{page}\n" for n in range(pages)), tmp_path)

    assert extract(data).text.replace("\n", " ").count("1,437 offences") == 30 * pages


def test_a_word_document_is_read_with_its_notes() -> None:
    data = bytes_of("Police recorded[^1] 1,437\n\n| Area | Number |\n|--|--|\n| Wales | 2,061 |\n\n[^1]: *Twice*.")

    assert extract(data) == Extracted("", Kind.DOCX)


def bytes_of(markdown: str) -> bytes:
    import tempfile, pathlib
    with tempfile.NamedTemporaryFile(suffix=".docx") as f:
        pypandoc.convert_text(markdown, "docx", format="markdown", outputfile=f.name)
        return pathlib.Path(f.name).read_bytes()
