"""A composed pack: first what must not be in it and is said to be missing, then what is."""

import datetime

import pytest
from django.utils import timezone

from campaigns import building
from campaigns.briefing import blocks
from campaigns.models import Layout, PackFormat, Stage
from campaigns.packs import compose
from evidence import consenting, review
from evidence.models import (
    Channel,
    Comparability,
    Decision,
    PeriodKind,
    Proceedings,
    RestrictedAccount,
    Source,
    SourceKind,
    Statistic,
    Verdict,
)
from tests import factories as make
from tests.campaigns import packing
from tests.campaigns.briefing.examples import printed_notes

pytestmark = pytest.mark.django_db

CANARY = "Kanarienvogel"


def words_withdrawn() -> make.Covered:
    covered = make.covered(text=CANARY)
    consenting.withdraw(covered.consent)
    return covered


def words_that_expire_before_the_day() -> make.Covered:
    until = (make.moment(-5), make.moment(20))
    return make.covered(text=CANARY, validity=until, review_due=make.moment(10).date())


def words_without_this_scope() -> make.Covered:
    return make.covered(Channel.WEBSITE_FEED, text=CANARY)


def words_narrowed() -> make.Covered:
    covered = make.covered(text=CANARY)
    make.scope(covered.consent, decision=Decision.DENY)
    return covered


def words_in_live_proceedings() -> make.Covered:
    covered = make.covered(text=CANARY)
    covered.version.testimony.proceedings = Proceedings.ACTIVE
    covered.version.testimony.save()
    return covered


@pytest.mark.parametrize(
    ("covered", "why"),
    [
        (words_withdrawn, "is withdrawn"),
        (words_that_expire_before_the_day, "before the day of use"),
        (words_without_this_scope, "does not cover this: briefing pack"),
        (words_narrowed, "has withdrawn this: briefing pack"),
        (words_in_live_proceedings, "Legal proceedings are active"),
    ],
)
def test_words_beyond_consent_are_in_no_format_and_the_officer_is_told_why(covered, why) -> None:
    version = covered().version
    pack = packing.pack(("problem", [packing.figure()]), ("case_study", [version]))

    composition = compose(pack)

    assert composition.accounts == ()
    [refusal] = composition.refusals
    assert refusal.startswith("Testimony “An account, version 1” is left out: ")
    assert why in refusal
    for format in PackFormat:
        content, _ = building.build(pack, format)
        assert CANARY not in packing.words_of(content)
        assert CANARY.encode() not in packing.everything_in(content)


@pytest.mark.parametrize("format", [each for each in PackFormat if each != PackFormat.TXT])
def test_the_same_words_within_consent_are_found_so_that_the_search_can_fail(format) -> None:
    pack = packing.pack(("case_study", [make.covered(text=CANARY).version]))

    content, _ = building.build(pack, format)

    assert CANARY in packing.words_of(content)


def test_words_that_were_never_cleared_are_left_out() -> None:
    covered = make.covered()
    draft = make.version(covered.version.testimony, CANARY)

    composition = compose(packing.pack(("case_study", [draft])))

    assert composition.refusals == (
        "Testimony “An account, version 2” is left out: This version is draft, not cleared.",
    )
    assert CANARY not in str(composition.briefing)


def test_a_restricted_account_is_refused_wherever_its_source_stands_in_the_chain() -> None:
    release = packing.source("release")
    account = RestrictedAccount.objects.create(source=release)
    report = packing.source()
    report.derived_from.add(release)

    composition = compose(packing.pack(("problem", [packing.figure(source=report)])))

    assert composition.refusals == (account.refusal,)
    RestrictedAccount.objects.create(source=packing.source("of another pack"))
    assert compose(composition.pack).refusals == (account.refusal,)
    account.became = make.testimony()
    account.save()
    assert compose(composition.pack).refusals == ()


