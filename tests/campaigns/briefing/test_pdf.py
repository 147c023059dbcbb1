"""The PDF prints what the blocks say and no more, for eyes, screen readers and archives."""

import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import IndirectObject

from campaigns.briefing import BadBriefing, render
from campaigns.briefing.blocks import (
    Block,
    Briefing,
    Heading,
    KeyFigures,
    Paragraph,
    Table,
    note_keys,
    runs,
)
from campaigns.briefing.glyphs import texts
from tests.campaigns.briefing.examples import (
    FOI,
    TIMESTAMP,
    briefing,
    one_page,
    plain_briefing,
    printed_notes,
    second_edition,
    summary,
)
from tests.campaigns.briefing.hostile import CANARY, LITERAL, everywhere

VERAPDF = Path(__file__).parents[2] / "verapdf" / "verapdf.sh"
NEEDED = ("/usr/share/java/jaxb-runtime.jar", "/usr/share/java/jaxb-impl.jar")


def pdf(made) -> bytes:
    return render(made, "pdf", timestamp=TIMESTAMP)


@cache
def full() -> bytes:
    return pdf(briefing())


def read(printed: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(printed))


@cache
def words(printed: bytes) -> str:
    """All that is printed, without the spaces and line ends that typesetting moves."""
    pages = read(printed).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages)).casefold()


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text).casefold()


def structure(node: Any) -> Iterator[str]:
    """The kinds of the tags, in reading order."""
    node = node.get_object() if isinstance(node, IndirectObject) else node
    if isinstance(node, list):
        for child in node:
            yield from structure(child)
    elif isinstance(node, dict):
        if "/S" in node:
            yield node["/S"]
        yield from structure(node.get("/K", []))


def tags(printed: bytes) -> list[str]:
    return list(structure(read(printed).trailer["/Root"]["/StructTreeRoot"]))


def test_everything_that_was_typed_is_printed() -> None:
    printed = words(full())

    # A chart is checked by its own tests; its description and table are for its alt text.
    said = [
        text for place, text in texts(briefing()) if "(chart)" not in place and " key" not in place
    ]
    not_words = {"full", "en-GB", "chamber", "background", "https://example.org/page"}
    keys = {note.key for note in briefing().notes} | {"left", "right", FOI.source}
    missing = [s for s in said if s not in not_words | keys and squeezed(s) not in printed]

    assert missing == []


def test_the_amendment_is_printed_in_the_order_of_a_marshalled_list() -> None:
    printed = words(pdf(one_page()))

    lines = (
        "Illustrative draft for demonstration After Clause 142 LORD EXAMPLE BARONESS SPECIMEN"
        " Draft Insert the following new Clause— “Advocacy for children (1) The Secretary of State"
        " must by regulations establish a body to represent the interests of child users of"
        " regulated services. (2) The body must have regard to— (a) children’s own accounts of"
        " harm, and (b) such other matters as OFCOM may specify.” Member’s explanatory statement"
        " This amendment would give children a statutory advocate, as energy and postal users have."
    )
    assert squeezed(lines) in printed


def test_what_may_be_done_with_an_account_is_printed_with_it() -> None:
    printed = words(full())

    assert squeezed("May be read in the Chamber in exactly these words.") in printed
    assert squeezed("Background only: do not quote or forward.") in printed


def test_each_page_says_which_copy_it_is_and_how_many_there_are() -> None:
    pages = [page.extract_text() for page in read(full()).pages]

    assert [
        f"Page {n} of {len(pages)}" in page and "Version 3 · Copy 14 · 19 July 2023" in page
        for n, page in enumerate(pages, 1)
    ] == [True] * 3


def test_notes_have_the_numbers_that_every_format_gives_them() -> None:
    printed = words(full())

    numbered = [f"{n} {words}" for n, words in enumerate(printed_notes(briefing()), 1)]
    assert [squeezed(text) in printed for text in numbered] == [True] * 6


