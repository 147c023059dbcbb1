"""What stops a pack before it goes out: hard stops for everybody, soft ones by name and reason."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from campaigns import gate
from campaigns.issuing import issue
from campaigns.models import (
    Amendment,
    AmendmentAsPublished,
    AskAmendment,
    Member,
    PackVersion,
    StopPassed,
    SyncRun,
    SyncState,
)
from campaigns.models.published import hash_of_text
from campaigns.packs import compose
from evidence import review
from evidence.models import Excerpt, Verdict
from evidence.refusing import Refused
from evidence.snapshots import taking
from tests import factories as make
from tests.campaigns import packing
from tests.refusing import refused_by, refused_by_grant, run

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files_of_the_test(settings, tmp_path) -> None:
    settings.PACKS = tmp_path / "packs"


def stops_of(pack) -> list[tuple[str, str]]:
    return [(stop.name, stop.sentence) for stop in gate.stops(compose(pack))]


def issued(pack) -> PackVersion:
    member = Member.objects.first() or packing.member()
    return issue(pack, to=[member], by=make.user("campaign lead"))


def let_pass(pack, name, reason="The list of 5 July was checked by hand.") -> None:
    gate.let_pass(compose(pack), name=name, reason=reason, by=make.user("campaign lead"))


def read_from_parliament(bill, days_ago: float, state=SyncState.COMPLETE) -> None:
    when = timezone.now() - timedelta(days=days_ago)
    SyncRun.objects.create(bill=bill, started_at=when, ended_at=when, state=state)


def pack_on(amendment):
    return packing.approved(packing.pack(("amendment", [amendment])))


@pytest.fixture
def amendment() -> Amendment:
    stage = packing.stage()
    stage.bill.parliament_id = 1
    stage.bill.save()
    return packing.amendment(stage, number="270A")


def test_a_pack_with_nothing_wrong_goes_out() -> None:
    pack = packing.approved(packing.pack(("problem", [packing.figure()])))

    assert stops_of(pack) == []
    assert issued(pack).manifest["passed"] == []


def test_an_inconsistent_figure_stops_it_and_nobody_can_pass_that() -> None:
    wrong = packing.claim(verdict=Verdict.INCONSISTENT, inputs=[packing.figure()])
    pack = packing.approved(packing.pack(("problem", [wrong])))

    [(name, _)] = stops_of(pack)
    assert name == "inconsistent figure"
    with pytest.raises(Refused, match="Nobody can pass this"):
        let_pass(pack, name)
    with pytest.raises(Refused, match="is inconsistent"):
        issued(pack)


def test_what_our_fonts_cannot_print_stops_it_with_its_place() -> None:
    pack = packing.pack(("problem", [packing.figure()]))
    pack.title = "A voice \U0001f600"
    pack.save()

    [(name, sentence)] = stops_of(packing.approved(pack))

    assert name == "unprintable"
    assert "Title: character 9" in sentence


def test_a_figure_that_was_approved_after_the_pack_is_looked_at_again() -> None:
    figure = packing.figure()
    pack = packing.approved(packing.pack(("problem", [figure])))
    review.edit(figure, by=make.user("officer"))
    packing.approved(figure)

    [(name, sentence)] = stops_of(pack)
    assert name == "changed since approval"
    with pytest.raises(Refused, match="was changed after the pack was approved"):
        issued(pack)

    let_pass(pack, name, "Only its note was mended.")
    version = issued(pack)
    [passed] = version.manifest["passed"]
    assert (passed["stop"], passed["sentence"], passed["reason"], passed["by"]) == (
        name,
        sentence,
        "Only its note was mended.",
        "campaign lead",
    )


def test_so_is_one_that_only_the_working_of_a_claim_prints() -> None:
    first, second = packing.figure(), packing.figure("2,061", 2021)
    claim = packing.claim(inputs=[first, second])
    pack = packing.approved(packing.pack(("problem", [claim])))
    assert stops_of(pack) == []
    review.edit(second, by=make.user("officer"))
    packing.approved(second)

    [(name, sentence)] = stops_of(pack)

    assert name == "changed since approval"
    assert sentence.startswith(f"The figure “{second}” was changed after the pack was approved")


def test_what_was_passed_stops_again_when_it_reads_otherwise() -> None:
    figure = packing.figure()
    pack = packing.approved(packing.pack(("problem", [figure])))
    review.edit(figure, by=make.user("officer"))
    packing.approved(figure)
    let_pass(pack, "changed since approval", "Only its note was mended.")
    assert gate.refuse_unless_open(compose(pack))

    review.edit(figure, by=make.user("officer"))
    packing.approved(figure)

    with pytest.raises(Refused, match="was changed after"):
        gate.refuse_unless_open(compose(pack))


def test_an_excerpt_that_its_source_no_longer_prints_stops_it() -> None:
    source = packing.source()
    snapshot = taking.take_from_text(source, "Police recorded 1,437 offences.").snapshot
    excerpt = Excerpt.objects.create(snapshot=snapshot, exact="1,437", start=16, end=21)
    figure = packing.figure(source=source, excerpt=excerpt)
    pack = packing.approved(packing.pack(("problem", [figure])))
    assert stops_of(pack) == []

    taking.take_from_text(source, "Police recorded 1,500 offences.")

    assert stops_of(pack) == [
        ("orphaned excerpt", f"“{figure}” cites words that its source no longer prints.")
    ]


def test_a_list_that_nobody_read_today_is_checked_by_hand(amendment) -> None:
    pack = pack_on(amendment)
    [(name, sentence)] = stops_of(pack)
    assert name == "Parliament out of reach"
    assert "read from Parliament never" in sentence

    read_from_parliament(amendment.stage.bill, 3)
    read_from_parliament(amendment.stage.bill, 0, SyncState.INCOMPLETE)
    assert "last on" in stops_of(pack)[0][1]

    read_from_parliament(amendment.stage.bill, 0)
    assert stops_of(pack) == []


def test_an_act_is_not_asked_for_any_more(amendment) -> None:
    bill = amendment.stage.bill
    bill.royal_assent_on = timezone.localdate()
    bill.save()

    assert stops_of(pack_on(amendment)) == []


def test_wording_that_changed_since_it_was_judged_stops_it(amendment) -> None:
    read_from_parliament(amendment.stage.bill, 0)
    now = timezone.now()
    published = AmendmentAsPublished(
        amendment=amendment,
        parliament_id=5,
        stage=amendment.stage,
        first_seen_at=now,
        last_seen_at=now,
    )
    published.set_lines([{"text": "leave out “may”", "indent": 0, "hanging": False}])
    published.save()
    ask = packing.ask()
    review.edit(ask, by=make.user("officer"))
    AskAmendment.objects.create(
        ask=ask,
        amendment=amendment,
        relation="delivers",
        text_sha256_when_linked=hash_of_text("leave out “must”"),
    )
    packing.approved(ask)
    pack = packing.approved(packing.pack(("amendment", [amendment]), ("summary", [ask])))

    assert (
        "amendment changed",
        f"{amendment} says something else since it was judged for “{ask}”.",
    ) in stops_of(pack)


def test_a_stop_passes_with_a_reason_or_not_at_all(amendment) -> None:
    pack = pack_on(amendment)

    with pytest.raises(Refused, match="Say why"):
        let_pass(pack, "Parliament out of reach", "  ")
    with pytest.raises(Refused, match="Nothing called “jigsaw” stops this pack now"):
        let_pass(pack, "jigsaw")
    with refused_by("stop_passed_says_why"):
        StopPassed.objects.create(
            pack=pack, stop="x", sentence="y", reason="", passed_by=make.user("officer")
        )
    assert not StopPassed.objects.exists()

    let_pass(pack, "Parliament out of reach")
    with refused_by_grant():
        run("UPDATE campaigns_stoppassed SET reason = 'another'")
    with refused_by_grant():
        run("DELETE FROM campaigns_stoppassed")


def test_the_command_issues_only_with_what_was_passed(amendment) -> None:
    pack = pack_on(amendment)
    member = packing.member()
    command = ["issue_pack", pack.slug, "--to", member.name, "--by", make.user("lead").username]

    with pytest.raises(CommandError, match="read them again, or write in"):
        call_command(*command)
    assert not PackVersion.objects.exists()

    call_command(*command, "--pass", "Parliament out of reach", "Checked: list of 5 July.")
    assert PackVersion.objects.get().manifest["passed"][0]["reason"] == "Checked: list of 5 July."
