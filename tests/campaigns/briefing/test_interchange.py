"""A briefing kept as JSON comes back the same, so that a version can be printed again as issued."""

import json

import pytest

from campaigns.briefing import BadBriefing, from_json, render
from campaigns.briefing.blocks import Note, runs
from campaigns.briefing.interchange import from_data, to_data
from tests.campaigns.briefing.examples import TIMESTAMP, briefing, one_page


@pytest.mark.parametrize("make", [briefing, one_page], ids=["full", "one_page"])
def test_a_briefing_comes_back_equal(make) -> None:
    made = make()

    assert from_json(render(made, "json", timestamp=TIMESTAMP)) == made


def test_a_version_prints_again_to_the_byte() -> None:
    issued = render(briefing(), "pdf", timestamp=TIMESTAMP)

    again = from_json(render(briefing(), "json", timestamp=TIMESTAMP))

    assert render(again, "pdf", timestamp=TIMESTAMP) == issued


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "poster"},
        {"kind": "text", "text": "x"},
        {"kind": "heading", "text": "x", "level": 1, "colour": "red"},
        {"kind": "heading", "text": "x", "level": 9},
        {"no": "kind"},
    ],
)
def test_what_is_no_part_of_a_briefing_is_refused(data) -> None:
    with pytest.raises(BadBriefing):
        from_data(data)


def test_a_note_kept_before_there_were_citations_is_the_same_to_the_byte() -> None:
    words = {"kind": "text", "text": "NSPCC (2023).", "emphasis": False, "strong": False}
    kept = {"kind": "note", "key": "a", "runs": [{**words, "link": ""}]}

    assert from_data(kept) == Note("a", runs("NSPCC (2023)."))
    assert to_data(from_data(kept)) == kept


def test_a_part_alone_is_no_briefing() -> None:
    with pytest.raises(BadBriefing, match="not a whole one"):
        from_json(json.dumps(to_data(briefing().blocks[0])).encode())
