"""A sentence as one says it: every number in words that mislead nobody."""

import pytest

from evidence.aloud import aloud


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        (
            "Police in Wales recorded 2,061 offences in 2021/22, up 43% from 1,437 in 2016/17.",
            "Police in Wales recorded just over two thousand offences in the year to March 2022, "
            "up more than two-fifths from just over one thousand four hundred in the year to "
            "March 2017.",
        ),
        ("88% of UK adults support it.", "Almost nine in ten UK adults support it."),
        ("88% of the adults asked.", "Almost nine in ten of the adults asked."),
        ("A 43% rise.", "A forty-three per cent rise."),
        ("It was a rise of 43%.", "It was a rise of more than two-fifths."),
        ("It fell. 2,061 remain.", "It fell. Just over two thousand remain."),
        ("Over 30,000 offences", "More than thirty thousand offences"),
        ("Between 1999/00 and 2021/25", "Between the year to March 2000 and 2021/25"),
        ("Nobody answered on 19 July 2023.", "Nobody answered on 19 July 2023."),
        ("", ""),
    ],
)
def test_a_sentence_is_said(printed, said) -> None:
    assert aloud(printed) == said