def test_a_section_with_nothing_left_in_it_has_no_heading_either() -> None:
    pack = packing.pack(("case_study", [words_withdrawn().version]))
    pack.sections.update(text="The account below is a pupil's.")

    composition = compose(pack)

    assert [type(each) for each in composition.briefing.blocks] == [blocks.Heading, blocks.Contact]
    assert (
        "Section “The case_study” is left out: nothing in it can be printed."
        in composition.warnings
    )


def test_a_draft_figure_is_left_out_and_its_number_nowhere() -> None:
    source = packing.source()
    year = make.financial_year(2019)
    draft = make.statistic("8,888", source=source, period=year, approved_wording="Some 8,888.")

    composition = compose(packing.pack(("problem", [packing.figure(), draft])))

    assert composition.refusals == (f"Figure “{draft}” is left out: it is draft, not approved.",)
    assert "8,888" not in str(composition.briefing)


def test_a_figure_of_a_retracted_source_is_left_out() -> None:
    day = datetime.date(2023, 5, 1)
    source = packing.source(retracted_on=day, retraction_note="A mistake.")
    figure = packing.figure(source=source)

    composition = compose(packing.pack(("problem", [figure])))

    assert composition.figures == ()
    assert composition.refusals == (
        f"Figure “{figure}” is left out: example-2023 was retracted on 1 May 2023.",
    )


def test_an_inconsistent_claim_stops_the_pack() -> None:
    figure = packing.figure()
    claim = packing.claim(verdict=Verdict.INCONSISTENT)
    pack = packing.pack(("problem", [figure, claim]))

    composition = compose(pack)

    assert composition.stops == (
        f"Claim “{claim}” is inconsistent: 1,437 to 2,061 is an increase of 43.42%.",
    )
    with pytest.raises(building.Refused, match="is inconsistent"):
        building.build(pack, "pdf")


@pytest.mark.parametrize(
    ("verdict", "why"),
    [(Verdict.NOT_TESTABLE, "it cannot be tested."), ("", "it has not been checked yet.")],
)
def test_a_claim_that_was_not_tested_prints_no_size(verdict, why) -> None:
    figure = packing.figure()
    claim = packing.claim(verdict=verdict)

    composition = compose(packing.pack(("problem", [figure, claim])))

    assert "43%" not in str(composition.briefing)
    assert why in composition.refusals[0]
    assert composition.stops == ()


def edited(figure: Statistic, source: Source) -> None:
    review.edit(figure, by=make.user("officer"))
    Statistic.objects.filter(pk=figure.pk).update(value_printed="8,888")


def retired(figure: Statistic, source: Source) -> None:
    review.retire(figure, by=make.user("lead"))


def of_a_source_edited(figure: Statistic, source: Source) -> None:
    review.edit(source, by=make.user("officer"))


def of_a_source_retracted(figure: Statistic, source: Source) -> None:
    review.edit(source, by=make.user("officer"))
    source.retracted_on, source.retraction_note = datetime.date(2023, 5, 1), "A mistake."
    source.save()
    packing.approved(source)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        (edited, "it is draft, not approved."),
        (retired, "it is retired, not approved."),
        (of_a_source_edited, "its source other is draft, not approved."),
        (of_a_source_retracted, "other was retracted on 1 May 2023."),
    ],
)
def test_a_claim_on_a_figure_that_may_not_be_printed_is_left_out(changed, why) -> None:
    other = packing.source("other")
    first, second = packing.figure(), packing.figure("2,061", 2021, source=other)
    claim = packing.claim(inputs=[first, second])
    pack = packing.pack(("problem", [first, claim]))
    changed(second, other)
    second.refresh_from_db()

    composition = compose(pack)

    assert composition.refusals == (
        f"Claim “{claim}” is left out: it rests on the figure “{second}”: {why}",
    )
    assert composition.claims == ()
    assert set(composition.records) == {first, first.source}
    assert "43%" not in str(composition.briefing)


