"""The desk: every page for those who may see it, refused to others, quick whatever is there."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import Amendment, Ask, Pack
from config.navigation import ADMINISTRATORS, OFFICERS
from config.overview import overview
from config.roles import ROLES, ensure_roles
from evidence import review
from evidence.models import Claim, Consent, Contributor, Source, Statistic, Testimony
from publishing.lookups import UNWRITABLE
from tests.config import desk_rows as rows
from tests.prove import addresses

pytestmark = pytest.mark.django_db

SHOWN = sorted(admin.site._registry, key=lambda model: model._meta.label_lower)
WRITTEN_ELSEWHERE = {
    "campaigns.Copy",
    "campaigns.Delivery",
    "campaigns.Notice",
    "campaigns.PackVersion",
    "campaigns.SyncChange",
    "campaigns.SyncRun",
    "config.DeadLetter",
    "config.Job",
    "config.ScheduledTask",
    "config.WorkerLease",
    "evidence.Alert",
    "evidence.Correction",
    "evidence.ErasureLedger",
    "evidence.ErasureRequest",
    "evidence.PersonSpokenAbout",
    "evidence.RecallTask",
    "evidence.ReportingRestriction",
    "evidence.Snapshot",
    "evidence.TestimonyUse",
    "evidence.VaultLook",
    "evidence.WithdrawalLedger",
    "publishing.Change",
    "publishing.Delivery",
    "publishing.PublishedItem",
}


def page(model: type[Model], name: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_{name}", args=args)


def logged_in(name: str, *roles: str) -> Client:
    client = Client()
    client.force_login(rows.person(name, *roles), "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def everybody():
    """The client of someone who holds every role."""
    return logged_in("everybody", *ROLES)


@pytest.fixture
def officer():
    return logged_in("officer")


@pytest.fixture
def reader():
    return logged_in("reader")


@pytest.mark.long
def test_every_list_and_every_page_opens(everybody):
    rows.everything()
    answers = {}

    for model in SHOWN:
        answers[page(model, "changelist")] = everybody.get(page(model, "changelist")).status_code
        for row in model._default_manager.all()[:2]:
            address = page(model, "change", row.pk)
            answers[address] = everybody.get(address).status_code

    assert {address: code for address, code in answers.items() if code != 200} == {}


def test_a_list_that_is_asked_for_bytes_or_a_range_is_no_error_of_ours(everybody):
    asked = [
        f"{page(model, 'changelist')}?{field.name}=no-such"
        for model in SHOWN
        for field in model._meta.concrete_fields
        if isinstance(field, UNWRITABLE)
    ]

    answers = {address: everybody.get(address).status_code for address in asked}

    assert len(answers) > 15
    assert set(answers.values()) == {400}


@pytest.mark.long
def test_an_address_that_names_no_record_is_no_error_of_ours(everybody):
    """Mistyped, cut short, or of a record that was deleted."""
    routes = [route for route, _ in addresses.routes() if "object_id>" in route]
    pages = [re.sub("<[^>]+>", "no-such-record", f"/{route}") for route in routes]

    answers = {page: everybody.get(page).status_code for page in pages}

    assert len(answers) > 100
    assert {page: code for page, code in answers.items() if code not in {302, 403, 404}} == {}


@pytest.mark.long
def test_what_is_written_elsewhere_is_not_added_here(everybody):
    refused = {
        model._meta.label for model in SHOWN if everybody.get(page(model, "add")).status_code == 403
    }

    assert refused == WRITTEN_ELSEWHERE


def test_a_stranger_is_shown_the_door(client):
    addresses = [page(model, "changelist") for model in SHOWN]

    answers = {client.get(address).headers.get("Location", "") for address in addresses}

    assert all(answer.startswith("/admin/login/?next=") for answer in answers)


def test_a_reader_sees_no_testimony(reader):
    rows.everything()

    seen = {
        model._meta.model_name
        for model in SHOWN
        if reader.get(page(model, "changelist")).status_code == 200
    }

    assert not seen & {
        "testimony",
        "testimonyversion",
        "restrictedaccount",
        "contributor",
        "consent",
        "testimonyuse",
        "recalltask",
        "packversion",
        "copy",
        "membercontact",
        "user",
    }
    assert {"source", "statistic", "claim", "ask", "bill", "pack"} <= seen


def test_a_reader_changes_nothing(reader):
    of = rows.source()

    answer = reader.post(page(Source, "change", of.pk), {"title": "Mine now"})

    of.refresh_from_db()
    assert (answer.status_code, of.title) == (403, "Report example-1")


def test_a_preview_prints_accounts_so_a_reader_gets_none(reader):
    pack = rows.pack()

    answer = reader.get(reverse("admin:campaigns_pack_preview", args=[pack.pk, "txt"]))

    assert answer.status_code == 403


def test_an_officer_previews_a_pack(officer):
    pack = rows.pack()

    answer = officer.get(reverse("admin:campaigns_pack_preview", args=[pack.pk, "txt"]))

    assert answer.status_code == 200
    assert b"Preview: not issued" in answer.content


def test_who_answers_for_people_alone_sees_who_gave_an_account():
    ensure_roles()

    may_see = {
        role
        for role in ROLES
        if logged_in(role).get(page(Contributor, "changelist")).status_code == 200
    }

    assert may_see == {"safeguarding lead", "data-protection officer"}


@pytest.mark.parametrize("role", ROLES)
def test_nobody_is_a_superuser(role):
    assert not rows.person(role).is_superuser


def test_roles_made_twice_are_the_same():
    ensure_roles()
    before = set(Permission.objects.values_list("group__name", "codename"))

    ensure_roles()

    assert set(Permission.objects.values_list("group__name", "codename")) == before


NAMES_SAY_IT = """
    act_title age_at_consent amendment answer area ask audience bill campaign channel collected_by
    collected_on consent contact_email contact_name contact_phone contributor date decided_on
    decision email event_time excerpt explanatory_statement gap gss_code heading house identity
    indication_method jurisdiction kind layout level measure member name note objection
    organisation organisations origin outcome parent party period publisher purpose qualifier
    replaces retracted_on role royal_assent_on snapshot source sources speaker stage start
    statement statistic status taken_at testimony testimony_version text title type unit url
    website
