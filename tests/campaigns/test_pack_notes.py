"""Short footnotes: who counted, how many answered, when, where we read it, what must be said."""

import pytest

from campaigns.models import NoteStyle
from campaigns.packs import compose
from evidence.models import SourceKind
from tests.campaigns import packing
from tests.campaigns.briefing.examples import printed_notes
from tests.refusing import refused_by, run

pytestmark = pytest.mark.django_db

URL = "https://www.example.org/report"


def notes_of(*sections) -> list[str]:
    return printed_notes(compose(packing.pack(*sections, notes=NoteStyle.SHORT)).briefing)


def test_a_figure_is_told_by_who_counted_where_all_answered_and_when() -> None:
    response = packing.source("foi-2022", kind=SourceKind.FOI_RESPONSE, url=URL)
    figure = packing.figure(source=response, forces_answered=4, forces_asked=4, caveat="Images.")

    briefing = compose(packing.pack(("problem", [figure]), notes=NoteStyle.SHORT)).briefing

    assert printed_notes(briefing)[0] == (
        "The example-charity FOI, four of four forces, 2016/17. Images."
    )
    assert briefing.notes[0].runs[0].link == URL


def test_where_we_read_it_and_that_we_did_not_see_the_first_count_are_said() -> None:
    response = packing.source("foi-2022", kind=SourceKind.FOI_RESPONSE, url="", held=False)
    report = packing.make.source("example-2023", url=URL)
    report.derived_from.add(response)
    packing.approved(report)

    figure = packing.figure(source=report)

    assert notes_of(("problem", [figure]))[0] == (
        "The example-charity FOI, 2016/17, not seen by us; read in The example-charity, "
        "22 February 2023."
    )


def test_a_claim_keeps_its_working() -> None:
    inputs = [packing.figure("1,437", 2016), packing.figure("2,061", 2021)]

    assert notes_of(("problem", [packing.claim(inputs=inputs)]))[0] == (
        "Wales, 2016/17 and 2021/22: 1,437 to 2,061 is an increase of 43.42%. "
        "The example-charity, 22 February 2023."
    )


def test_statements_and_the_bill_are_told_in_a_word_or_three() -> None:
    pack = packing.pack(("bill", [packing.statement()]), notes=NoteStyle.SHORT)
    pack.sections.update(text="It has no advocate.\n\n- None at all.")

    assert printed_notes(compose(pack).briefing) == [
        "Example HL Bill.",
        "The example-charity, 22 February 2023.",
    ]


def test_a_pack_of_today_has_short_notes_unless_somebody_chooses() -> None:
    assert packing.Pack().notes == NoteStyle.SHORT


def test_no_other_style_is_kept() -> None:
    pack = packing.pack()

    with refused_by("pack_notes_are_of_a_known_style"):
        run("UPDATE campaigns_pack SET notes = 'apa' WHERE id = %s", pack.pk)
