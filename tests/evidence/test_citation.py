"""OSCOLA, as far as we cite."""

import itertools
from datetime import date

import pytest

from evidence.citation import Bill, FoiResponse, Hansard, News, Report, cite

READ = date(2026, 11, 3)


@pytest.mark.parametrize(
    ("work", "cited"),
    [
        (
            News(
                "A rise in Wales",
                "22 February 2023",
                "https://example.org/rise",
                READ,
                newspaper="Deeside.com",
            ),
            "'A rise in Wales' Deeside.com (22 February 2023) <https://example.org/rise> "
            "accessed 3 November 2026",
        ),
        (
            News("A rise", "1 May 2020", author="Jane Doe", newspaper="The Times"),
            "Jane Doe, 'A rise' The Times (1 May 2020)",
        ),
        (
            News("A report that prints no title", title_is_ours=True, newspaper="BBC News"),
            "[A report that prints no title] BBC News",
        ),
        (
            Report("Time to act", "September 2018", author="NSPCC", description="press release"),
            "NSPCC, 'Time to act' (press release, September 2018)",
        ),
        (Report("Time to act", "2018", author="NSPCC"), "NSPCC, 'Time to act' (2018)"),
        (Report("Time to act", author="NSPCC"), "NSPCC, 'Time to act'"),
        (
            FoiResponse("FOI response 262/2025", "3 March 2025", authority="Dyfed-Powys Police"),
            "Dyfed-Powys Police, 'FOI response 262/2025' (3 March 2025)",
        ),
        (
            Bill("Online Safety", "HL", "2022-23", "87", "5"),
            "Online Safety HL Bill (2022-23) 87, cl 5",
        ),
        (Bill("Online Safety", "HC", "2022-23", "49"), "Online Safety HC Bill (2022-23) [49]"),
        (Bill("Online Safety", "HC"), "Online Safety HC Bill"),
        (
            Hansard("HL", date(2017, 9, 11), "783", "1-5"),
            "HL Deb 11 September 2017, vol 783, cols 1-5",
        ),
        (Hansard("HC", date(2023, 1, 17), columns="219"), "HC Deb 17 January 2023, col 219"),
    ],
)
def test_citation(work, cited: str) -> None:
    assert cite(work) == cited


def test_whatever_is_missing_leaves_no_trace() -> None:
    options = {
        "date": ["", "2018"],
        "url": ["", "https://example.org"],
        "accessed": [None, READ],
        "newspaper": ["", "The Times"],
        "author": ["", "Jane Doe"],
    }
    for chosen in itertools.product(*options.values()):
        cited = cite(News("A title", **dict(zip(options, chosen, strict=True))))
        assert "  " not in cited
        assert cited == cited.strip(" ,")
        assert "()" not in cited
        assert "<>" not in cited
