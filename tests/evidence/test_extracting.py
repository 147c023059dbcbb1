"""Every type is read as it is printed; hostile files are refused in time, or read harmlessly."""

import resource
import time

import pytest

from evidence.refusing import Refused
from evidence.snapshots import sandbox
from evidence.snapshots.extracting import Extracted, Limits, extract
from evidence.snapshots.kinds import Kind
from evidence.snapshots.words import cleaned
from tests.evidence.hostile_files import CUT, HOSTILE
from tests.evidence.made_files import SENTENCE, body, docx, from_markdown, html, typeset


def spent() -> float:
    """Seconds of the processor in processes that have ended: a busy machine takes no more."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


@pytest.mark.long
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_time_or_read_harmlessly(name: str) -> None:
    made, sentence = HOSTILE[name]
    data = made()
    before = spent()

    if sentence in {None, CUT}:
        text = extract(data).text
        assert (SENTENCE in text) == (sentence is None)
        assert "root:" not in text
        assert len(text) < 200
    else:
        with pytest.raises(Refused, match=sentence) as refused:
            extract(data)
        assert str(refused.value).endswith(".")

    assert spent() - before < 2


def test_there_are_forty_hostile_files() -> None:
    assert len(HOSTILE) >= 40


def test_a_pdf_is_read() -> None:
    data = typeset(f"= Rise\n{SENTENCE}\n\nIt cost £5m – “a café”.")

    assert extract(data) == Extracted(f"Rise\n{SENTENCE}\nIt cost £5m – “a café”.", Kind.PDF)


@pytest.mark.parametrize("pages", [50, 200])
def test_a_long_report_is_read_in_time(pages: int) -> None:
    page = f"{SENTENCE} " * 30
    data = typeset("#pagebreak()\n".join(f"= Part {n}\n{page}\n" for n in range(pages)))

    assert extract(data).text.replace("\n", " ").count(SENTENCE) == 30 * pages


def test_a_word_document_is_read_with_its_notes() -> None:
    data = from_markdown("Police recorded[^1] 1,437\n\n- in Wales\n\n[^1]: *Twice* as many.")

    assert extract(data) == Extracted(
        "Police recorded 1,437\nin Wales\n\n Twice as many.", Kind.DOCX
    )


def test_a_word_document_is_read_as_it_would_be_printed() -> None:
    run = "<w:r><w:t>{}</w:t></w:r>"
    words = "<w:p>{}<w:del><w:r><w:delText>no</w:delText>{}</w:r></w:del><w:tab/>{}<w:br/>{}</w:p>"
    filled = words.format(*(run.format(word) for word in ("Wales", "deleted", "1,437", "2,061")))

    assert extract(docx(body(filled))).text == "Wales\t1,437\n2,061"


def test_the_article_of_a_page_is_read() -> None:
    second = "A second paragraph says at some length why the number rose in those two years."
    table = "<table><tr><td>Wales</td><td>2,061</td></tr></table>"
    data = html(f"<p>{SENTENCE}</p><p>{second} It cost £5m.</p>{table}")

    assert extract(data) == Extracted(
        f"Rise\n{SENTENCE}\n{second} It cost £5m.\n| Wales | 2,061 |", Kind.HTML, "utf-8"
    )


def test_plain_text_is_read_and_cleaned() -> None:
    data = "\ufeffCafe\u0301 \r\n1,437\x07\x0b offences\r\n\n\n\nin Wales\t\n".encode()

    assert extract(data) == Extracted("Café\n1,437 offences\n\nin Wales", Kind.TEXT, "utf-8")


@pytest.mark.parametrize(
    ("text", "encoding", "told"),
    [
        ("It cost £5m – “a scandal”.", "cp1252", ("cp1252", True)),
        ("£5m", "cp1252", ("cp1252", True)),
        ("Привет, это проверка кодировки для полиции", "cp1251", ("cp1251", True)),
        ("It cost £5m", "utf-16-le", ("utf-16-le", True)),
        ("It cost £5m", "utf-16", ("utf-16", False)),
        ("Heddlu’r Gogledd: ŵ, ŷ", "utf-8", ("utf-8", False)),
    ],
)
def test_an_encoding_is_found_and_a_guess_is_told(text: str, encoding: str, told) -> None:
    assert extract(text.encode(encoding)) == Extracted(text, Kind.TEXT, *told)


def test_the_encoding_that_the_site_declares_counts() -> None:
    assert extract("ŵ £5m".encode("iso8859-14"), encoding="ISO-8859-14").text == "ŵ £5m"


def test_a_type_is_told_by_the_content() -> None:
    assert [extract(data).kind for data in (html(), docx(), b"1,437 < 2,061")] == [
        Kind.HTML,
        Kind.DOCX,
        Kind.TEXT,
    ]


LOCKED = "tests.evidence.locked_reader"


@pytest.mark.parametrize("act", ["file", "socket", "process", "memory", "processor", "wait"])
def test_nothing_can_be_reached_from_where_files_are_read(act: str) -> None:
    before = spent()

    with pytest.raises(Refused, match="too much time or memory"):
        sandbox.run(LOCKED, b"", act, Limits(patience=2))

    assert spent() - before < 2


def test_the_reading_process_knows_no_secrets(monkeypatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "of the desk")

    assert "SECRET_KEY" not in sandbox.run(LOCKED, b"", "environment", Limits()).text


def test_an_endless_answer_is_cut_off() -> None:
    with pytest.raises(Refused, match="more text than a source has"):
        sandbox.run(LOCKED, b"", "flood", Limits())


def test_a_reader_that_does_not_start_is_told(caplog) -> None:
    with pytest.raises(Refused, match="cannot read files at the moment"):
        sandbox.run("evidence.snapshots.readers.missing", b"", "", Limits())

    assert "did not start" in caplog.text


def test_cleaning_takes_time_in_proportion() -> None:
    began = time.process_time()

    cleaned(" " * 2_000_000 + "\r" * 2_000_000)

    assert time.process_time() - began < 2
