"""A bill's life, replayed: every change is told once, and nothing is linked by itself."""

from dataclasses import replace
from datetime import date

import pytest
from django.test import Client

from campaigns.akoma_ntoso import read_list
from campaigns.composing.placing import group_of
from campaigns.importing import bring_in, preview
from campaigns.issuing import issue
from campaigns.models import Amendment, Ask, Bill, Member, PackVersion, Stage, SyncChange
from campaigns.models.published import hash_of_text
from campaigns.parliament.groupings import keep_groupings
from campaigns.parliament.naming import packs_naming
from evidence.models import ReviewState
from tests import factories as make
from tests.campaigns import packing
from tests.campaigns.lists import made_amendment, made_list
from tests.campaigns.parliament.conftest import read_all
from tests.campaigns.parliament.replay import Replay, replayed
from tests.campaigns.parliament.world import (
    NEXT_STAGE,
    STAGE,
    Json,
    Tabled,
    World,
    member,
    member_item,
    publication,
    stage,
    wording,
)
from tests.config import desk_rows as rows
from tests.evidence.test_review_admin import address_of, client_of
from tests.publishing import making
from tests.publishing.making import body_of

pytestmark = pytest.mark.django_db
Told = list[tuple[str, int | None, str, str, bool]]


@pytest.fixture
def world():
    return World(
        amendments=[
            Tabled(number_id, clause=number_id - 100, lines=wording(number_id))
            for number_id in (101, 102, 103)
        ]
    )


@pytest.fixture
def server(world, bill):
    """Read once, and the second of the three amendments concerns us."""
    with replayed(world) as running:
        read_all(running)
        packing.ask().amendment_links.create(amendment=known(102), relation="delivers")
        running.changed()
        yield running


def known(parliament_id: int) -> Amendment:
    return Amendment.objects.get(as_published__parliament_id=parliament_id)


def told(server: Replay) -> Told:
    """What a reading tells, and that the next one tells nothing more."""
    server.changed()
    before = SyncChange.objects.count()
    read_all(server)
    new = list(SyncChange.objects.order_by("pk")[before:])
    read_all(server)
    assert SyncChange.objects.count() == before + len(new)
    return [
        (
            each.kind,
            each.amendment and each.amendment.as_published.parliament_id,
            each.before,
            each.after,
            each.is_ours,
        )
        for each in new
    ]


def test_a_first_reading_tells_nothing_of_what_nobody_watches(server, bill):
    assert list(SyncChange.objects.all()) == []
    assert [each.number for each in Amendment.objects.all()] == ["", "", ""]
    assert known(101).stands().text == "\n".join(wording(101))


def test_numbered(server, world):
    for number, each in enumerate(world.amendments, start=1):
        each.number = str(number)

    assert told(server) == [
        ("numbered", 101, "", "1", False),
        ("numbered", 102, "", "2", True),
        ("numbered", 103, "", "3", False),
    ]


def test_letters_inserted(server, world):
    world.amendments[1].number = "2A"
    world.amendments.insert(2, Tabled(150, number="2B", lines=wording(150)))

    assert told(server) == [("lettered", 102, "", "2A", True), ("new", 150, "", "2B", False)]


def test_a_number_that_changed(server, world):
    world.amendments[1].number = "2"
    told(server)
    world.amendments[1].number = "5"

    assert told(server) == [("renumbered", 102, "2", "5", True)]
    assert known(102).number == "5"


def test_a_new_one_on_a_watched_clause(server, world, bill):
    bill.watched_clauses.create(clause="Clause 44")
    world.amendments.append(Tabled(151, clause=44, lines=wording(151)))

    assert told(server) == [("new_on_watched_clause", 151, "Clause 44", "", True)]


def test_wording_that_drifts(server, world):
    was = known(102).as_published.text_sha256
    world.amendments[1].lines = wording(102, draft=1)

    now = told(server)

    amendment = known(102)
    assert now == [("text_changed", 102, was[:12], amendment.as_published.text_sha256[:12], True)]
    assert amendment.stands().text == "\n".join(wording(102, draft=1))


def test_names_and_places_and_decisions(server, world):
    world.amendments[1].sponsors = [member(4, isLead=True)]
    told(server)
    world.amendments[1] = replace(
        world.amendments[1], sponsors=[member(5, isLead=True)], decision="NotMoved", clause=9
    )

    assert told(server) == [
        ("place_changed", 102, "clause 2; page 7; line 3", "clause 9; page 7; line 3", True),
        ("decided", 102, "NoDecision", "NotMoved", True),
        ("sponsors_changed", 102, "Lord Example 4", "Lord Example 5", True),
    ]
    assert known(102).decision == "NotMoved"


