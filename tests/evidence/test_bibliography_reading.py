"""Bibliographies in three formats: what is read, what is refused, and that nothing is lost."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.bibliography.dates import UNDATED, NoSuchDate, PrintedDate, read_date
from evidence.bibliography.decoding import LARGEST
from evidence.bibliography.entries import Entry, Format, plain
from evidence.bibliography.names import printed_name, split_name
from evidence.bibliography.reading import MOST, look_through, read
from evidence.bibliography.writing import written
from evidence.refusing import Refused

EXPECTED = Entry(
    type="article-newspaper",
    title="Helpline calls up 43% & rising, says charity",
    authors=("Mary Ann Jones", "Ludwig van der Berg", "Office for Examples"),
    publisher="The Example Post",
    url="https://news.example/a_b?page=1&c=%20",
    doi="10.1000/x_1",
    issued=PrintedDate(label="September 2018"),
    accessed=date(2023, 2, 22),
    language="en-GB",
    licence="OGL v3.0",
    note="Prints the release nearly in full.",
    id="jones2018",
)

CSL = json.dumps([{
    "id": "jones2018", "type": "article-newspaper",
    "title": "Helpline calls up <b>43%</b> & rising, says charity",
    "author": [
        {"family": "Jones", "given": "Mary Ann"},
        {"family": "Berg", "given": "Ludwig", "non-dropping-particle": "van der"},
        {"literal": "Office for Examples"},
    ],
    "container-title": "The Example Post", "publisher": "Example Group",
    "issued": {"date-parts": [["2018", 9]]}, "accessed": {"date-parts": [[2023, 2, 22]]},
    "URL": "https://news.example/a_b?page=1&c=%20", "DOI": "10.1000/x_1", "language": "en-GB",
    "note": "Licence: OGL v3.0\nPrints the release nearly in full.",
}])  # fmt: skip

RIS = """TY  - NEWS
TI  - Helpline calls up 43% & rising,
 says charity