def test_a_figure_chosen_twice_in_a_section_is_told_once() -> None:
    figure, other = two_figures()

    briefing = compose(packing.pack(("problem", [figure, other, figure]))).briefing

    _, tiles, bullets, *_ = briefing.blocks
    assert [tile.display_value for tile in tiles.tiles] == ["1,437", "2,061"]
    assert [blocks.plain(item) for item in bullets.items] == [
        figure.approved_wording,
        other.approved_wording,
    ]


def test_a_figure_chosen_twice_that_nothing_can_show_is_reported() -> None:
    figure = packing.figure(approved_wording="", comparability=Comparability.NOTE)

    composition = compose(packing.pack(("problem", [figure, figure])))

    assert composition.refusals == (f"Figure “{figure}” is left out: it has no approved wording.",)
    assert composition.figures == ()


NOT_AMONG_ITS_TILES = (
    "a summary shows 2 to 4 figures side by side, and it is not among them. Choose it in another "
    "section."
)


@pytest.mark.parametrize("layout", Layout)
def test_a_summary_says_which_figures_and_claims_its_tiles_do_not_show(layout) -> None:
    figures = [packing.figure(str(year), year) for year in (2016, 2017, 2018, 2019)]
    claim = packing.claim(inputs=figures[:2])
    apart = packing.figure("2,194", 2023, comparability=Comparability.NOTE)
    pack = packing.pack(("summary", [*figures, claim, apart]), layout=layout)

    composition = compose(pack)

    assert composition.refusals == (
        f"Claim “{claim}” is left out: {NOT_AMONG_ITS_TILES}",
        f"Figure “{apart}” is left out: {NOT_AMONG_ITS_TILES}",
    )
    assert (composition.figures, composition.claims) == (tuple(figures), ())
    assert set(composition.records) == {*figures, figures[0].source}


def test_what_a_summary_does_not_show_and_another_section_does_is_not_left_out() -> None:
    figure = packing.figure()

    composition = compose(packing.pack(("summary", [figure]), ("problem", [figure])))

    assert composition.refusals == ()
    assert composition.figures == (figure,)


def test_each_figure_is_told_in_its_approved_words_with_one_numbered_note() -> None:
    first = packing.figure(forces_answered=4, forces_asked=4, caveat="Image crimes only.")
    second = packing.figure("2,061", 2021)

    briefing = compose(packing.pack(("problem", [first, second]))).briefing

    tiles = next(block for block in briefing.blocks if isinstance(block, blocks.KeyFigures))
    bullets = next(block for block in briefing.blocks if isinstance(block, blocks.Bullets))
    assert [tile.display_value for tile in tiles.tiles] == ["1,437", "2,061"]
    assert [blocks.plain(item) for item in bullets.items] == [
        first.approved_wording,
        second.approved_wording,
    ]
    assert printed_notes(briefing)[0] == (
        "1,437: Image crimes, Wales, 2016/17. Four of four forces. Read in "
        "'Report example-2023' The example-charity (22 February 2023). Image crimes only."
    )


def test_a_claim_shows_its_working_with_what_was_counted_where_and_when() -> None:
    inputs = [packing.figure("1,437", 2016), packing.figure("2,061", 2021)]
    claim = packing.claim(inputs=inputs)

    briefing = compose(packing.pack(("problem", [claim]))).briefing

    assert blocks.plain(briefing.blocks[1].items[0]) == "Claim up-43: offences rose by 43%."
    assert printed_notes(briefing)[0] == (
        "Wales, 2016/17 and 2021/22: 1,437 to 2,061 is an increase of 43.42%. Printed in "
        "'Report example-2023' The example-charity (22 February 2023)."
    )


URL = "https://www.example.org/report"
FULL = f"'Report example-2023' The example-charity (22 February 2023) <{URL}>"


def two_figures() -> list[Statistic]:
    source = packing.source(url=URL)
    return [packing.figure("1,437", 2016, source=source), packing.figure("2,061", 2021)]