def test_words_that_we_do_not_know_are_kept_and_told_once_for_a_bill(server, world):
    for each in world.amendments:
        each.more = {"decision": "Overtaken", "amendmentType": "EditPreamble"}
    world.stages[0] = stage(STAGE, "Third Degree", 1)

    found = told(server)

    words = [(kind, after) for kind, _, _, after, _ in found if kind == "unknown_word"]
    assert sorted(words) == [
        ("unknown_word", "EditPreamble"),
        ("unknown_word", "Overtaken"),
        ("unknown_word", "Third Degree"),
    ]
    assert {each.decision for each in Amendment.objects.all()} == {"Overtaken"}


def test_what_vanishes_is_marked_and_may_come_back(server, world):
    gone = world.amendments.pop(1)

    assert told(server) == [("vanished", 102, "", "", True)]
    assert known(102).stands().vanished
    world.amendments.insert(1, gone)
    assert told(server) == [("came_back", 102, "", "", True)]


def test_the_next_stage_has_new_ones_and_likely_ones_are_offered(server, world):
    world.current = NEXT_STAGE
    world.amendments += [
        Tabled(201, stage=NEXT_STAGE, lines=wording(102)),
        Tabled(202, stage=NEXT_STAGE, lines=wording(900)),
    ]

    found = told(server)

    ours, again = known(102), known(201)
    assert found == [
        ("stage_moved", None, "Lords Committee stage", "Lords Report stage", True),
        ("new", 201, "", "", False),
        ("new", 202, "", "", False),
        ("maybe_re_tabled", 201, f"100% like {ours.pk}", "", True),
    ]
    officer = client_of(rows.person("officer"))
    assert f"It reads like {ours} (100%): if it is that, tabled again" in page_of(again, officer)
    assert again.re_tabled_from is None
    Amendment.objects.filter(pk=again.pk).update(re_tabled_from=ours)
    assert "It reads like" not in page_of(again, officer)


def test_a_likely_one_is_offered_whenever_its_forerunner_becomes_ours(server, world):
    world.current = NEXT_STAGE
    again, other = Tabled(201, stage=NEXT_STAGE), Tabled(202, stage=NEXT_STAGE)
    again.lines, other.lines = wording(103), wording(101)
    world.amendments += [again, other]
    told(server)
    Ask.objects.get().amendment_links.create(amendment=known(103), relation="delivers")

    assert told(server) == [("maybe_re_tabled", 201, f"100% like {known(103).pk}", "", True)]


def test_a_likely_one_is_offered_when_its_wording_arrives(server, world):
    world.current = NEXT_STAGE
    world.amendments.append(Tabled(201, stage=NEXT_STAGE))
    told(server)
    world.amendments[-1].lines = wording(102)

    assert told(server) == [("maybe_re_tabled", 201, f"100% like {known(102).pk}", "", True)]


def page_of(amendment: Amendment, officer: Client) -> str:
    return officer.get(address_of(amendment, "change")).content.decode()


def test_a_new_print_and_a_marshalled_list(server, world, bill):
    world.publications = [publication(1, "HL Bill 7 (Rev)"), publication(2, "Notes", "Notes")]
    world.stage_publications = {STAGE: [publication(3, "Second Marshalled List", "Amendments")]}

    assert told(server) == [("new_print", None, "", "HL Bill 7 (Rev)", True)]
    assert list(bill.prints.values_list("number", "house")) == [("HL Bill 7 (Rev)", "lords")]
    held = bill.stages.get(parliament_id=STAGE).marshalled_lists.values_list("name", "print")
    assert list(held) == [("Second Marshalled List", None)]


def test_a_print_and_a_list_that_were_typed_become_parliaments_own(server, world, bill):
    told(server)
    stage = bill.stages.get(parliament_id=STAGE)
    typed, other = (
        bill.prints.create(number=number) for number in ("hl bill 7 (rev)", "HL Bill 7")
    )
    listed = stage.marshalled_lists.create(name="Second Marshalled List", print=typed)
    world.publications = [publication(1, "HL Bill 7 (Rev)")]
    world.stage_publications = {STAGE: [publication(3, "Second Marshalled List", "Amendments")]}

    assert [kind for kind, *_ in told(server)] == ["new_print"]

    prints = dict(bill.prints.values_list("pk", "parliament_id"))
    assert prints == {typed.pk: 1, other.pk: None}
    listed.refresh_from_db()
    assert (listed.parliament_id, listed.print, stage.marshalled_lists.count()) == (3, typed, 1)


