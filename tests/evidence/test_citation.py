"""OSCOLA, as far as we cite."""

import itertools
from datetime import date

import pytest

from evidence.citation import (
    Bill,
    FoiResponse,
    Hansard,
    News,
    Report,
    cite,
    cite_briefly,
    read_bill,
    read_debate,
)

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
        (Bill("Online Safety Bill", "HL"), "Online Safety HL Bill"),
        (Bill("Media Bill [HL]", "HC", "2023-24"), "Media HC Bill (2023-24)"),
        (Bill("Online Safety Bill", session="2022-23"), "Online Safety Bill (2022-23)"),
        (
            Hansard("HL", date(2017, 9, 11), "783", "1-5"),
            "HL Deb 11 September 2017, vol 783, cols 1-5",
        ),
        (Hansard("HC", date(2023, 1, 17), columns="219"), "HC Deb 17 January 2023, col 219"),
    ],
)
def test_citation(work, cited: str) -> None:
    assert cite(work) == cited


@pytest.mark.parametrize(
    ("work", "briefly"),
    [
        (News("A rise", "2020", newspaper="The Times"), "The Times"),
        (News("A rise", "2020", newspaper="The Times", author="Jane Doe"), "Jane Doe"),
        (News("A rise"), "'A rise'"),
        (Report("Time to act", author="NSPCC", description="press release"), "NSPCC press release"),
        (FoiResponse("Reply 262", "2025", authority="Gwent Police"), "Gwent Police FOI response"),
        (Bill("Online Safety", "HL", "2022-23", "87", "5"), "Online Safety HL Bill"),
        (Hansard("HL", date(2017, 9, 11), "783", "1-5"), "HL Deb 11 September 2017"),
    ],
)
def test_short_form(work, briefly: str) -> None:
    assert cite_briefly(work) == briefly


@pytest.mark.parametrize(
    ("printed", "where", "bill"),
    [
        ("Online Safety Bill", "House of Lords", Bill("Online Safety", "HL")),
        ("Media Bill [HL]", "House of Commons", Bill("Media", "HC")),
        (
            "Online Safety HL Bill (2022-23) 87, cl 5",
            "UK Parliament",
            Bill("Online Safety", "HL", "2022-23", "87", "5"),
        ),
        ("Online Safety HC Bill (2022-23) [49]", "", Bill("Online Safety", "HC", "2022-23", "49")),
        ("Online Safety Bill", "UK Parliament", Bill("Online Safety")),
        ("Online Safety Act 2023", "House of Lords", None),
        ("Online Safety Bill: explanatory notes", "House of Lords", None),
    ],
)
def test_bill_is_read_from_its_title(printed: str, where: str, bill: Bill | None) -> None:
    assert read_bill(printed, where=where) == bill


SITTING = date(2023, 7, 19)
ADDRESS = "https://hansard.parliament.uk/Lords/2023-07-19/debates/1/OnlineSafetyBill"


@pytest.mark.parametrize(
    ("printed", "where", "on", "debate"),
    [
        ("Online Safety Bill", ADDRESS, SITTING, Hansard("HL", SITTING)),
        ("Online Safety Bill, Volume 831", ADDRESS, SITTING, Hansard("HL", SITTING, "831")),
        (
            "HC Deb 19 July 2023, vol 736, cols 901-903",
            "UK Parliament",
            SITTING,
            Hansard("HC", SITTING, "736", "901-903"),
        ),
        ("Lords Amendments", "House of Commons", SITTING, Hansard("HC", SITTING)),
        ("Grand Committee, column 12GC", ADDRESS, SITTING, Hansard("HL", SITTING, "", "12GC")),
        ("Online Safety Bill", "UK Parliament", SITTING, None),
        ("Online Safety Bill", ADDRESS, None, None),
    ],
)
def test_debate_is_read_from_its_title_and_address(printed, where, on, debate) -> None:
    assert read_debate(printed, where=where, date=on) == debate


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
