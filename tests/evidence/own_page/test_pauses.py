"""Who paused a consent: a person and the charity both may, and neither ends the other's unasked."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evidence import consenting
from evidence.models import ConsentState, PausedBy
from evidence.refusing import Refused
from tests.config import desk_rows as rows
from tests.evidence.own_page.visiting import Visit, visit
from tests.evidence.test_review_admin import buttons, client_of, press
from tests.refusing import refused_by, refused_by_grant, run

pytestmark = pytest.mark.django_db

PERSON, DESK = PausedBy.PERSON, PausedBy.DESK


@pytest.fixture
def here() -> Visit:
    return visit()


@pytest.fixture
def desk() -> Client:
    return client_of(rows.person("safeguarding lead"))


def told(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def paused_by(here: Visit) -> set[str]:
    here.consent.refresh_from_db()
    return set(consenting.paused_by(here.consent))


def test_what_the_charity_paused_does_not_go_on_at_a_click_of_the_person(client, here):
    inside = here.let_in(client)
    consenting.pause(here.consent)

    page = told(inside, here.at("mine"))

    assert "There is a pause." in page
    assert "We have paused it too. Please call us" in page
    assert "End the pause" not in page
    assert inside.post(here.at("mine/resume")).status_code == 404
    assert here.state() == ConsentState.SUSPENDED


def test_whoever_is_quicker_does_not_end_the_others_pause(client, here):
    """The page was open when the charity paused as well."""
    here.let_in(client).post(here.at("pause"))
    consenting.pause(here.consent, by=DESK)

    with pytest.raises(Refused, match="The charity has paused it as well: please call us"):
        consenting.resume(here.consent, by=PERSON)

    assert (here.state(), paused_by(here)) == (ConsentState.SUSPENDED, {PERSON, DESK})


def test_the_person_can_join_the_charitys_pause(client, here):
    consenting.pause(here.consent)

    client.post(here.at("pause"))
    client.post(here.at("pause"))

    assert paused_by(here) == {PERSON, DESK}


@pytest.mark.parametrize(
    ("hands", "offered"),
    [
        ([], {"pause"}),
        ([DESK], {"resume"}),
        ([PERSON], {"pause", "resume_as_asked"}),
        ([PERSON, DESK], {"resume_as_asked"}),
    ],
)
def test_the_desk_is_told_whose_pause_it_would_end(desk, here, hands, offered):
    for by in hands:
        consenting.pause(here.consent, by=by)
    here.consent.refresh_from_db()

    asked = {"pause", "resume", "resume_as_asked"}
    assert asked & set(buttons(desk, here.consent)) == offered


def test_the_desk_asks_once_who_wants_it_paused(desk, here):
    consenting.pause(here.consent)

    with CaptureQueriesContext(connection) as captured:
        assert "resume" in buttons(desk, here.consent)

    asked = [each for each in captured.captured_queries if "evidence_pause" in each["sql"]]
    assert len(asked) == 1


def test_once_asked_the_desk_ends_both_pauses(desk, here):
    consenting.pause(here.consent, by=PERSON)
    consenting.pause(here.consent)

    press(desk, here.consent, "resume_as_asked")

    assert (here.state(), paused_by(here)) == (ConsentState.GIVEN, set())
    consenting.pause(here.consent, by=PERSON)
    assert paused_by(here) == {PERSON}


def test_a_pause_of_which_nobody_is_known_is_the_charitys(here):
    run("UPDATE evidence_consent SET state = 'suspended' WHERE record_id = %s", here.consent.pk)

    assert paused_by(here) == {DESK}


@pytest.mark.parametrize(
    ("sql", "rule"),
    [
        ("INSERT INTO evidence_pause (event_id, by, at) SELECT event_id, by, at"
         " FROM evidence_pause", "consent_pause_once_by_each"),
        ("INSERT INTO evidence_pause (event_id, by, at) SELECT event_id, 'them', at"
         " FROM evidence_pause", "consent_pause_by_somebody"),
    ],
)  # fmt: skip
def test_each_is_written_once_and_by_somebody(here, sql, rule):
    consenting.pause(here.consent)

    with refused_by(rule):
        run(sql)


def test_who_paused_is_history(here):
    consenting.pause(here.consent)

    for sql in ("UPDATE evidence_pause SET by = 'person'", "DELETE FROM evidence_pause"):
        with refused_by_grant():
            run(sql)