def test_a_print_that_was_typed_beside_parliaments_own_goes_into_it(server, world, bill):
    world.publications = [publication(1, "HL Bill 7 (Rev)")]
    told(server)
    stage = bill.stages.get(parliament_id=STAGE)
    typed = bill.prints.create(number="HL Bill 7 (Rev)")
    listed = stage.marshalled_lists.create(name="First Marshalled List", print=typed)

    assert told(server) == []

    listed.refresh_from_db()
    assert listed.print == bill.prints.get()
    assert listed.print.parliament_id == 1


def test_a_member_who_left(server, world):
    world.amendments[0].sponsors = [member(8, isLead=True)]
    world.members = {8: member_item(8)}
    told(server)
    person = known(101).sponsors.get().member
    world.members = {8: member_item(8, left="2026-01-05")}
    type(person).objects.update(read_at="2020-01-01T00:00:00Z")

    assert told(server) == [
        ("member_changed", None, "Crossbench, House of Lords", "left on 2026-01-05", False)
    ]


def test_a_member_who_is_named_anew(server, world):
    world.amendments[0].sponsors = [member(8, isLead=True)]
    world.members = {8: member_item(8)}
    told(server)
    shown = making.approved(known(101))
    world.members = {8: named(member_item(8), "Baroness Example", house=1)}
    Member.objects.update(read_at="2020-01-01T00:00:00Z")

    assert told(server) == [
        (
            "member_changed",
            None,
            "Lord Example 8, Crossbench, House of Lords",
            "Baroness Example, Crossbench, House of Commons",
            False,
        )
    ]
    assert [str(each) for each in shown.sponsors.all()] == ["Baroness Example (lead)"]
    assert [each["name"] for each in body_of(shown)["sponsors"]] == ["Baroness Example"]


def test_a_name_that_another_member_has_here_is_not_given_twice(server, world):
    other = packing.member("Baroness Example")
    world.amendments[0].sponsors = [member(8, isLead=True)]
    world.members = {8: named(member_item(8), "Baroness Example")}

    told(server)

    names = Member.objects.order_by("name").values_list("name", "parliament_id")
    assert list(names) == [(other.name, None), ("Lord Example 8", 8)]


def named(item: Json, name: str, *, house: int = 2) -> Json:
    value = item["value"]
    seat = {**value["latestHouseMembership"], "house": house}
    return {"value": {**value, "nameDisplayAs": name, "latestHouseMembership": seat}}


def test_what_was_typed_is_recognised_by_its_number_and_kept(world, bill):
    at = bill.stages.create(house="lords", name="Committee")
    typed = making.amendment(at, number="7A", title="Our own title", decision="")
    world.amendments[0].number = "7A"

    with replayed(world) as server:
        read_all(server)

    typed.refresh_from_db()
    at.refresh_from_db()
    assert (typed.title, typed.as_published.parliament_id) == ("Our own title", 101)
    assert (at.parliament_id, at.name, at.name_as_published) == (
        STAGE,
        "Committee",
        "Committee stage",
    )
    assert bill.stages.count() == 2
    assert [each.kind for each in SyncChange.objects.all()] == ["recognised"]


def typed_and_sent(server: Replay, *lines: str) -> tuple[Amendment, PackVersion]:
    """While Parliament listed no amendment yet."""
    read_all(server)
    at = Stage.objects.get(parliament_id=STAGE)
    typed = packing.amendment(at, lines, number="7", decision="Agreed", parliament_id=101)
    packing.ask().amendment_links.create(amendment=typed, relation="delivers")
    typed.sponsors.create(member=packing.member("Lady Typed"), role="lead")
    return typed, issued_with(typed, "typed")


def test_what_parliament_says_otherwise_than_was_typed_is_told_once_with_its_packs(bill):
    said = Tabled(101, number="9", lines=["Leave it out"], decision="NotMoved")
    said.sponsors = [member(5, isLead=True)]
    world = World()

    with replayed(world) as server:
        typed, version = typed_and_sent(server, "Leave out “may”")
        world.amendments = [said]
        found = told(server)

        assert told(server) == []

    was, now = (hash_of_text(text)[:12] for text in ("Leave out “may”", "Leave it out"))
    assert found == [
        ("recognised", 101, "", "9", True),
        ("renumbered", 101, "7", "9", True),
        ("text_changed", 101, was, now, True),
        ("decided", 101, "Agreed", "NotMoved", True),
        ("sponsors_changed", 101, "Lady Typed", "Lord Example 5", True),
    ]
    assert {
        change.kind: [(each.version, each.part) for each in packs_naming(change)]
        for change in typed.sync_changes.all()
    } == {
        "recognised": [],
        "renumbered": [(version, "number")],
        "text_changed": [(version, "wording")],
        "decided": [(version, "decision")],
        "sponsors_changed": [(version, "names")],
    }