AU  - Jones, Mary Ann
AU  - van der Berg, Ludwig
AU  - Office for Examples,
T2  - The Example Post
PB  - Example Group
DA  - 2018/09//
PY  - 2018
Y2  - 2023/02/22/
UR  - https://news.example/a_b?page=1&c=%20
DO  - 10.1000/x_1
LA  - en-GB
ID  - jones2018
N1  - Licence: OGL v3.0
N1  - <p>Prints the release nearly in full.</p>
XX  - a tag that nobody knows
ER  -
"""

BIBTEX = r"""
% a line between the items
@string{post = "The Example Post"}
@article{jones2018,
  author = {Jones, Mary Ann and Ludwig van der Berg and {Office for Examples}},
  title = {{Helpline} calls up 43\% \& rising,
     says {\textbf{charity}}},
  journal = post, publisher = {Example Group}, entrysubtype = {newspaper},
  month = sep, year = 2018, urldate = {2023-02-22},
  url = {https://news.example/a\_b?page=1&c=%20}, doi = {10.1000/x_1},
  language = {en-GB}, copyright = "{OGL} v3.0", note = {Prints the release nearly in full.}
}
"""
FILES = {Format.CSL_JSON: CSL, Format.RIS: RIS, Format.BIBTEX: BIBTEX}


@pytest.mark.parametrize("format", FILES)
@pytest.mark.parametrize("told", [True, False])
def test_an_item_is_read_whole(format: Format, told: bool) -> None:
    assert read(FILES[format].encode(), format if told else None) == [EXPECTED]


@pytest.mark.parametrize("format", FILES)
def test_what_is_written_is_read_back(format: Format) -> None:
    entries = [EXPECTED, Entry(type="report", title="Plain", id="plain")]

    assert read(written(entries, format)) == entries


words = st.text(
    st.sampled_from("aé’ —\\{}#$%&_~^'`\"-@,;:.!?|()[]=*/+1"), min_size=1, max_size=30
).map(plain).filter(lambda text: any(each.isalnum() for each in text))  # fmt: skip
names = st.sampled_from(
    [
        "Jane Smith",
        "Ludwig van Beethoven",
        "Home Office",
        "Ofcom",
        "Culture, Media and Sport",
        "bell",
    ]
)


@settings(derandomize=True, max_examples=150, deadline=None)
@given(
    format=st.sampled_from(Format),
    title=words,
    note=words,
    publisher=words,
    authors=st.lists(names, unique=True, max_size=3).map(tuple),
)
def test_no_character_of_ours_is_lost_on_the_way_out_and_in(
    format: Format, title: str, note: str, publisher: str, authors: tuple[str, ...]
) -> None:
    entry = replace(
        EXPECTED, id="other", title=title, note=note, publisher=publisher, authors=authors
    )

    assert read(written([entry, EXPECTED], format), format) == [entry, EXPECTED]


def test_a_line_end_in_a_field_cannot_begin_a_tag_of_its_own() -> None:
    entry = replace(EXPECTED, title="One\nER  - \nTY  - RPRT\nTI  - Two")

    assert [each.title for each in read(written([entry], "ris"))] == ["One ER - TY - RPRT TI - Two"]


def test_latex_leaves_as_characters_not_as_commands() -> None:
    entry = Entry(type="report", title=r"\input{/etc/passwd} 100% {", id="a")

    assert rb"{{\textbackslash{}input\textbraceleft{}/etc/passwd" in written([entry], "bibtex")


@pytest.mark.parametrize(
    ("text", "format", "refusal"),
    [
        ("", None, "The file is empty."),
        ("Dear all,", None,
         "The file looks like none of CSL-JSON, RIS and BibTeX: export it as one of them."),
        ("[]", None, "There is no entry in the file: is its format the right one?"),
        ('[{"title": "One"},\n {"title": }]', None, "Line 2 is not JSON: Expecting value."),
        ('[{"title": "One"}\n {"title": "Two"}]', None,
         "Line 2 is not JSON: a comma is missing."),
        ('[{"title": "One"},', None, "The file ends before its list does: export it again."),
        ("[" * 100_000, None, "The item on line 1 is not one of a bibliography."),
        ('[{"title": "One"},\n\n7]', None,
         "Entry 2 (line 3) is not an item with named fields."),
        ('[{"title": " "}]', None, "Entry 1 (line 1) has no title."),
        ('[{"title": "One", "author": "me"}]', None,
         "Entry 1 (line 1) has no list in “author”."),
        ('[{"title": "One", "author": ["me"]}]', None,
         "Entry 1 (line 1) has an author who is not a name with its parts."),
        ('[{"title": "One", "issued": {"date-parts": [[2023, 2, 30]]}}]', None,
         "Entry 1 (line 1) is dated 2023-02-30, which is no date."),
        ('[{"title": "One", "issued": {"date-parts": [["x"]]}}]', None,
         'Entry 1 (line 1) has no date in “issued” but ["x"].'),
        ('[{"title": "One", "URL": "javascript:alert(1)"}]', None,
         "Entry 1 (line 1) has “javascript:alert(1)” for a web address: it has to begin https://."),
        ('[{"title": "The cafÃ©â€™s figures"}]', None,
         "Entry 1 (line 1) is garbled at “The cafÃ©â€™s figures”: export it again in UTF-8."),
        ("TY  - NEWS\nTI  - One\nER  - \n\nTY  - NEWS\nTI  - Two\n", None,
         "Entry 2 (line 5) does not end with ER."),
        ("@article{a, title = {One}}\n@article{b, title = {Two,\n@book{c, title = {Three}}", None,
         "Entry 2 (line 2) is not complete BibTeX: check its braces, commas and quotation marks."),
        ("@article{a, title = {" + "{" * 3000 + "}" * 3000 + "}}", None,
         "Entry 1 (line 1) is nested too deeply to be read."),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_with_its_entry_and_line(
    text: str, format: str | None, refusal: str
) -> None:
    with pytest.raises(Refused) as refused:
        read(text.encode(), format)

    assert str(refused.value) == refusal


def test_the_other_entries_of_a_file_are_read_all_the_same() -> None:
    reading = look_through(b'[{"id": "a"}, {"id": "b", "type": "report", "title": "Two"}]')

    assert reading.entries == (Entry(id="b", type="report", title="Two"),)
    assert reading.unreadable == ("Entry 1 (line 1) has no title.",)


def test_two_items_under_one_name_are_two_items() -> None:
    text = b'@book{a, title = "One"}\n@book{a, title = "Two"}'

    assert [(each.title, each.line) for each in read(text)] == [("One", 1), ("Two", 2)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_that_can_be_told_are_read(encoding: str) -> None:
    text = "TY  - RPRT\r\nTI  - Café’s £5 – plan\r\nER  - \r\n"

    assert [each.title for each in read(text.encode(encoding))] == ["Café’s £5 – plan"]


@pytest.mark.parametrize("encoding", ["cp1251", "gb18030", "shift_jis"])
def test_another_encoding_is_refused_rather_than_garbled(encoding: str) -> None:
    words = "大象传媒" if encoding == "gb18030" else "доклад"
    data = f"TY  - RPRT\nTI  - {words}\nER  - \n".encode(encoding)

    with pytest.raises(
        Refused, match=r"^Line 2 is not in UTF-8: export the file again in UTF-8\.$"
    ):
        read(data)


def test_a_file_too_large_or_too_long_is_refused() -> None:
    with pytest.raises(Refused, match="larger than 10 MB"):
        read(b" " * (LARGEST + 1))
    with pytest.raises(Refused, match="more than 5,000 entries"):
        read(json.dumps([{"title": "One"}] * (MOST + 1)).encode())


def test_characters_that_no_record_may_hold_are_dropped() -> None:
    data = b'[{"type": "report", "title": "One\\u0000 \\ud800two\\u202e"}]'

    assert read(data) == [Entry(type="report", title="One two")]


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("2018-09-13", PrintedDate(on=date(2018, 9, 13))),
        ("2018-09-13T08:30:00Z", PrintedDate(on=date(2018, 9, 13))),
        ("2018/9/3/", PrintedDate(on=date(2018, 9, 3))),
        ("13 September 2018", PrintedDate(on=date(2018, 9, 13))),
        ("Sept. 13, 2018", PrintedDate(on=date(2018, 9, 13))),
        ("2018-09", PrintedDate(label="September 2018")),
        ("sep 2018", PrintedDate(label="September 2018")),
        ("2018///", PrintedDate(label="2018")),
        ("2018///Spring", PrintedDate(label="Spring 2018")),
        ("2016/17", PrintedDate(label="2016/17")),
        ("2018-02-30", None),
        ("2018-13-01", None),
        ("Winter 2018 to 2019", PrintedDate(label="Winter 2018 to 2019")),
        ("", UNDATED),
    ],
)
def test_a_date_is_kept_as_far_as_it_is_known(text: str, printed: PrintedDate | None) -> None:
    if printed is None:
        with pytest.raises(NoSuchDate):
            read_date(text)
    else:
        assert read_date(text) == printed


@pytest.mark.parametrize(
    ("printed", "parts"),
    [
        ("Jane Smith", ("Jane", "Smith")),
        ("J. R. O'Neill-Jones", ("J. R.", "O'Neill-Jones")),
        ("Ludwig van der Berg", ("Ludwig", "van der Berg")),
        ("Home Office", None),
        ("Office for Examples", None),
        ("NSPCC", None),
        ("BBC Wales", None),
        ("Baroness Example", None),
        ("Culture, Media and Sport", None),
    ],
)
def test_a_persons_name_is_told_from_a_bodys(printed: str, parts: tuple[str, str] | None) -> None:
    assert split_name(printed) == parts
    assert parts is None or printed_name(f"{parts[1]}, {parts[0]}") == printed


def test_a_suffix_follows_the_name() -> None:
    assert printed_name("Smith, Jr, John") == "John Smith Jr"