"""


@pytest.mark.long
def test_every_field_says_what_to_write_unless_its_name_does(everybody):
    silent = set()

    for model in SHOWN:
        if model._meta.app_label in {"campaigns", "evidence"}:
            page_to_fill = everybody.get(page(model, "add"))
            silent |= unexplained(page_to_fill.context) if page_to_fill.context else set()

    assert silent - set(NAMES_SAY_IT.split()) == set()


def test_a_statistic_is_called_a_figure_wherever_one_is_chosen(everybody):
    answers = [everybody.get(page(model, "add")) for model in (Claim, Ask)]

    labels = {
        inline.formset.empty_form.fields["statistic"].label
        for answer in answers
        for inline in answer.context["inline_admin_formsets"]
        if "statistic" in inline.formset.empty_form.fields
    }

    assert labels == {"Figure"}


def test_a_tab_is_called_what_its_page_is_called(everybody):
    pages = {name: title for room in OFFICERS for name, title in room.pages.items()}
    for more in ("evidence_source_import", "amendment_import"):
        pages.pop(more)  # "More": its page says what

    titles = {name: everybody.get(reverse(f"admin:{name}")).context["title"] for name in pages}

    assert titles == pages


def unexplained(context: Mapping[str, Any]) -> set[str]:
    if "adminform" not in context:
        return set()
    forms = [context["adminform"].form]
    forms += [each.formset.empty_form for each in context["inline_admin_formsets"]]
    return {
        name
        for form in forms
        for name, field in form.fields.items()
        if not field.help_text and not field.widget.is_hidden and name not in {"id", "DELETE"}
    }


def menu(client: Client) -> list[str]:
    groups = client.get(reverse("admin:index")).context["sidebar_navigation"]
    return [item["title"] for group in groups for item in group["items"]]


def test_an_officer_sees_seven_items(officer):
    assert menu(officer) == ["Sources", "Figures", "Testimony", "Asks", "Bill", "Packs", "Website"]


def test_a_reader_is_not_offered_testimony(reader):
    assert menu(reader) == ["Sources", "Figures", "Asks", "Bill", "Packs", "Website"]


def test_an_administrator_has_people_and_background_work_too():
    assert menu(logged_in("administrator"))[8:] == ["People", "Background work"]


def test_every_list_opens_from_the_menu():
    in_menu = {model for room in OFFICERS + ADMINISTRATORS for model in room.tabs}

    assert {model._meta.label_lower for model in SHOWN} == in_menu


def queries_of(client: Client, address: str) -> int:
    client.get(address)  # what is looked up once for all, as content types
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    ("model", "make"),
    [
        (Source, rows.source),
        (Statistic, rows.statistic),
        (Claim, rows.claim),
        (Testimony, rows.consent),
        (Consent, rows.consent),
        (Ask, rows.ask),
        (Amendment, rows.amendment),
        (Pack, rows.pack),
    ],
)
def test_a_list_asks_the_same_of_the_database_with_one_row_and_with_three(
    everybody, model: type[Model], make: Callable[[int], object]
):
    make(1)
    with_one = queries_of(everybody, page(model, "changelist"))
    make(2)
    make(3)

    assert queries_of(everybody, page(model, "changelist")) == with_one


def test_the_first_page_asks_the_same_with_one_record_waiting_and_with_three(everybody):
    author = rows.person("officer")
    review.submit(rows.source(1), by=author)
    with_one = queries_of(everybody, reverse("admin:index"))
    review.submit(rows.source(2), by=author)
    review.submit(rows.claim(3), by=author)

    assert queries_of(everybody, reverse("admin:index")) == with_one


def test_what_waits_is_told_to_a_colleague_and_what_came_back_to_its_editor():
    author, reviewer = rows.person("officer"), rows.person("reviewer")
    review.submit(rows.source(1), by=author)
    returned = rows.source(2)
    review.submit(returned, by=author)
    review.send_back(returned, by=reviewer, note="Which month?")

    for_reviewer, for_author = overview(reviewer), overview(author)

    assert [item.title for item in for_reviewer.to_review] == ["Report example-1"]
    assert for_reviewer.yours is None  # a reviewer edits nothing
    assert for_author.to_review is None
    assert [(item.title, item.note) for item in for_author.yours.sent_back] == [
        ("Report example-2", "Which month?")
    ]


def test_yours_are_the_drafts_and_what_a_colleague_reads():
    author = rows.person("officer")
    rows.source(1)
    review.submit(rows.source(2), by=author)

    mine = overview(author).yours

    assert [item.title for item in mine.drafts] == ["Report example-1"]
    assert [item.title for item in mine.in_review] == ["Report example-2"]
    assert overview(rows.person("other", "officer")).yours.is_empty


def test_the_first_page_gives_the_reviewers_note_and_a_way_there(officer):
    author = rows.person("officer")
    returned = rows.source(1)
    review.submit(returned, by=author)
    review.send_back(returned, by=rows.person("reviewer"), note="Which month?")

    answer = officer.get(reverse("admin:index")).content.decode()

    assert "The reviewer wrote: Which month?" in answer
    assert page(Source, "change", returned.pk) in answer
    assert "Awaiting your review" not in answer


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ("officer", "Nothing of yours is open."),
        ("reviewer", "Nothing waits for your review."),
        ("reader", "Nothing waits for you here."),
    ],
)
def test_an_empty_first_page_is_told_kindly(role, words):
    assert words in logged_in(role).get(reverse("admin:index")).content.decode()


def test_a_restricted_account_says_why_it_is_left_out(officer):
    rows.everything()

    answer = officer.get(reverse("admin:evidence_restrictedaccount_changelist"))

    assert "no consent record is held for it" in answer.content.decode()


def test_a_dead_letter_is_tried_again_with_a_button():
    letter = rows.dead_letter()
    client = logged_in("administrator")

    client.post(reverse("admin:config_deadletter_act", args=[letter.pk]), {"act": "replay"})

    letter.refresh_from_db()
    assert letter.replayed_at is not None


def test_a_figure_without_its_words_is_marked(officer):
    rows.statistic()

    answer = officer.get(page(Statistic, "changelist")).content.decode()

    assert "Unanchored" in answer


def test_an_unknown_date_reads_as_not_known(officer):
    rows.source()
    Source.objects.update(published_on=None)

    answer = officer.get(page(Source, "changelist")).content.decode()

    assert "not known" in answer
