"""Amendments as the Lords and the Commons print them: the forms of facts.md, and of real lists."""

import pytest

from campaigns.akoma_ntoso import read_list
from campaigns.printing import Line, PrintedLine, Tabled, place_above, printed, printed_lines
from tests.campaigns.lists import needs_samples, sample

NEW_CLAUSE = (
    Line("After Clause 17, insert the following new Clause—"),
    Line("“Heading of the clause", 1),
    Line("(1) There is to be a body.", 1, True),
    Line("(2) The body must—", 1, True),
    Line("(a) listen, and", 2, True),
    Line("(b) report.”", 2, True),
)


@pytest.mark.parametrize(
    ("number", "place", "lines", "paper"),
    [
        (
            "97",
            "Clause 36, page 36, line 42",
            ["at end insert “and children”"],
            "97: Clause 36, page 36, line 42, at end insert “and children”",
        ),
        (
            "98",
            "Clause 215, page 182, line 37",
            ["leave out subsection (1)"],
            "98: Clause 215, page 182, line 37, leave out subsection (1)",
        ),
        (
            "99",
            "Clause 3, page 3, line 7",
            ["Clause 3, page 3, line 7, leave out “may” and insert “must”"],
            "99: Clause 3, page 3, line 7, leave out “may” and insert “must”",
        ),
        ("", "Clause 4", ["leave out Clause 4"], "Clause 4, leave out Clause 4"),
    ],
)
def test_line_edits_deletions_and_substitutions_of_the_lords(number, place, lines, paper):
    lines = tuple(map(Line, lines))

    assert printed(Tabled("lords", lines, number, place)) == paper


def test_a_new_clause_of_the_lords_with_its_statement():
    amendment = Tabled(
        "lords",
        NEW_CLAUSE,
        "104",
        "After Clause 17",
        ("Baroness Example", "Lord Example"),
        "This amendment would set up a body.",
    )

    assert printed(amendment) == (
        "BARONESS EXAMPLE\n"
        "LORD EXAMPLE\n"
        "104: After Clause 17, insert the following new Clause—\n"
        "    “Heading of the clause\n"
        "    (1) There is to be a body.\n"
        "    (2) The body must—\n"
        "        (a) listen, and\n"
        "        (b) report.”\n"
        "Member's explanatory statement\n"
        "This amendment would set up a body."
    )


def test_what_hangs_is_a_marker_and_what_names_a_provision_is_a_heading():
    assert printed_lines("", NEW_CLAUSE)[:4] == (
        PrintedLine("After Clause 17, insert the following new Clause—"),
        PrintedLine("“Heading of the clause", 1, heading=True),
        PrintedLine("There is to be a body.", 1, marker="(1)"),
        PrintedLine("The body must—", 1, marker="(2)"),
    )


@pytest.mark.parametrize(
    ("text", "hanging", "line"),
    [
        ("“(2A) Words.", False, PrintedLine("Words.", marker="“(2A)")),
        ("“3A (1) Words.", False, PrintedLine("Words.", marker="“3A (1)")),
        ("“3A Words.", True, PrintedLine("Words.", marker="“3A")),
        ("“3A Words.", False, PrintedLine("“3A Words.")),
        ("2018 Act (a) is named", False, PrintedLine("2018 Act (a) is named")),
    ],
)
def test_a_number_without_brackets_is_a_marker_only_where_the_line_is_known_to_hang(
    text, hanging, line
):
    assert printed_lines("", [Line(text, hanging=hanging)]) == (line,)


def test_inserted_words_are_no_heading_and_a_quoted_section_title_is_one():
    words = [Line("at end insert—"), Line("“or a child”", 1)]
    section = [Line("insert—"), Line("“40A Title of it", 1), Line("(1) Words.”", 1)]

    assert [line.heading for line in printed_lines("", words)] == [False, False]
    assert [line.heading for line in printed_lines("", section)] == [False, True, False]


@pytest.mark.parametrize(
    ("place", "first", "above"),
    [
        ("After Clause 142", "Insert the following new Clause—", "After Clause 142"),
        ("After Clause 142", "After Clause 142, insert—", ""),
        ("Clause 3, page 3", "at end insert—", ""),
    ],
)
def test_the_place_is_printed_once(place, first, above):
    assert place_above(place, [Line(first)]) == above


