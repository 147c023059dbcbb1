"""What an officer is told of a pack before it goes, and accounts that are in it only by choice."""

import datetime

import pytest
from django.utils import timezone

from campaigns.briefing import blocks
from campaigns.composing.warning import stage_is_over
from campaigns.models import Bill, BillAsPublished, House, Stage
from campaigns.packs import compose
from evidence.models import Channel, IdentityForm
from tests import factories as make
from tests.campaigns import packing
from tests.refusing import refused_by, run

pytestmark = pytest.mark.django_db


def warned(*sections, **fields) -> tuple[str, ...]:
    return compose(packing.pack(*sections, **fields)).warnings


def test_a_pack_with_nothing_amiss_warns_of_nothing() -> None:
    assert warned(("summary", [packing.ask()])) == ()


def test_a_pack_that_asks_for_nothing() -> None:
    assert warned(("problem", [packing.figure()])) == ("The pack asks for nothing: choose an ask.",)


def test_a_day_of_use_that_has_passed() -> None:
    assert "The day of use has passed." in warned(used_on=packing.day(-1))


def test_a_bill_that_is_law() -> None:
    stage = packing.stage()
    Bill.objects.update(royal_assent_on=datetime.date(2023, 10, 26))
    stage.bill.refresh_from_db()

    assert "Example Bill had Royal Assent on 26 October 2023: the stage has passed." in warned(
        stage=stage
    )


def test_a_bill_that_has_moved_on_and_one_that_has_not() -> None:
    stage = packing.stage()
    later = Stage.objects.create(
        bill=stage.bill, house=House.LORDS, name="Third reading", position=9
    )
    BillAsPublished.objects.create(bill=stage.bill, short_title="Example Bill", current_stage=later)
    at_bill = Stage.objects.select_related("bill")

    assert stage_is_over(at_bill.get(pk=stage.pk)) == (
        "Example Bill has reached Lords Third reading: Lords Report has passed."
    )
    assert stage_is_over(at_bill.get(pk=later.pk)) == ""


def test_an_e_mail_whose_asks_leave_no_room() -> None:
    ask = packing.ask(change_wanted="word " * 160)
    draft = packing.own_draft(packing.stage())

    told = warned(("summary", [ask]), ("amendment", [draft]))

    assert told == (
        "The e-mail has 166 words, more than 150: shorten the asks.",
        "The e-mail has no room for the amendment within 150 words: shorten the asks.",
    )


def test_a_chart_of_more_areas_than_a_page_holds_is_left_out() -> None:
    figures = [
        packing.figure("1,437", area=make.area(f"W1500000{n}", f"Area {n}")) for n in range(1, 9)
    ]

    composition = compose(packing.pack(("problem", figures)))

    assert composition.refusals == (
        "The chart “Image crimes” is left out: a page holds 7 areas side by side, not 8: "
        "choose fewer.",
    )
    assert not any(isinstance(each, blocks.Chart) for each in composition.briefing.blocks)


def test_an_account_that_may_only_be_paraphrased_is_not_quoted() -> None:
    covered = make.covered(text="My own words.")
    scope = covered.scopes[Channel.BRIEFING_PACK]
    make.scope(
        covered.consent, purpose=scope.purpose, max_identity=IdentityForm.PARAPHRASE_ANONYMOUS
    )

    composition = compose(packing.pack(("case_study", [covered.version])))

    assert composition.refusals == (
        "Testimony “An account, version 1” is left out: The consent lets the account be "
        "paraphrased, and these are the person's own words: choose or clear a paraphrase.",
    )


def test_prose_from_before_that_no_format_prints_is_told_of_and_printed_as_typed() -> None:
    pack = packing.pack(("why", []), ("summary", [packing.ask()]))
    pack.sections.filter(kind="why").update(text="# A head")

    composition = compose(pack)

    assert composition.warnings == ("Section “The why”: Line 1: a pack cannot print a heading.",)
    assert composition.briefing.blocks[1] == blocks.Paragraph(blocks.runs("# A head"))


# Accounts that may not be read aloud


def test_an_account_that_may_not_be_read_aloud_is_left_out_until_it_is_ticked() -> None:
    version = make.covered(text="Not aloud.").version
    left_out = compose(packing.pack(("case_study", [version]), as_background=False))
    ticked = compose(packing.pack(("case_study", [version]), slug="ticked"))

    assert left_out.accounts == ()
    assert "Not aloud." not in str(left_out.briefing)
    assert left_out.refusals == (
        "Testimony “An account, version 1” is left out: its consent does not let it be read in "
        "the Chamber. Tick “as background only” where it is chosen to include it all the same.",
    )
    [box] = [each for each in ticked.briefing.blocks if isinstance(each, blocks.TestimonyBox)]
    assert box.speech_note == "Background only: do not quote or forward."


def test_one_that_may_be_read_aloud_needs_no_tick_and_stays_so_with_one() -> None:
    version = make.covered(Channel.BRIEFING_PACK, Channel.SPEECH).version

    for ticked in (False, True):
        pack = packing.pack(
            ("case_study", [version]), slug=f"pack-{ticked}".lower(), as_background=ticked
        )
        [account] = compose(pack).accounts
        assert account.speech == "chamber"


def test_only_an_account_is_background() -> None:
    pack = packing.pack(("problem", [packing.figure()]))

    with refused_by("pack_item_as_background_is_an_account"):
        run(
            "UPDATE campaigns_packitem SET as_background = true WHERE section_id = %s",
            pack.sections.get().pk,
        )


def test_a_day_beyond_a_consent_is_told() -> None:
    until = (make.moment(-5), make.moment(20))
    covered = make.covered(validity=until, review_due=make.moment(10).date())

    [refusal] = compose(packing.pack(("case_study", [covered.version]))).refusals

    ends = timezone.localdate(make.moment(20))
    assert f"before the day of use, {packing.day(30):%-d %B %Y}" in refusal
    assert str(ends.year) in refusal
