"""Marking an excerpt at the desk: the text beside the form, its place, and what settles it."""

import pytest
from django.urls import reverse

from evidence.models import Excerpt, Snapshot
from evidence.snapshots.taking import take_from_text
from tests import factories as make
from tests.config import desk_rows as rows
from tests.evidence.test_review_admin import client_of

pytestmark = pytest.mark.django_db

TWICE = "43% rose by June. Later 43% fell."
ADD = "/admin/evidence/excerpt/add/"


@pytest.fixture
def officer():
    return client_of(rows.person("officer"))


@pytest.fixture
def snapshot() -> Snapshot:
    return take_from_text(make.source(), TWICE).snapshot


def refused(client, snapshot, **sent: object) -> list[str]:
    answer = client.post(ADD, {"snapshot": snapshot.pk, **sent})
    return answer.context["adminform"].form.errors["exact"]


def test_the_text_stands_beside_an_empty_form(officer, snapshot) -> None:
    page = officer.get(ADD, {"snapshot": snapshot.pk}).content.decode()

    assert f">{TWICE}</div>" in page
    assert "attest/marking.js" in page
    assert 'name="position"' in page


def test_the_snapshots_page_leads_to_the_form(officer, snapshot) -> None:
    page = officer.get(reverse("admin:evidence_snapshot_change", args=[snapshot.pk]))

    assert f"{ADD}?snapshot={snapshot.pk}" in page.content.decode()


def test_words_that_occur_twice_tell_what_settles_them(officer, snapshot) -> None:
    assert refused(officer, snapshot, exact="43%") == [
        "The snapshot says these words 2 times: choose “rose” just after them, or “Later” just "
        "before them."
    ]


@pytest.mark.parametrize(("context", "start"), [({"suffix": "rose"}, 0), ({"prefix": "Later"}, 24)])
def test_what_it_tells_settles_them(officer, snapshot, context: dict[str, str], start) -> None:
    officer.post(ADD, {"snapshot": snapshot.pk, "exact": "43%", **context})

    assert Excerpt.objects.get().start == start


def test_a_text_that_repeats_itself_is_settled_by_more_words(officer) -> None:
    same = "In Wales 43% rose.\nIn Wales 43% rose.\nIn Gwent 43% rose."
    snapshot = take_from_text(make.source(), same).snapshot

    [sentence] = refused(officer, snapshot, exact="43%")

    assert sentence.startswith("The snapshot says these words 3 times: choose ")
    assert "“Gwent” just before them" in sentence
    assert sentence.count("those that you mark with more words around them") == 2


def test_words_on_every_line_ask_for_more_of_them(officer) -> None:
    snapshot = take_from_text(make.source(), "It rose. " * 30).snapshot

    assert refused(officer, snapshot, exact="It") == [
        "The snapshot says these words 30 times: mark more words around them."
    ]


def test_the_place_that_was_marked_needs_no_context(officer, snapshot) -> None:
    officer.post(ADD, {"snapshot": snapshot.pk, "exact": "43%", "position": 24})

    made = Excerpt.objects.get()
    assert (made.start, made.prefix, made.suffix) == (24, "43% rose by June. Later ", " fell.")


def test_words_over_two_lines_are_found_as_a_browser_sends_them(officer) -> None:
    snapshot = take_from_text(make.source(), "Crimes rose\nby 43%.").snapshot

    officer.post(ADD, {"snapshot": snapshot.pk, "exact": "rose\r\nby 43%"})

    assert Excerpt.objects.get().exact == "rose\nby 43%"


def test_the_chosen_words_are_marked_in_the_text(officer, snapshot) -> None:
    made = snapshot.excerpts.create(exact="43%", start=24, end=27)

    page = officer.get(reverse("admin:evidence_excerpt_change", args=[made.pk])).content.decode()

    assert "Later <mark>43%</mark> fell." in page


def test_a_refused_form_still_shows_the_text(officer, snapshot) -> None:
    answer = officer.post(ADD, {"snapshot": snapshot.pk, "exact": "nowhere"})

    assert TWICE in answer.content.decode()


def test_a_reader_reads_the_text_and_has_nothing_to_fill() -> None:
    made = take_from_text(make.source(), TWICE).snapshot.excerpts.create(
        exact="Later", start=18, end=23
    )

    page = client_of(rows.person("reader")).get(
        reverse("admin:evidence_excerpt_change", args=[made.pk])
    )

    assert "<mark>Later</mark>" in page.content.decode()
    assert 'name="position"' not in page.content.decode()


def test_the_text_of_a_snapshot_is_for_those_who_may_see_it(officer, snapshot) -> None:
    address = f"{reverse('admin:evidence_excerpt_text')}?snapshot={snapshot.pk}"

    assert officer.get(address).content.decode() == TWICE
    assert client_of(make.user("newcomer")).get(address).status_code == 403
    assert officer.get(address.rpartition("=")[0] + "=none").status_code == 404


def test_lost_words_that_stand_twice_are_told_what_settles_them(officer) -> None:
    source = make.source()
    old = take_from_text(source, "Crimes rose by 43%.").snapshot
    lost = old.excerpts.create(exact="43%", start=15, end=18)
    make.statistic("43%", value="43", unit="percent", source=source, excerpt=lost)
    take_from_text(source, TWICE)

    answer = officer.post(reverse("admin:evidence_excerpt_place", args=[lost.pk]), {"exact": "43%"})

    assert "choose “rose” just after them" in answer.context["form"].errors["exact"][0]
    assert "attest/marking.js" in answer.content.decode()
    assert " data-marking>" in answer.content.decode()


def test_an_excerpt_between_two_lines_is_saved_again_as_it_was(officer) -> None:
    snapshot = take_from_text(make.source(), "First line.\nThen 43% rose.\nLast line.").snapshot
    officer.post(ADD, {"snapshot": snapshot.pk, "exact": "43%"})
    made = Excerpt.objects.get()
    address = reverse("admin:evidence_excerpt_change", args=[made.pk])
    form = officer.get(address).context["adminform"].form

    answer = officer.post(address, {name: form[name].value() for name in form.fields})

    again = Excerpt.objects.get()
    assert (form["prefix"].value(), form["suffix"].value()) == ("Then", "rose.")
    assert answer.status_code == 302
    assert (again.start, again.prefix, again.suffix) == (made.start, made.prefix, made.suffix)
