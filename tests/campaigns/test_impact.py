"""What rests on a source, a figure or an account: all of it, with who holds it."""

import pytest

from campaigns.impact import Impact, impact_of
from campaigns.issuing import issue
from campaigns.models import Copy, EvidenceLink, EvidenceRole
from evidence.models import Channel
from publishing.models import PublishedItem
from tests import factories as make
from tests.campaigns import packing
from tests.config import desk_rows as rows
from tests.publishing import making
from tests.refusing import run_past_the_rules

pytestmark = pytest.mark.django_db

NOTHING = Impact(statistics=(), claims=(), asks=(), packs=(), copies=(), items=())


@pytest.fixture(autouse=True)
def files_of_the_test(settings, tmp_path) -> None:
    settings.PACKS = tmp_path / "packs"


def issued(pack) -> tuple[Copy, ...]:
    issue(
        packing.approved(pack),
        to=[packing.member("Lord One"), packing.member("Lady Two")],
        by=make.user("lead"),
    )
    return tuple(Copy.objects.order_by("member__name"))


def recipients(impact: Impact) -> list[str]:
    return sorted(copy.member.name for copy in impact.copies)


def linked(ask, **evidence: object):
    EvidenceLink.objects.create(ask=ask, role=EvidenceRole.SHOWS_PROBLEM, **evidence)
    return ask


def test_nothing_rests_on_a_new_figure() -> None:
    impact = impact_of(make.statistic())

    assert (impact, impact.sentence) == (NOTHING, "Nothing rests on it.")


def test_nothing_rests_on_a_new_source_or_account() -> None:
    assert (impact_of(make.source()), impact_of(make.testimony())) == (NOTHING, NOTHING)


def test_what_rests_on_a_figure() -> None:
    first, second = packing.figure("1,437", 2016), packing.figure("2,061", 2021)
    claim = packing.claim(inputs=[first, second])
    ask = linked(rows.ask(), statistic=first)
    pack = packing.pack(("problem", [claim]))
    issued(pack)

    impact = impact_of(first)

    assert impact == Impact(
        statistics=(),
        claims=(claim,),
        asks=(ask,),
        packs=(pack,),
        copies=impact.copies,
        items=(PublishedItem.objects.get(pk=first.pk),),
    )
    assert recipients(impact) == ["Lady Two", "Lord One"]
    assert impact.sentence == (
        "Rests on it: 1 claim, 1 ask, 1 pack, 2 issued copies, 1 item on the website."
    )


def test_what_rests_on_a_source_is_all_that_rests_on_its_figures() -> None:
    first, second = packing.figure("1,437", 2016), packing.figure("2,061", 2021)
    claim = packing.claim(inputs=[first, second])
    source = first.source
    ask = linked(rows.ask(), source=source)
    pack = packing.pack(("problem", [first]))
    issued(pack)

    impact = impact_of(source)

    assert impact == Impact(
        statistics=(first, second),
        claims=(claim,),
        asks=(ask,),
        packs=(pack,),
        copies=impact.copies,
        items=impact.items,
    )
    assert recipients(impact) == ["Lady Two", "Lord One"]
    assert {item.pk for item in impact.items} == {source.pk, first.pk, second.pk}


def test_a_pack_with_other_figures_of_the_same_measure_is_not_touched() -> None:
    first, second = packing.figure("1,437", 2016), packing.figure("259", 2016, area=force())
    issued(packing.pack(("problem", [second])))

    impact = impact_of(first)

    assert (impact.packs, impact.copies) == ((), ())


def force():
    return make.area("W15000004", "Gwent")


def test_what_rests_on_an_account() -> None:
    covered = make.covered(Channel.BRIEFING_PACK, title="In a pack")
    packing.stage()
    ask = linked(rows.ask(), testimony_version=covered.version)
    pack = packing.pack(("case_study", [covered.version]))
    issued(pack)

    impact = impact_of(covered.version.testimony)

    assert impact == Impact(
        statistics=(), claims=(), asks=(ask,), packs=(pack,), copies=impact.copies, items=()
    )
    assert recipients(impact) == ["Lady Two", "Lord One"]


def test_an_account_on_the_website_is_an_item() -> None:
    covered = making.on_website()

    impact = impact_of(covered.version.testimony)

    assert [item.pk for item in impact.items] == [covered.version.testimony.public_id]


def test_what_has_expired_is_no_item_though_its_row_is_still_there() -> None:
    covered = making.on_website()
    past = "UPDATE publishing_publisheditem SET expires_at = now() - interval '1 minute'"
    run_past_the_rules("publishing_publisheditem", past)

    assert PublishedItem.objects.exists()
    assert impact_of(covered.version.testimony).items == ()