def test_a_later_citation_leads_to_the_note_that_cites_in_full() -> None:
    links = [link.get_object() for page in read(full()).pages for link in page.get("/Annots", [])]

    [leading] = [link for link in links if link["/Contents"].startswith("page")]
    [mark] = [link for link in links if link["/Contents"] == "Footnote 1"]
    assert squeezed("2,061 in Wales, 2021/22: Example Police FOI response (n 1)") in words(full())
    assert leading["/Dest"][0] == mark["/Dest"][0]
    assert leading["/Dest"][3] == pytest.approx(mark["/Dest"][3], abs=8)


def test_the_one_page_layout_is_one_page() -> None:
    assert len(read(pdf(one_page())).pages) == 1


def test_a_fuller_page_is_set_in_smaller_type_to_stay_one_page() -> None:
    more = (Paragraph(runs("A further sentence that fills the page. " * 22)),)

    page = read(pdf(one_page(blocks=(*one_page().blocks, *more))))

    sizes: set[float] = set()
    page.pages[0].extract_text(visitor_text=lambda *seen: sizes.add(round(seen[4], 1)))
    assert (len(page.pages), 10.5 in sizes, 9.5 in sizes or 10.0 in sizes) == (1, False, True)


def test_what_does_not_fit_one_page_is_refused_and_not_cut() -> None:
    too_much = (Paragraph(runs("A sentence that is too much. " * 300)),)

    with pytest.raises(BadBriefing, match="does not fit one side of A4"):
        pdf(one_page(blocks=(*one_page().blocks, *too_much)))


def test_a_heading_never_stands_alone_at_the_foot_of_a_page() -> None:
    filler = tuple(Paragraph(runs(f"Paragraph {n}.")) for n in range(100))
    for lines in range(20, 36):
        made = plain_briefing(*filler[:lines], Heading("Alone?"), *filler[:3])

        for page in read(pdf(made)).pages:
            *_, last, _ = page.extract_text().strip().splitlines()
            assert "Alone?" not in last


def test_a_long_table_repeats_its_header_on_the_next_page() -> None:
    rows = tuple((runs(f"Area {n}"), runs("1")) for n in range(80))

    pages = read(pdf(plain_briefing(Table("Long", ("Place", "Count"), rows)))).pages

    assert ["Place" in page.extract_text() for page in pages] == [True] * 2


def test_tags_give_headings_lists_tables_notes_and_the_picture_to_a_screen_reader() -> None:
    held = tags(full())

    counted = {tag: held.count(tag) for tag in ("/TH", "/TD", "/Figure", "/Note", "/H1", "/H2")}
    assert counted == {"/TH": 4, "/TD": 20, "/Figure": 1, "/Note": 6, "/H1": 5, "/H2": 2}


def test_the_picture_has_its_description_and_its_numbers_in_words() -> None:
    def alts(node: Any) -> Iterator[str]:
        node = node.get_object() if isinstance(node, IndirectObject) else node
        for child in node if isinstance(node, list) else []:
            yield from alts(child)
        if isinstance(node, dict):
            yield from [node["/Alt"]] if "/Alt" in node else []
            yield from alts(node.get("/K", []))

    tree = read(full()).trailer["/Root"]["/StructTreeRoot"]

    assert [alt for alt in alts(tree) if alt.startswith("A bar chart")] == [
        "A bar chart of four years. Recorded offences rose from 1,437 in 2016/17 to 2,061 in"
        " 2021/22. 2016/17: Wales 1,437; 2017/18: Wales 1,458; 2021/22: Wales 2,061; 2023/24:"
        " Wales 2,194. Outlined: from another source, not comparable with the earlier years."
    ]


def test_properties_hold_title_and_organisations_and_nothing_else_of_ours() -> None:
    held = read(full())

    assert dict(held.metadata or {}) == {
        "/Title": "A voice for children in the Example Bill",
        "/Author": "Plant yn Gyntaf (fictional), Second Charity (fictional)",
        "/Subject": "Example Bill · House of Lords · Report, day 5",
        "/Creator": held.metadata["/Creator"],
        "/CreationDate": "D:20230717090000Z",
        "/ModDate": "D:20230717090000Z",
    }
    assert str(held.metadata["/Creator"]).startswith("Typst ")
    assert held.trailer["/Root"]["/Lang"] == "en-GB"