def test_a_source_is_cited_in_full_once_and_then_by_the_note_that_does() -> None:
    briefing = compose(packing.pack(("problem", two_figures()))).briefing

    assert printed_notes(briefing) == [
        f"1,437: Image crimes, Wales, 2016/17. {FULL}.",
        "2,061: Image crimes, Wales, 2021/22. The example-charity (n 1).",
        "2016/17 and 2021/22: The example-charity (n 1).",
    ]


def test_sections_in_another_order_cite_in_full_where_it_then_comes_first() -> None:
    first, second = two_figures()
    pack = packing.pack(("problem", [packing.statement(), first]), ("problem", [second]))
    pack.sections.filter(position=0).update(position=2)

    briefing = compose(pack).briefing

    assert printed_notes(briefing) == [
        f"2,061: Image crimes, Wales, 2021/22. {FULL}.",
        "2016/17 and 2021/22: The example-charity (n 1).",
        "'Report speech' The example-charity (22 February 2023).",
        "1,437: Image crimes, Wales, 2016/17. The example-charity (n 1).",
    ]


def test_what_the_figures_come_from_in_the_first_place_is_cited_like_any_other_source() -> None:
    fields = {"url": "", "held": False, "published_on": None, "kind": SourceKind.FOI_RESPONSE}
    response = packing.source("foi-2022", **fields)
    report = make.source("example-2023")
    report.derived_from.add(response)
    packing.approved(report)
    counts = {"source": report, "forces_answered": 4, "forces_asked": 4}
    figures = [packing.figure("1,437", 2016, **counts), packing.figure("2,061", 2021, **counts)]

    briefing = compose(packing.pack(("problem", figures))).briefing

    assert printed_notes(briefing)[:2] == [
        "1,437: Image crimes, Wales, 2016/17. The example-charity, 'Report foi-2022', four of four "
        "forces (not seen by us). Read in "
        "'Report example-2023' The example-charity (22 February 2023).",
        "2,061: Image crimes, Wales, 2021/22. The example-charity FOI response (n 1), four of four "
        "forces (not seen by us). Read in The example-charity (n 1).",
    ]


@pytest.mark.parametrize(
    ("house", "cited"), [("lords", "Example HL Bill"), ("commons", "Example HC Bill")]
)
def test_the_bill_is_cited_as_the_house_of_the_stage_prints_it(house, cited) -> None:
    pack = packing.pack(("bill", []))
    pack.sections.update(text="It gives children no advocate.")
    pack.stage.house = house
    pack.stage.bill.session = "2022-23"

    briefing = compose(pack).briefing

    assert printed_notes(briefing) == [f"{cited} (2022-23) <https://bills.example.org/1>."]


def test_words_said_in_parliament_are_cited_from_hansard_and_linked() -> None:
    url = "https://hansard.parliament.uk/Lords/2023-07-19/debates/1/ExampleBill"
    day = datetime.date(2023, 7, 19)
    fields = {"title": "Example Bill, vol 831, cols 2320-2324", "published_on": day, "url": url}
    packing.source("speech", kind=SourceKind.HANSARD, **fields)

    briefing = compose(packing.pack(("problem", [packing.statement()]))).briefing

    told = "HL Deb 19 July 2023, vol 831, cols 2320-2324"
    assert printed_notes(briefing) == [f"{told}."]
    [note] = briefing.notes
    assert note.runs[0].full == (blocks.Text(told, link=url),)


def test_a_figure_that_is_not_comparable_stands_beside_no_other() -> None:
    comparable = [packing.figure("1,437", 2016), packing.figure("2,061", 2021)]
    apart = packing.figure("2,194", 2023, comparability=Comparability.NOTE)

    briefing = compose(packing.pack(("problem", [*comparable, apart]))).briefing

    [tiles] = [each for each in briefing.blocks if isinstance(each, blocks.KeyFigures)]
    assert [tile.display_value for tile in tiles.tiles] == ["1,437", "2,061"]


def test_a_figure_that_nothing_can_show_is_reported() -> None:
    figure = packing.figure(approved_wording="")

    composition = compose(packing.pack(("problem", [figure])))

    assert composition.refusals == (f"Figure “{figure}” is left out: it has no approved wording.",)


