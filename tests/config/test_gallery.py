"""The documentation's pictures: small, of the demo alone, and never of a real pack."""

import re
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from campaigns.briefing import render
from tests.campaigns.briefing.examples import TIMESTAMP, briefing

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def gallery():
    pytest.importorskip("PIL")
    return pytest.importorskip("config.gallery")


def test_every_picture_is_shown_and_small() -> None:
    files = set((DOCS / "images" / "gallery").iterdir())
    sizes = [file.stat().st_size for file in files]

    shown = re.findall(r"!\[[^]]+\]\(([^)]+)\)", (DOCS / "gallery.md").read_text())

    assert {DOCS / each for each in shown} == files
    assert (max(sizes) < 200_000, sum(sizes) < 2_000_000) == (True, True)


def test_a_picture_is_kept_small_and_a_page_that_went_goes(gallery, tmp_path) -> None:
    from PIL import Image  # only where the test runs at all

    (tmp_path / "pdf-9.png").write_bytes(b"of an older edition")

    made = gallery._sheets(tmp_path, "pdf", render(briefing(), "pdf", timestamp=TIMESTAMP))

    assert sorted(tmp_path.iterdir()) == sorted(made)
    assert {Image.open(BytesIO(file.read_bytes())).width for file in made} == {gallery.SHEET}
    assert all(file.stat().st_size < gallery.LARGEST for file in made)


def test_outside_the_demo_nothing_is_pictured(settings, tmp_path) -> None:
    settings.DEMO = False

    with pytest.raises(CommandError, match="a real pack is no picture"):
        call_command("make_gallery", folder=tmp_path, stdout=StringIO())

    assert list(tmp_path.iterdir()) == []