def test_only_our_fonts_are_embedded() -> None:
    pages = read(full()).pages
    fonts = {f["/BaseFont"] for page in pages for f in page["/Resources"]["/Font"].values()}

    assert {re.sub(r"/[A-Z]{6}\+|-Identity-H", "", font) for font in fonts} == {
        "SourceSans3-Regular",
        "SourceSans3-Bold",
        "SourceSans3-Italic",
    }


@pytest.mark.parametrize("kind", ["typst", "typst-marks", "typst-import", "html", "tex"])
def test_markup_in_every_field_is_printed_as_it_stands(
    kind: str, harmless_counts: dict[str, int], tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(CANARY)
    text = LITERAL[kind].replace("PATH", str(secret))

    printed = {kind: pdf(made) for kind, made in one_of_each(text).items()}

    assert {kind: count_on_a_page(made, text) for kind, made in printed.items()} == harmless_counts
    assert not any(squeezed(CANARY) in words(made) for made in printed.values())


def count_on_a_page(printed: bytes, text: str) -> int:
    """How often a text is printed, without the four that the head and foot of each page repeat."""
    return words(printed).count(squeezed(text)) - 4 * len(read(printed).pages)


def one_of_each(text: str) -> dict[str, Briefing]:
    """For each kind of block a briefing of one, so short that no page end falls into a text."""
    whole = everywhere(second_edition(), text)
    first = {type(block).__name__: block for block in reversed(whole.blocks)}
    return {kind: alone(whole, block) for kind, block in first.items()}


def alone(whole: Briefing, block: Block) -> Briefing:
    if isinstance(block, Table):
        block = replace(block, rows=block.rows[:1])
    if isinstance(block, KeyFigures):
        block = replace(block, tiles=block.tiles[:2])
    kept = tuple(note for note in whole.notes if note.key in set(note_keys(block)))
    above = () if isinstance(block, Heading) else (Heading("Above"),)
    return replace(whole, blocks=(*above, block), notes=kept)


@pytest.fixture(scope="module")
def harmless_counts() -> dict[str, int]:
    """How often a word without any markup is printed when it stands in every field."""
    made = one_of_each("harmless")
    counts = {kind: count_on_a_page(pdf(one), "harmless") for kind, one in made.items()}
    assert len(counts) == 15
    assert min(counts.values()) > 3
    return counts


def test_printing_in_threads_gives_the_same_bytes() -> None:
    with ThreadPoolExecutor(4) as threads:
        printed = set(threads.map(lambda _: pdf(briefing()), range(12)))

    assert len(printed) == 1


@pytest.fixture(scope="module")
def validated(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("validated")
    made = {
        "full": briefing(),
        "one_page": one_page(),
        "second_edition": second_edition(),
        "hostile": everywhere(second_edition(), LITERAL["html"]),
        "bare": plain_briefing(summary()[0], header="", version_label="", copy_label=""),
    }
    for name, one in made.items():
        (folder / f"{name}.pdf").write_bytes(pdf(one))
    return [folder / f"{name}.pdf" for name in made]


@pytest.mark.verapdf
@pytest.mark.parametrize("flavour", ["ua1", "2a"])
def test_verapdf_finds_no_fault(flavour: str, validated: list[Path]) -> None:
    if missing := _missing_validator():
        if os.environ.get("ATTEST_REQUIRE_VERAPDF") == "1":
            pytest.fail(missing)
        pytest.skip(missing)

    checked = subprocess.run(
        ["bash", str(VERAPDF), sys.executable, flavour, *map(str, validated)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.stdout.splitlines() == [
        f"{path} [{flavour}] compliant=true" for path in validated
    ]


def _missing_validator() -> str:
    if not shutil.which("javac"):
        return "veraPDF needs a JDK 17: apt-get install openjdk-17-jdk-headless"
    if not all(Path(jar).exists() for jar in NEEDED):
        return "veraPDF needs Debian's libjaxb-java: apt-get install libjaxb-java"
    return ""