def test_the_series_is_drawn_with_its_break_and_its_conflict() -> None:
    chosen = packing.figure("1,437", 2016)
    packing.figure("2,061", 2021)
    packing.figure("2,060", 2021, source=packing.source("other-2023"))
    packing.figure("2,194", 2023, comparability=Comparability.BREAK, caveat="Home Office data.")

    composition = compose(packing.pack(("problem", [chosen])))

    [chart] = [each for each in composition.briefing.blocks if isinstance(each, blocks.Chart)]
    shown = [[blocks.plain(cell) for cell in row] for row in chart.table.rows]
    assert shown == [["2016/17", "1,437"], ["2021/22", "2,061*"], ["2023/24", "2,194"]]
    assert chart.caveat == (
        "Outlined: 2023/24 is not comparable with the other years. Home Office data. "
        "* Sources differ for Wales, 2021/22: 2,061 (The example-charity, 22 February 2023); "
        "2,060 (The example-charity, 22 February 2023)."
    )


def test_a_source_that_prints_the_financial_year_is_read_before_one_that_does_not() -> None:
    calendar = make.Period.objects.create(
        label="2022",
        kind=PeriodKind.CALENDAR_YEAR,
        start=datetime.date(2022, 1, 1),
        end=datetime.date(2022, 12, 31),
    )
    chosen = packing.figure("2,061", 2021, printed_period=calendar)
    exact = packing.figure("2,061", 2021, source=packing.source("zenith-2023"))
    earlier = packing.figure("1,437", 2016)

    composition = compose(packing.pack(("problem", [chosen])))

    assert set(composition.figures) == {chosen, earlier, exact}
    [chart] = [each for each in composition.briefing.blocks if isinstance(each, blocks.Chart)]
    place = [note.key for note in composition.briefing.numbered_notes].index(chart.note)
    assert "2021/22: 'Report zenith-2023'" in printed_notes(composition.briefing)[place]


def test_the_drawing_holds_no_draft() -> None:
    chosen = packing.figure("1,437", 2016)
    make.statistic("8,888", source=chosen.source, period=make.financial_year(2019))
    packing.figure("2,061", 2021)

    assert "8,888" not in str(compose(packing.pack(("problem", [chosen]))).briefing)


def test_a_draft_of_ours_is_printed_as_one_in_the_style_of_the_lords() -> None:
    draft = packing.own_draft(packing.stage())

    briefing = compose(packing.pack(("amendment", [draft]))).briefing

    assert briefing.blocks[1] == blocks.AmendmentBlock(
        label="Draft",
        status="Draft of our own, not yet tabled.",
        place="After Clause 142",
        lines=(
            blocks.AmendmentLine("Insert the following new Clause—"),
            blocks.AmendmentLine("“Advocacy for children", heading=True),
            blocks.AmendmentLine("There is to be a body.”", marker="(1)"),
        ),
    )


@pytest.mark.parametrize(
    ("tabling", "number", "status"),
    [
        ("with_counsel", None, "Draft of our own, not yet tabled (with counsel)."),
        (
            "handed_in",
            None,
            "Draft of our own, not yet tabled (handed in to the Public Bill Office).",
        ),
        ("handed_in", "270A", "Draft of our own, tabled as 270A."),
        ("", "", "Draft of our own, tabled, number not known."),
    ],
)
def test_a_draft_of_ours_says_how_far_it_has_come(tabling, number, status) -> None:
    stage = packing.stage()
    tabled = None
    if number is not None:
        tabled = packing.amendment(stage, slug="tabled", number=number)
    draft = packing.own_draft(stage, tabling=tabling, tabled_as=tabled)

    briefing = compose(packing.pack(("amendment", [draft]))).briefing

    assert briefing.blocks[1].status == status


def test_a_place_that_the_first_line_prints_is_not_printed_twice() -> None:
    draft = packing.amendment(packing.stage(), ["After Clause 142, insert—"])

    briefing = compose(packing.pack(("amendment", [draft]))).briefing

    assert briefing.blocks[1].place == ""