def test_an_amendment_whose_text_is_not_held_prints_its_number_and_place():
    assert printed(Tabled("lords", (), "270A", "After Clause 142")) == "After Clause 142\n270A:"


@needs_samples
def test_the_line_edits_of_a_real_amendment_paper():
    read = read_list(sample("econactivity_rm_rep_0918.xml"))
    papers = [
        printed(
            Tabled(
                read.house,
                each.lines,
                each.number,
                each.place,
                tuple(one.name for one in each.signatories),
                each.explanatory_statement,
            )
        )
        for each in read.amendments
    ]

    assert papers[:3] == [
        "Sir Desmond Swayne\n1 Clause 3, page 3, line 7, leave out subsection (7)",
        "Sir Desmond Swayne\n2 Page 3, line 13, leave out Clause 4",
        "Kit Malthouse\n3 Clause 4, page 3, line 18, leave out paragraph (b)\n"
        "Member's explanatory statement\n"
        "This amendment would remove the prohibition on a person publishing a statement indicating "
        "that they would have acted in a way prohibited by clause 1 if it were legal to do so.",
    ]
    assert papers[3] == (
        "Kit Malthouse\n"
        "4 Clause 12, page 8, line 5, at end insert—\n"
        "    “(1A) But section 1 does not apply in relation to a fund investment decision made by "
        "such a manager if the decision has been approved by a majority of those voting in a "
        "ballot of the members of the fund; and section 4 does not apply to any statement—\n"
        "        (a) made for the purpose of preparing for or explaining the purpose of such a "
        "ballot;\n"
        "        (b) concerning a decision which has been approved by such a ballot.”\n"
        "Member's explanatory statement\n"
        "This amendment would allow a local government pension fund to act in a way prohibited by "
        "clause 1 if the decision to do so is approved by a majority of scheme members, and would "
        "prevent statements about or following such a ballot being prohibited by clause 4."
    )
    assert papers[5].splitlines()[1:3] == [
        "6 Schedule, page 13, line 5, at end insert—",
        "    “6A Section 1 does not prevent regard to a consideration so far as it relates to "
        "conduct which it is the position of His Majesty’s Government represents a breach of "
        "international law.”",
    ]


@needs_samples
def test_the_new_clauses_of_a_real_amendment_paper():
    first, second = read_list(sample("datapro_rm_rep_0825.xml")).amendments

    lines = printed(Tabled("commons", second.lines, second.number)).splitlines()
    assert lines[:2] == [
        "NC2 To move the following Clause—",
        "    “Common standards and timeline for implementation",
    ]
    assert [line[:8] for line in lines[2:]] == [f"    ({number}) " for number in (1, 2, 3, 4)]
    assert lines[-1].endswith("take effect in each case.”")
    nested = printed(Tabled("commons", first.lines, first.number)).splitlines()
    assert nested[3:5] == [
        "    (2) In the 2018 Act, after section 40 insert—",
        "        “40A Processing of data in relation to a case-file prepared by the police service "
        "for submission to the Crown Prosecution Service for a charging decision",
    ]
    assert nested[-6:-4] == [
        "        (7) For the purposes of this section—",
        "            (a) The police service means—",
    ]
    assert nested[-4].startswith("                (i) constabulary maintained")
    assert nested[-1].endswith("for a charging decision.””")


@needs_samples
def test_every_word_of_a_real_paper_is_printed_once():
    """The list's own text, without its markup, is the printed text without its layout."""
    from defusedxml.ElementTree import fromstring

    namespace = "{http://docs.oasis-open.org/legaldocml/ns/akn/3.0}"
    for name in ("datapro_rm_rep_0825.xml", "econactivity_rm_rep_0918.xml"):
        instructions = fromstring(sample(name)).iter(f"{namespace}block")
        theirs = [
            "".join("".join(each.itertext()).split())
            for each in instructions
            if each.get("name") == "instruction"
        ]
        ours = [
            "".join("".join(line.text for line in each.lines).split())
            for each in read_list(sample(name)).amendments
        ]

        quotes = str.maketrans("", "", "“”")
        assert [each.translate(quotes) for each in ours] == [
            each.translate(quotes) for each in theirs
        ]
