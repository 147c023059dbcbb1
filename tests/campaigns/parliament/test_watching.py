"""Watched clauses as people write them: what cannot be read is told where it is typed."""

import pytest

from campaigns.models import AmendmentAsPublished, Bill, WatchedClause
from campaigns.parliament.watching import read_watched, watched_by
from evidence.refusing import Refused
from tests.config import desk_rows as rows
from tests.evidence.test_review_admin import address_of, client_of, form_of
from tests.publishing import making

HOW = "Write it as in: Clause 142, or: Clauses 142 to 145 and Schedule 3."


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Clause 142", [("clause", "142")]),
        ("cl 142", [("clause", "142")]),
        ("Cl. 142A", [("clause", "142a")]),
        ("cls 1, 2", [("clause", "1"), ("clause", "2")]),
        ("Clauses 142 and 143", [("clause", "142"), ("clause", "143")]),
        ("clauses 142 to 144", [("clause", "142"), ("clause", "143"), ("clause", "144")]),
        ("Clauses 142A–142B", [("clause", "142a"), ("clause", "142b")]),
        ("Schedule A1", [("schedule", "a1")]),
        ("Sch. 3; clause 4", [("schedule", "3"), ("clause", "4")]),
        (
            "Clauses 1, 2, and 5 and Schedule 3",
            [*(("clause", n) for n in "125"), ("schedule", "3")],
        ),
        ("After Clause 142", [("clause", "142")]),
        ("new clause after 142", [("clause", "142")]),
        ("New Schedule after Schedule 3", [("schedule", "3")]),
    ],
)
def test_forms_that_are_read(typed: str, read: list[tuple[str, str]]) -> None:
    assert read_watched(typed) == tuple(read)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("142", f"“142” may be a clause or a schedule. {HOW}"),
        ("142 and 143", f"“142 and 143” may be a clause or a schedule. {HOW}"),
        ("Part 3", f"“Part 3” is no clause or schedule with its number. {HOW}"),
        (
            "Schedule of duties",
            f"“Schedule of duties” is no clause or schedule with its number. {HOW}",
        ),
        ("subclause 3", f"“subclause 3” is no clause or schedule with its number. {HOW}"),
        ("new clause 5", f"“new clause 5” is no clause or schedule with its number. {HOW}"),
        ("Clause 142, advocacy", f"“advocacy” is no clause or schedule with its number. {HOW}"),
        ("Clauses 145 to 142", f"“145 to 142” is no range that can be read. {HOW}"),
        ("Clauses 142 to 145A", f"“142 to 145A” is no range that can be read. {HOW}"),
    ],
)
def test_what_is_not_read_is_said(typed: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        read_watched(typed)

    assert str(refused.value) == said


@pytest.mark.parametrize(
    ("typed", "row", "touches"),
    [
        ("cl 142", {"clause": "142"}, True),
        ("cl 142", {"schedule": "142"}, False),
        ("Clauses 142 to 144", {"clause": "143"}, True),
        ("Clauses 142 and 143", {"location": "After Clause 143"}, True),
        ("Clauses 142 and 143", {"text": "Clause 1431, page 3, leave out"}, False),
        ("Clause 7 and Sch 3", {"summary": "Schedule 3, page 70"}, True),
        ("Clause 142 (advocacy)", {"clause": "142"}, True),  # typed before it was asked for
        ("142", {"clause": "142"}, False),
    ],
)
def test_what_a_watched_clause_touches(typed: str, row: dict[str, str], touches: bool) -> None:
    watched = watched_by([WatchedClause(clause=typed)], AmendmentAsPublished(**row))

    assert watched == (typed if touches else "")


def watching(bill: Bill, *typed: str) -> dict[str, object]:
    """What a bill's page sends with so many new lines."""
    lines = {"watched_clauses-TOTAL_FORMS": len(typed)}
    for place, each in enumerate(typed):
        lines |= {f"watched_clauses-{place}-{name}": "" for name in ("id", "note")}
        lines |= {f"watched_clauses-{place}-bill": bill.pk, f"watched_clauses-{place}-clause": each}
    return lines


@pytest.mark.django_db
def test_the_bills_page_says_at_the_line_what_it_cannot_read_and_keeps_it() -> None:
    bill, officer = making.bill(), client_of(rows.person("officer"))

    def save(*typed: str):
        sent = form_of(officer, bill, **watching(bill, *typed))
        return officer.post(address_of(bill, "change"), sent)

    refused = save("cl 142", "143")
    page = refused.content.decode()
    kept = save("cl 142", "Clauses 143 to 145")

    [lines] = [
        each.formset
        for each in refused.context["inline_admin_formsets"]
        if each.formset.model is WatchedClause
    ]
    assert lines.errors == [
        {},
        {"clause": [f"“143” may be a clause or a schedule. {HOW}"]},
    ]
    assert 'value="143"' in page
    assert kept.status_code == 302
    clauses = bill.watched_clauses.order_by("pk").values_list("clause", flat=True)
    assert list(clauses) == ["cl 142", "Clauses 143 to 145"]