def test_nobody_writes_the_text_of_a_real_amendment_that_is_not_held() -> None:
    url = "https://bills.example.org/amendments/94648"
    real = packing.amendment(packing.stage(), url=url, decision="NotMoved", number="270A")

    composition = compose(packing.pack(("amendment", [real])))

    block = composition.briefing.blocks[1]
    assert (block.label, block.status, block.place) == (
        "270A",
        "Lords Report. Not moved.",
        "After Clause 142",
    )
    assert block.lines == (blocks.AmendmentLine("The text is not held here."),)
    assert url in printed_notes(composition.briefing)[0]


def test_what_is_not_known_of_an_amendment_is_said_to_be_so() -> None:
    somewhere = Stage.objects.create(bill=packing.stage().bill)

    briefing = compose(packing.pack(("amendment", [packing.amendment(somewhere)]))).briefing

    assert briefing.blocks[1].label == "Tabled"
    assert briefing.blocks[1].status == "Stage and number not known. Decision not known."


@pytest.mark.parametrize(
    ("channels", "speech"),
    [
        ((Channel.BRIEFING_PACK, Channel.SPEECH), "chamber"),
        ((Channel.BRIEFING_PACK,), "background"),
    ],
)
def test_a_box_says_what_its_reader_may_do_with_the_account(channels, speech) -> None:
    covered = make.covered(*channels, text="One day.\n\nAnother day.")

    composition = compose(packing.pack(("case_study", [covered.version])))

    assert composition.briefing.blocks[1] == blocks.TestimonyBox(
        title="Fictional example for demonstration",
        paragraphs=("One day.", "Another day."),
        attribution="Robin (a pseudonym)",
        anonymity_note="A pseudonym; details are changed.",
        speech=speech,
    )
    [account] = composition.accounts
    assert (account.consent_id, account.speech) == (covered.consent.pk, speech)


def test_asks_argue_question_and_lead() -> None:
    ask = packing.ask()

    briefing = compose(packing.pack(("summary", [ask]), ("why", []), ("questions", [ask]))).briefing

    asked, why, reason, objecting, objections, _, questions = briefing.blocks[:7]
    assert asked.title == "The summary"
    assert blocks.plain(asked.items[0]) == (
        "A statutory advocate. Give children a body that speaks for them."
    )
    assert (why.text, objecting.text) == ("The why", "Objections and answers")
    assert blocks.plain(reason.runs) == "It tells the regulator what children meet."
    assert objections.items[0].objection == "It costs money."
    assert blocks.plain(questions.items[0]) == "Who will speak for children?"


def test_an_officer_who_argues_is_not_argued_for() -> None:
    pack = packing.pack(("summary", [packing.ask()]), ("why", []))
    pack.sections.filter(kind="why").update(text="It works elsewhere.")

    blocks_found = compose(pack).briefing.blocks

    paragraphs = [each for each in blocks_found if isinstance(each, blocks.Paragraph)]
    assert [blocks.plain(each.runs) for each in paragraphs] == ["It works elsewhere."]
    assert any(isinstance(each, blocks.Objections) for each in blocks_found)


def test_public_words_are_quoted_with_who_said_them_and_where() -> None:
    briefing = compose(packing.pack(("problem", [packing.statement()]))).briefing

    quotation = briefing.blocks[1]
    assert (quotation.words, quotation.speaker) == ("a tough regulator", "Example Speaker")
    assert quotation.role == "Chair of an example, 2023"
    assert printed_notes(briefing)[0].startswith("'Report speech'")


def test_another_day_of_use_is_judged_by_itself() -> None:
    covered = words_that_expire_before_the_day()
    pack = packing.pack(("case_study", [covered.version]))

    assert compose(pack).accounts == ()
    assert [each.version for each in compose(pack, at=timezone.localdate()).accounts] == [
        covered.version
    ]
