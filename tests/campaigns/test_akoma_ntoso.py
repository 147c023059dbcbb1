"""Marshalled lists in Parliament's XML: what is read of them, what is refused, what comes in."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from campaigns.akoma_ntoso import LARGEST, Signatory, read_list
from campaigns.importing import Match, bring_in, preview
from campaigns.issuing import issue
from campaigns.models import (
    Amendment,
    AmendmentAsPublished,
    Bill,
    CameFrom,
    MarshalledList,
    Member,
    Sponsor,
    Stage,
    SyncChange,
)
from campaigns.parliament.naming import NamingPack, packs_naming
from campaigns.printing import Line
from evidence.refusing import Refused
from tests import factories as make
from tests.campaigns import packing
from tests.campaigns.lists import NEW_CLAUSE, made_amendment, made_list, needs_samples, sample
from tests.config import desk_rows as rows
from tests.evidence.test_review_admin import client_of
from tests.publishing.making import body_of

DTD = '<!DOCTYPE x [<!ENTITY a "aaaa">]>'


def test_a_list_is_read_with_its_date_its_names_and_its_structured_lines():
    listed = made_amendment(
        "104", NEW_CLAUSE, (("Lord Example", 12), ("Lady Other", 13)), "It sets up a body."
    )

    read = read_list(made_list(listed, varPublishDate="2023-07-04", varBillNo="HL Bill 87"))

    assert (read.bill_title, read.house, read.stage) == ("Example Bill", "lords", "Report")
    assert (read.listed_on, read.bill_print) == (date(2023, 7, 4), "HL Bill 87")
    [amendment] = read.amendments
    assert (amendment.number, amendment.place) == ("104", "After Clause 17")
    assert (amendment.title, amendment.explanatory_statement) == (
        "Body for children",
        "It sets up a body.",
    )
    assert amendment.signatories == (
        Signatory("Lord Example", 12, leads=True),
        Signatory("Lady Other", 13),
    )
    assert amendment.lines == (
        Line("After Clause 17, insert the following new Clause—"),
        Line("“Body for children", 1),
        Line("(1) There is to be a body.", 1, True),
        Line("(2) It must—", 1, True),
        Line("(a) listen, and", 2, True),
        Line("(b) report.”", 2, True),
    )


@pytest.mark.parametrize(
    ("instruction", "lines"),
    [
        (
            "<mod>Leave out <quotedText>may</quotedText> and insert "
            "<quotedText>must</quotedText></mod>",
            [Line("Leave out “may” and insert “must”")],
        ),
        (
            "<mod>At end insert—<quotedStructure><section><num>3A</num><subsection><num>(1)</num>"
            "<content><p>Words.</p></content></subsection></section></quotedStructure>, and</mod>",
            [Line("At end insert—"), Line("“3A (1) Words.”, and", 1, True)],
        ),
    ],
)
def test_quoted_words_and_numbers_that_stand_together_are_printed_as_the_list_prints_them(
    instruction, lines
):
    [amendment] = read_list(made_list(made_amendment("1", instruction))).amendments

    assert list(amendment.lines) == lines


@pytest.mark.parametrize("written", ["9999-12-31", "soon", ""])
def test_a_date_that_is_not_given_is_not_known(written):
    assert read_list(made_list(made_amendment(), varPublishDate=written)).listed_on is None


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"not XML at all", "it is not well-formed XML"),
        (b"", "it is not well-formed XML"),
        (b"<html><body/></html>", "it is a document of the kind “html”"),
        (b"<x>" * 300 + b"</x>" * 300, "nested too deeply"),
        (f"{DTD}<x>&a;</x>".encode(), "declares entities or a document type"),
        (b" " * (LARGEST + 1), "larger than 8 MB"),
        (made_list(), "it has no amendments"),
        (
            made_list(
                made_amendment(""),
            ),
            "has no number",
        ),
        (made_list(made_amendment("7"), made_amendment("7")), "numbers two amendments 7"),
    ],
)
def test_what_is_no_marshalled_list_is_refused_in_one_sentence(data, sentence):
    with pytest.raises(Refused, match=sentence) as refused:
        read_list(data)

    assert str(refused.value).count(". ") == 0


@needs_samples
@pytest.mark.parametrize(
    ("name", "bill", "day", "numbers"),
    [
        (
            "datapro_rm_rep_0825.xml",
            "Data Protection and Digital Information (No. 2) Bill",
            date(2023, 8, 25),
            ["NC1", "NC2"],
        ),
        (
            "econactivity_rm_rep_0918.xml",
            "Economic Activity of Public Bodies (Overseas Matters) Bill",
            date(2023, 9, 18),
            ["1", "2", "3", "4", "5", "6"],
        ),
    ],
)
def test_parliaments_own_samples_are_read(name, bill, day, numbers):
    read = read_list(sample(name))

    assert (read.bill_title, read.house, read.stage) == (bill, "commons", "Report Stage")
    assert (read.listed_on, [each.number for each in read.amendments]) == (day, numbers)
    assert all(each.lines and each.signatories[0].leads for each in read.amendments)


@needs_samples
def test_names_come_with_parliaments_own_ids():
    first = read_list(sample("datapro_rm_rep_0825.xml")).amendments[0]

    assert first.signatories[:2] == (
        Signatory("Jane Hunt", 4839, leads=True),
        Signatory("Peter Aldous", 4069),
    )


@pytest.fixture
def stage(db):
    return packing.stage()


def of(*amendments: str, **facts: str):
    return read_list(made_list(*amendments, **facts))


def test_a_preview_matches_by_number_within_the_stage_and_writes_nothing(stage):
    wording = "Clause 3, page 3, line 7, leave out subsection (7)"
    same = packing.amendment(stage, [wording], slug="a", number="1", position_in_bill="")
    Sponsor.objects.create(amendment=same, member=packing.member(), role="lead")
    packing.amendment(stage, ["Other words"], slug="b", number="2")
    packing.amendment(stage, slug="c", number="9")

    shown = preview(of(*map(made_amendment, ("1", "2", "3"))), stage)

    assert [(row.listed.number, row.match, row.differs) for row in shown.rows] == [
        ("1", Match.DIFFERS, ("its place in the bill",)),
        (
            "2",
            Match.DIFFERS,
            ("its wording", "its place in the bill", "names: Lord Example"),
        ),
        ("3", Match.NEW, ()),
    ]
    assert [each.number for each in shown.missing] == ["9"]
    assert Amendment.objects.count() == 3


def test_what_comes_in_is_a_draft_with_its_lines_names_and_list(stage):
    read = of(
        made_amendment("104", NEW_CLAUSE, (("Lord Example", 12), ("Lady Other", 13)), "Why."),
        varPublishDate="2023-07-04",
        varBillNo="HL Bill 87",
    )

    [made] = bring_in(preview(read, stage), ["104"], by=make.user("officer")).amendments

    made = Amendment.objects.get(pk=made.pk)
    stands = made.stands()
    assert (made.title, made.review_state) == ("Body for children", "draft")
    assert (stands.number, stands.place, stands.explanatory_statement) == (
        "104",
        "After Clause 17",
        "Why.",
    )
    assert [(line.text, line.indent, line.hanging) for line in stands.lines] == [
        (line.text, line.indent, line.hanging) for line in read.amendments[0].lines
    ]
    assert [(str(each), each.member.parliament_id) for each in made.sponsors.all()] == [
        ("Lord Example (lead)", 12),
        ("Lady Other (added their name)", 13),
    ]
    listed = MarshalledList.objects.get()
    assert (listed.stage, listed.date, listed.print.number) == (
        stage,
        date(2023, 7, 4),
        "HL Bill 87",
    )


def test_of_a_print_and_a_list_that_were_typed_and_read_parliaments_own_are_cited(stage):
    read = of(made_amendment("1"), varPublishDate="2023-07-04", varBillNo="HL Bill 87")
    typed, synced = (
        stage.bill.prints.create(number="HL Bill 87", parliament_id=each) for each in (None, 5)
    )

    bring_in(preview(read, stage), ["1"], by=make.user("officer"))

    listed = MarshalledList.objects.get()
    assert (listed.print, set(stage.bill.prints.all())) == (synced, {typed, synced})
    stage.marshalled_lists.create(name=listed.name, date=listed.date, parliament_id=6)
    again = of(made_amendment("2"), varPublishDate="2023-07-04", varBillNo="HL Bill 87")
    bring_in(preview(again, stage), ["2"], by=make.user("officer"))
    assert MarshalledList.objects.count() == 2


def test_bills_that_begin_alike_and_stages_without_a_place_each_keep_their_amendments(stage):
    officer, bill = make.user("officer"), stage.bill
    begins = "protection-of-children-and-young-persons-"
    Bill.objects.filter(pk=bill.pk).update(slug=f"{begins}bill")
    second = Bill.objects.create(
        slug=f"{begins}no-2-bill", title="Example Bill", last_edited_by=officer
    )
    stages = [
        stage,
        bill.stages.create(house="lords", name="Committee"),
        second.stages.create(house="lords", name="Report"),
    ]

    for each in stages:
        at = Stage.objects.select_related("bill").get(pk=each.pk)
        bring_in(preview(of(made_amendment("7")), at), ["7"], by=officer)

    kept = Amendment.objects.order_by("created_at").values_list("stage", "slug")
    slug = f"{begins[:40]}-lords-0-7"
    assert list(kept) == [
        (each.pk, told) for each, told in zip(stages, (slug, f"{slug}-2", f"{slug}-3"), strict=True)
    ]


def test_the_same_list_twice_changes_nothing(stage):
    read = of(made_amendment("1"))
    bring_in(preview(read, stage), ["1"], by=make.user("officer"))

    again = preview(read, stage)

    assert [row.match for row in again.rows] == [Match.SAME]
    with pytest.raises(Refused, match="Nothing of what you chose"):
        bring_in(again, ["1"], by=make.user("officer"))


def test_a_new_wording_replaces_the_old_and_a_member_is_found_by_id(stage):
    known = packing.member("The Lord Example", parliament_id=1)
    bring_in(preview(of(made_amendment("1")), stage), ["1"], by=make.user("officer"))
    other = made_amendment("1", "Clause 3, page 3, line 7, leave out “may”")

    [made] = bring_in(preview(of(other), stage), ["1"], by=make.user("officer")).amendments

    assert made.stands().text == "Clause 3, page 3, line 7, leave out “may”"
    assert [each.member for each in made.sponsors.all()] == [known]
    assert Member.objects.count() == 1
    assert [row.match for row in preview(of(other), stage).rows] == [Match.SAME]


def test_a_new_wording_reaches_the_website_and_the_alerts_and_names_the_packs(stage):
    [amendment] = bring_in(
        preview(of(made_amendment("1")), stage), ["1"], by=make.user("officer")
    ).amendments
    packing.approved(amendment)
    pack = packing.pack(("amendment", [amendment]), stage=stage)
    to = [packing.member("Lady Reader")]
    version = issue(packing.approved(pack), to=to, by=make.user("lead"))
    packing.ask().amendment_links.create(amendment=amendment, relation="delivers")
    names = (("Lord Example", 1), ("Lady Other", 13))
    other = made_amendment("1", "Clause 3, page 3, line 7, leave out “may”", names)

    said = through_the_desk(stage, other)

    shown = "Clause 3, page 3, line 7, leave out “may”"
    amendment.refresh_from_db()
    assert (amendment.is_approved, body_of(amendment)["text"]) == (True, shown)
    told = SyncChange.objects.order_by("pk")
    assert [(each.kind, each.is_ours, packs_naming(each)) for each in told] == [
        ("text_changed", True, [NamingPack(version, "wording")]),
        ("sponsors_changed", True, [NamingPack(version, "names")]),
    ]
    assert said[1:] == [
        f"{amendment}: {version} prints the old wording.",
        f"{amendment}: {version} prints the old names.",
    ]


def through_the_desk(stage, *listed: str) -> list[str]:
    """What the page says after all of a list was brought in."""
    client = client_of(rows.person("officer"))
    file = SimpleUploadedFile("list.xml", made_list(*listed))
    looked = client.post(
        reverse("admin:amendment_import"), {"file": file, "stage": stage.pk}, follow=True
    )
    chosen = [row.listed.number for row, _ in looked.context["rows"]]
    ticked = {"file": looked.context["sha256"], "chosen": chosen}
    done = client.post(reverse("admin:amendment_import_preview"), ticked, follow=True)
    return [str(message) for message in done.context["messages"]]


def test_another_place_is_told_and_waits_for_its_approval(stage):
    place = "Clause 3, page 3, line 7"
    typed = packing.amendment(stage, ["Leave out “may”"], slug="a", number="1")

    bring_in(preview(of(made_amendment("1")), stage), ["1"], by=make.user("officer"))

    typed.refresh_from_db()
    assert (typed.position_in_bill, typed.review_state) == (place, "draft")
    told = SyncChange.objects.filter(kind="place_changed").values_list("before", "after")
    assert list(told) == [("After Clause 142", place)]
    assert body_of(typed)["text"] == "Leave out “may”"


def test_a_new_one_on_a_watched_clause_is_told(stage):
    stage.bill.watched_clauses.create(clause="Clause 3")
    listed = of(made_amendment("1"), made_amendment("2", "Clause 4, leave out “may”"))

    bring_in(preview(listed, stage), ["1", "2"], by=make.user("officer"))

    told = SyncChange.objects.values_list("kind", "before", "after", "is_ours")
    assert list(told) == [("new_on_watched_clause", "Clause 3", "1", True)]


def test_what_the_sync_keeps_in_step_is_left_to_it(stage):
    bring_in(preview(of(made_amendment("1")), stage), ["1"], by=make.user("officer"))
    published = Amendment.objects.get().as_published
    published.came_from, published.parliament_id = CameFrom.API, 5
    published.save()

    shown = preview(of(made_amendment("1", "Clause 3, leave it out")), stage)

    assert [(row.match, row.may_come_in) for row in shown.rows] == [(Match.IN_STEP, False)]


def test_what_the_sync_read_before_it_had_a_number_is_known_by_its_words(stage):
    """Else it came in a second time, and the sync would never bring the two together."""
    words = ("Clause 3, leave it out", "Clause 4, leave it out", "Clause 4, leave it out")
    listed = of(*(made_amendment(str(number), said) for number, said in enumerate(words)))
    bring_in(preview(listed, stage), ["0", "1", "2"], by=make.user("officer"))
    for number, published in enumerate(AmendmentAsPublished.objects.select_related("amendment")):
        published.came_from, published.parliament_id = CameFrom.API, number
        published.number = published.amendment.number = ""
        published.save()
        published.amendment.save()

    shown = preview(
        of(
            made_amendment("7", "Clause 3, leave it out"),
            made_amendment("8", "Clause 4, leave it out"),
            made_amendment("9", "Clause 5, leave it out"),
        ),
        stage,
    )

    assert [(row.listed.number, row.match) for row in shown.rows] == [
        ("7", Match.IN_STEP),
        ("8", Match.NEW),  # which of the two it is, nobody can tell
        ("9", Match.NEW),
    ]
    assert shown.rows[0].differs[0] == "its number, which the sync will bring"
    with pytest.raises(Refused, match="Nothing of what you chose"):
        bring_in(shown, ["7"], by=make.user("officer"))


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"bill": "Other Bill"}, "The list is of the Other Bill, not of the Example Bill"),
        ({"house": "House of Commons"}, "The list is of the House of Commons"),
    ],
)
def test_a_list_of_another_bill_or_house_is_refused(stage, facts, sentence):
    with pytest.raises(Refused, match=sentence):
        preview(of(made_amendment(), **facts), stage)


def test_an_officer_looks_first_and_then_brings_in_what_is_ticked(stage):
    client = client_of(rows.person("officer"))
    file = SimpleUploadedFile("list.xml", made_list(made_amendment("1"), made_amendment("2")))

    shown = client.post(
        reverse("admin:amendment_import"), {"file": file, "stage": stage.pk}, follow=True
    )
    assert [(row.listed.number, ticked) for row, ticked in shown.context["rows"]] == [
        ("1", True),
        ("2", True),
    ]
    assert not Amendment.objects.exists()
    done = client.post(
        reverse("admin:amendment_import_preview"),
        {"file": shown.context["sha256"], "chosen": ["2"]},
        follow=True,
    )

    assert [each.number for each in Amendment.objects.all()] == ["2"]
    assert "1 amendment came in" in done.content.decode()


def test_a_refusal_stands_at_the_file(stage):
    file = SimpleUploadedFile("list.xml", b"<html/>")

    answer = client_of(rows.person("officer")).post(
        reverse("admin:amendment_import"), {"file": file, "stage": stage.pk}
    )

    assert answer.context["form"].errors["file"] == [
        "This is not a marshalled list in Akoma Ntoso XML: it is a document of the kind “html”."
    ]


def test_a_reader_may_look_at_the_page_and_bring_nothing_in(stage):
    client = client_of(rows.person("reader"))

    assert b'type="file"' not in client.get(reverse("admin:amendment_import")).content
    assert client.post(reverse("admin:amendment_import"), {}).status_code == 403
    assert client.get(reverse("admin:amendment_import_preview")).status_code == 403