def test_what_was_typed_stands_until_parliament_says_otherwise(bill):
    world = World()
    nothing = dict.fromkeys(("decision", "sponsors", "amendmentLines"))
    silent = Tabled(101, more=nothing)

    with replayed(world) as server:
        typed, _ = typed_and_sent(server, "Leave out “may” or", "“must”")
        world.amendments = [silent]
        assert told(server) == [("recognised", 101, "", "101", True)]
        world.amendments = [replace(silent, clause=3)]
        assert [kind for kind, *_ in told(server)] == ["place_changed"]
        typed = Amendment.objects.get(pk=typed.pk)
        assert (typed.number, typed.decision) == ("7", "Agreed")
        assert typed.stands().text == "Leave out “may” or\n“must”"

        words = ['Leave out "may" or "must"']
        said = replace(silent, clause=3, number="7", lines=words, more={"sponsors": None})
        world.amendments = [replace(said, decision="Agreed")]
        assert told(server) == []


def test_the_alert_of_what_was_recognised_says_nothing_of_packs(bill):
    world = World()

    with replayed(world) as server:
        typed_and_sent(server, "Leave out “may”")
        world.amendments = [Tabled(101, number="7", lines=["Leave it out"], decision="Agreed")]
        told(server)

    officer = client_of(rows.person("officer"))
    recognised, text = (
        officer.get(address_of(SyncChange.objects.get(kind=kind), "change")).content.decode()
        for kind in ("recognised", "text_changed")
    )
    assert "issued pack" not in recognised
    assert "prints the old wording." in text


def test_an_amendment_joins_the_group_that_was_pasted_before_its_number_was_read(server, world):
    ours = known(102)
    keep_groupings(ours.stage, "17 July 2023\nGroup 4 (Advocacy)\n2\n2A, 2")
    keep_groupings(ours.stage, "19 July 2023\nGroup 1 (Offences)\n2, 3")
    world.amendments[1].number = "2"

    assert told(server) == [
        ("numbered", 102, "", "2", True),
        ("grouped", 102, "", "Group 4: Advocacy", True),
        ("grouped", 102, "Group 4: Advocacy, on 17 July 2023", "Group 1: Offences", True),
    ]
    assert str(group_of(known(102), at=date(2023, 7, 17))) == "Group 4: Advocacy"


def test_what_a_marshalled_list_brought_in_is_read_on_as_the_same_amendment(world, bill):
    at = bill.stages.create(house="lords", name="Committee")
    officer = make.user("officer")
    listed = (made_amendment("7", "Clause 3, leave out “may”"), made_amendment("8"))
    read = read_list(made_list(*listed, bill="Made-up Bill"))
    seven, eight = bring_in(preview(read, at), ["7", "8"], by=officer).amendments
    packing.ask().amendment_links.create(amendment=seven, relation="delivers")
    world.amendments = [
        Tabled(101, number="7", lines=["Clause 3,", 'leave out "may"'], decision="Agreed"),
        Tabled(102, number="8", lines=["Other words"]),
    ]

    with replayed(world) as server:
        read_all(server)

    assert Amendment.objects.count() == 2
    assert (known(101), known(102)) == (seven, eight)
    assert (known(101).decision, known(101).as_published.came_from) == ("Agreed", "api")
    told_of = SyncChange.objects.order_by("pk").values_list("kind", "amendment", "is_ours")
    assert set(told_of) == {
        ("recognised", seven.pk, True),
        ("decided", seven.pk, True),
        ("sponsors_changed", seven.pk, True),
        ("recognised", eight.pk, False),
        ("sponsors_changed", eight.pk, False),
        ("text_changed", eight.pk, False),
    }


def test_a_number_that_a_stage_has_twice_is_nobody_s(world, bill):
    at = bill.stages.create(house="lords", name="Committee")
    read = read_list(made_list(made_amendment("7"), bill="Made-up Bill"))
    [listed] = bring_in(preview(read, at), ["7"], by=make.user("officer")).amendments
    typed = making.amendment(at, number="7")
    world.amendments[0].number = "7"

    with replayed(world) as server:
        read_all(server)

    assert set(Amendment.objects.filter(number="7")) == {listed, typed, known(101)}
    assert known(101) not in (listed, typed)


