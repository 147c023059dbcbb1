"""The same blocks and time give the same bytes: twice, in another process, in another place."""

import hashlib
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from campaigns.briefing import render
from campaigns.briefing.blocks import (
    AmendmentBlock,
    Asks,
    Bullets,
    Contact,
    Heading,
    KeyFigures,
    Objections,
    Paragraph,
    Questions,
    Quotation,
    Table,
    TestimonyBox,
)
from tests.campaigns.briefing.examples import TIMESTAMP, briefing, one_page, plain_briefing

ROOT = Path(__file__).parents[3]
FORMATS = ("pdf", "html", "docx", "txt", "json")
BARE = (
    Heading("A"),
    Paragraph(()),
    Bullets(()),
    Asks("A", ()),
    KeyFigures(()),
    Table("", ("Area",), ()),
    AmendmentBlock("270A", ()),
    Quotation("", "", ""),
    TestimonyBox((), "", "", "background"),
    Questions(()),
    Objections(()),
    Contact(""),
)
ELSEWHERE = """
import hashlib, json
from campaigns.briefing import render
from tests.campaigns.briefing.examples import TIMESTAMP, briefing, one_page, plain_briefing
print(json.dumps([
    hashlib.sha256(render(made, format, timestamp=TIMESTAMP)).hexdigest()
    for made in (briefing(), one_page()) for format in ("pdf", "html", "docx", "txt", "json")
]))
"""


def test_another_process_in_another_place_prints_the_same_bytes(tmp_path: Path) -> None:
    here = [
        hashlib.sha256(render(made, format, timestamp=TIMESTAMP)).hexdigest()
        for made in (briefing(), one_page())
        for format in FORMATS
    ]
    surroundings = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "PYTHONHASHSEED": "7",
        "HOME": str(tmp_path),
        "USER": "somebody-else",
        "TZ": "Pacific/Auckland",
        "LANG": "cy_GB.UTF-8",
    }

    elsewhere = subprocess.run(
        [sys.executable, "-c", ELSEWHERE],
        cwd=tmp_path,
        env=surroundings,
        capture_output=True,
        check=True,
    )

    assert json.loads(elsewhere.stdout) == here


@pytest.mark.parametrize("format", FORMATS)
def test_rendering_twice_gives_the_same_bytes(format) -> None:
    first, second = (render(briefing(), format, timestamp=TIMESTAMP) for _ in range(2))

    assert first == second


@pytest.mark.parametrize("format", ["pdf", "docx"])
def test_the_time_is_the_one_given(format) -> None:
    later = datetime(2024, 1, 1, tzinfo=UTC)

    assert render(briefing(), format, timestamp=TIMESTAMP) != render(
        briefing(), format, timestamp=later
    )


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(ValueError, match="no format 'odt'"):
        render(briefing(), "odt", timestamp=TIMESTAMP)  # type: ignore[arg-type]


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a zone"):
        render(briefing(), "pdf", timestamp=datetime(2024, 1, 1))


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("block", BARE, ids=lambda block: type(block).__name__)
def test_a_block_with_as_little_as_it_may_hold_is_printed(block, format) -> None:
    assert render(plain_briefing(block), format, timestamp=TIMESTAMP)
