"""The composer: what stands in the form is shown and never saved, and lines change their places."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.models import Layout, NoteStyle, Pack, PackItem
from evidence.models import Channel, ReviewState, TestimonyUse
from tests import factories as make
from tests.campaigns import packing
from tests.config import desk_rows as rows

pytestmark = pytest.mark.django_db


def client_of(role: str) -> Client:
    client = Client()
    client.force_login(rows.person(role), "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def officer() -> Client:
    return client_of("officer")


@pytest.fixture
def pack() -> Pack:
    sections = (("summary", [packing.ask()]), ("problem", [packing.figure()]))
    return packing.approved(packing.pack(*sections, notes=NoteStyle.SHORT))


def page(pack: Pack, name: str) -> str:
    return reverse(f"admin:campaigns_pack_{name}", args=[pack.pk])


def typed(client: Client, pack: Pack, **changed: object) -> dict[str, Any]:
    """What the browser would send of its form, with some fields changed."""
    context = client.get(page(pack, "change")).context
    forms = [context["adminform"].form]
    for shown in context["inline_admin_formsets"]:
        forms += [shown.formset.management_form, *shown.formset.forms]
        for section in shown.formset.forms:
            for nested in getattr(section, "nested_formsets", []):
                forms += [nested.formset.management_form, *nested.formset.forms]
    fields = [field for form in forms for field in form]
    values = {field.html_name: field.value() for field in fields}
    sent = {
        name: "" if value is None or value is False else value for name, value in values.items()
    }
    return {**sent, **changed}


def live(client: Client, pack: Pack, **changed: object) -> dict[str, str]:
    answer = client.post(page(pack, "live"), typed(client, pack, **changed))
    assert answer.status_code == 200
    found: dict[str, str] = answer.json()
    return found


# What is shown


def test_words_are_shown_as_they_are_typed_and_nothing_is_saved(officer, pack) -> None:
    before = Pack.objects.values().get()

    found = live(officer, pack, **{"sections-0-text": "Nobody **speaks** for them."})

    assert "<p>Nobody <strong>speaks</strong> for them.</p>" in found["document"]
    assert "PREVIEW" in found["document"].upper()
    assert Pack.objects.values().get() == before
    assert pack.sections.first().text == ""
    assert not TestimonyUse.objects.exists()


def test_a_line_that_is_chosen_and_not_saved_is_shown_too(officer, pack) -> None:
    added = {
        "sections-1-items-TOTAL_FORMS": 2,
        "sections-1-items-1-position": 2,
        "sections-1-items-1-statistic": str(packing.figure("2,061", 2021).pk),
    }

    found = live(officer, pack, **added)

    assert "2,061" in found["document"]
    assert PackItem.objects.filter(section__pack=pack).count() == 2


def test_what_stands_in_it_saved_is_shown_to_who_may_not_change_it(pack) -> None:
    reviewer = client_of("reviewer")

    assert "Give children a body" in reviewer.get(page(pack, "live")).json()["document"]
    assert reviewer.post(page(pack, "live"), {"title": "Mine"}).status_code == 403


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_may_not_read_accounts_is_shown_nothing(pack, method) -> None:
    reader = client_of("reader")

    assert getattr(reader, method)(page(pack, "live")).status_code == 403
    assert b"composer-beside" not in reader.get(page(pack, "change")).content


def test_a_fault_is_told_with_its_section_and_the_form_says_it_at_the_field(officer, pack) -> None:
    wrong = {"sections-1-text": "Fine.\n\n# A head"}

    found = live(officer, pack, **wrong)
    answer = officer.post(page(pack, "change"), typed(officer, pack, **wrong))

    fault = "Line 3: a pack cannot print a heading."
    assert f"Section “The problem”, Text: {fault}" in found["told"]
    assert found["document"] == ""
    sections, *_ = answer.context["inline_admin_formsets"]
    assert sections.formset.errors[1] == {"text": [fault]}


def test_an_account_beyond_consent_is_not_shown_though_it_is_chosen(officer, pack) -> None:
    covered = make.covered(Channel.WEBSITE_FEED, text="Kanarienvogel")
    added = {
        "sections-1-items-TOTAL_FORMS": 2,
        "sections-1-items-1-testimony_version": str(covered.version.pk),
    }

    found = live(officer, pack, **added)

    assert "Kanarienvogel" not in found["document"]
    assert "does not cover this: briefing pack" in found["told"]


def test_a_day_that_a_consent_does_not_reach_is_told_before_it_is_saved(officer) -> None:
    pack = packing.pack(("case_study", [make.covered(text="Kanarienvogel").version]))
    far = packing.day(900)

    found = live(officer, pack, used_on=far.isoformat())

    assert f"before the day of use, {far:%-d %B %Y}" in found["told"]
    assert "Kanarienvogel" in live(officer, pack)["document"]


def test_one_side_that_runs_over_is_told(officer, pack) -> None:
    long = {"layout": Layout.ONE_PAGE, "sections-0-text": "word " * 1500}

    found = live(officer, pack, **long)

    assert "This does not fit one side of A4" in found["told"]
    assert "This does not fit" not in live(officer, pack, layout=Layout.ONE_PAGE)["told"]


def test_a_rule_of_the_database_is_told_as_a_sentence(officer, pack) -> None:
    found = live(officer, pack, **{"sections-1-items-0-as_background": "on"})

    assert "Only an account is included as background." in found["told"]


def test_the_page_names_who_has_no_address_and_says_what_to_know(officer) -> None:
    pack = packing.pack(contact_email="")
    pack.recipients.add(packing.member("Lord Example"))

    text = officer.get(page(pack, "change")).content.decode()

    assert "Lord Example has no e-mail address: hand the copy over, or write one down." in text
    assert "The pack names nobody to write to or ring." in text
    assert "The e-mail has " in text


# Order


def order(pack: Pack) -> list[tuple[int, str]]:
    return list(pack.sections.values_list("position", "heading"))


def test_two_sections_change_places(officer, pack) -> None:
    changed = {"sections-0-position": 1, "sections-1-position": 0}

    officer.post(page(pack, "change"), typed(officer, pack, **changed))

    assert order(pack) == [(0, "The problem"), (1, "The summary")]


def test_numbers_that_are_alike_or_missing_only_tell_an_order(officer, pack) -> None:
    changed = {"sections-0-position": "", "sections-1-position": 7}
    officer.post(page(pack, "change"), typed(officer, pack, **changed))
    assert order(pack) == [(1, "The problem"), (2, "The summary")]

    alike = {"sections-0-position": 4, "sections-1-position": 4}
    officer.post(page(pack, "change"), typed(officer, pack, **alike))
    assert order(pack) == [(1, "The problem"), (2, "The summary")]


def test_a_new_line_with_a_number_and_nothing_else_is_nobodys(officer, pack) -> None:
    empty = {"sections-1-items-TOTAL_FORMS": 2, "sections-1-items-1-position": 2}

    answer = officer.post(page(pack, "change"), typed(officer, pack, **empty))

    assert answer.status_code == 302
    assert PackItem.objects.filter(section__pack=pack).count() == 2


def test_a_form_that_nobody_touched_leaves_the_pack_approved(officer, pack) -> None:
    officer.post(page(pack, "change"), typed(officer, pack))

    pack.refresh_from_db()
    assert pack.review_state == ReviewState.APPROVED


def test_the_order_is_what_is_printed(officer, pack) -> None:
    changed = {"sections-0-position": 1, "sections-1-position": 0}

    document = live(officer, pack, **changed)["document"]

    assert document.index("The problem") < document.index("The summary")
    assert order(pack) == [(0, "The summary"), (1, "The problem")]


def test_the_date_of_the_form_is_read_as_the_desk_writes_it(officer, pack) -> None:
    document = live(officer, pack, used_on="19/07/2030")["document"]

    assert f"{datetime.date(2030, 7, 19):%-d %B %Y}" in document


@pytest.mark.parametrize("audience", ["staff_named", "parliamentarian_named"])
def test_a_pack_is_not_for_readers_whom_somebody_else_named(officer, pack, audience: str) -> None:
    answer = officer.post(page(pack, "change"), typed(officer, pack, audience=audience))

    form = answer.context["adminform"].form
    assert list(form.errors) == ["audience"]
    assert audience not in dict(form.fields["audience"].choices)
    pack.refresh_from_db()
    assert pack.audience == "parliament_members"