def test_the_website_follows_an_approved_one_without_a_review(server, world):
    amendment = making.approved(known(102))
    world.amendments[1] = replace(world.amendments[1], number="2", decision="Agreed")
    server.changed()

    read_all(server)

    amendment.refresh_from_db()
    shown = body_of(amendment)
    assert amendment.review_state == ReviewState.APPROVED
    assert (shown["number"], shown["decision"], shown["parliament_id"]) == ("2", "Agreed", 102)
    assert shown["text"] == "\n".join(wording(102))


def issued_with(amendment: Amendment, slug: str = "with-it") -> PackVersion:
    pack = packing.pack(("amendment", [amendment]), stage=amendment.stage, slug=slug)
    to = [packing.member(f"Reader of {slug}")]
    return issue(packing.approved(pack), to=to, by=make.user("lead"))


def test_issued_packs_that_name_the_old_number_group_print_place_or_wording(server, world, bill):
    world.amendments[1].number = "2"
    world.publications = [publication(1, "HL Bill 7")]
    told(server)
    amendment = packing.approved(known(102))
    keep_groupings(amendment.stage, "17 July 2023\nGroup 4 (Advocacy)\n2")
    version = issued_with(amendment)
    other = issued_with(packing.approved(known(103)), slug="without-it")
    before = SyncChange.objects.count()
    world.publications.append(publication(2, "HL Bill 7 (Rev)"))
    world.amendments[1] = replace(
        world.amendments[1],
        number="3",
        lines=wording(102, draft=1),
        clause=9,
        decision="Agreed",
    )
    told(server)
    keep_groupings(amendment.stage, "19 July 2023\nGroup 4 (Advocacy)\n3")

    named = {
        change.kind: {(each.version, each.part) for each in packs_naming(change)}
        for change in SyncChange.objects.order_by("pk")[before:]
    }

    assert named == {
        "new_print": {(other, "print"), (version, "print")},
        "renumbered": {(version, "number")},
        "text_changed": {(version, "wording")},
        "place_changed": {(version, "place")},
        "decided": {(version, "decision")},
        "grouped": {(version, "group")},
    }


def test_packs_of_the_new_print_already_or_without_the_group_are_not_named(server, world, bill):
    no_page = {"pageNumber": None, "lineNumber": None}
    world.amendments = [Tabled(102, number="2", lines=["Leave it out"], more=no_page)]
    told(server)
    amendment = packing.approved(known(102))
    bill.prints.create(number="HL Bill 7", house="lords")
    older = issued_with(amendment, slug="older")
    bill.prints.create(number="HL Bill 7 (Rev)", house="lords", published_on="2026-03-01")
    issued_with(amendment, slug="ahead")
    world.publications = [publication(2, "HL Bill 7 (Rev)")]
    told(server)
    keep_groupings(amendment.stage, "Group 4\n2")
    keep_groupings(amendment.stage, "Group 5\n2")

    new_print = SyncChange.objects.get(kind="new_print")
    assert [each.version for each in packs_naming(new_print)] == [older]
    grouped = SyncChange.objects.filter(kind="grouped")
    assert [packs_naming(one) for one in grouped] == [[], []]


def test_a_bill_with_no_number_there_is_refused(server):
    other = Bill.objects.create(slug="x", title="X", last_edited_by=make.user("officer"))
    from campaigns.parliament.client import Client
    from campaigns.parliament.sync import sync
    from evidence.refusing import Refused

    with Client(server.url) as client, pytest.raises(Refused, match="has no number at Parliament"):
        sync(other, client, None)


@pytest.mark.parametrize(
    ("house", "typed", "said"),
    [
        ("commons", "Introduced", "1st reading"),
        ("commons", "Public Bill Committee", "Committee stage"),
        ("lords", "Third reading", "3rd reading"),
    ],
)
def test_a_stage_is_parliaments_whatever_people_call_it(bill, house, typed, said):
    at = bill.stages.create(house=house, name=typed)
    world = World()
    world.stages.append({**stage(99, said, 9), "house": house.capitalize()})

    with replayed(world) as server:
        read_all(server)

    at.refresh_from_db()
    assert (at.parliament_id, at.name, at.name_as_published) == (99, typed, said)


def test_a_decision_that_was_typed_as_it_is_printed_is_parliaments(bill):
    world = World()
    with replayed(world) as server:
        read_all(server)
        at = Stage.objects.get(parliament_id=STAGE)
        typed = packing.amendment(at, number="7", decision="Not moved", parliament_id=101)
        world.amendments = [Tabled(101, number="7", decision="NotMoved")]
        found = told(server)

    typed.refresh_from_db()
    assert (typed.decision, [each[0] for each in found]) == ("NotMoved", ["recognised"])
