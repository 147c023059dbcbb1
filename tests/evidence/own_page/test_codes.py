"""Codes: six digits, sent where it is safe, good once, for a while, for five tries."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from evidence.models import LinkFor, OwnPageCode, OwnPageLink, VaultLook
from evidence.own_page import codes, links, session, tasks
from tests.evidence.own_page.visiting import (
    CANARIES,
    CHILD,
    found_competent,
    in_two_years,
    run_out,
    seal,
    visit,
    work,
)
from tests.refusing import run_as_owner

pytestmark = pytest.mark.django_db


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_a_code_goes_to_the_safe_contact_and_opens_the_page(client):
    here = visit()
    client.post(here.at("send"))

    (body,) = work()
    code = re.search(r"\d{6}", body)[0]
    answer = client.post(here.at("code"), {"code": f"{code[:3]} {code[3:]}"})

    assert answer["Location"] == here.at("mine")
    assert (mail.outbox[0].to, mail.outbox[0].subject, mail.outbox[0].from_email) == (
        ["canary@example.org"],
        "Your code",
        "no-reply@example.org",
    )
    told = f"{mail.outbox[0].subject} {body}"
    assert [word for word in CANARIES if word in told] == []
    assert [look.by for look in VaultLook.objects.all()] == [None]


def test_the_database_holds_no_code_and_no_token():
    here = visit()
    code = codes.make_code(here.link)

    kept = f"{OwnPageCode.objects.values()} {OwnPageLink.objects.values()}"

    assert code not in kept.replace(str(OwnPageCode.objects.get().sent_at.microsecond), "")
    assert here.token not in kept


def test_a_code_opens_once(client):
    here = visit()
    code = codes.make_code(here.link)

    opened = [codes.opens_with(here.link, code) for _ in range(2)]

    assert opened == [True, False]


def test_five_wrong_tries_lock_the_code(client):
    here = visit()
    code = codes.make_code(here.link)

    for _ in range(5):
        assert client.post(here.at("code"), {"code": wrong(code)})["Location"] == here.at(
            "code?said=wrong"
        )

    assert client.post(here.at("code"), {"code": code})["Location"] == here.at("code?said=wrong")
    assert OwnPageCode.objects.get().tries == 5


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "٣٣٣٣٣٣", "abcdef"])
def test_what_cannot_be_a_code_costs_no_try(client, typed):
    here = visit()
    codes.make_code(here.link)

    client.post(here.at("code"), {"code": typed})

    assert OwnPageCode.objects.get().tries == 0


def test_a_code_ends_after_a_quarter_of_an_hour():
    here = visit()
    code = codes.make_code(here.link)
    run_as_owner(
        "UPDATE evidence_ownpagecode SET expires_at = %s", timezone.now() - timedelta(seconds=1)
    )

    assert not codes.opens_with(here.link, code)


def test_a_code_of_another_link_opens_nothing():
    one = visit()
    other = links.make_link(one.contributor, by=None).split("/w/")[1].rstrip("/")
    code = codes.make_code(one.link)

    assert not codes.opens_with(links.find(other), code)


def test_three_codes_in_an_hour_whichever_link_asks(client):
    here = visit()
    sent = []
    for _ in range(5):
        client.post(here.at("send"))
        sent += work()
    another = links.make_link(here.contributor, by=None).split("8000")[1]
    answer = client.post(f"{another}send")

    assert len(sent) == 3
    assert (answer["Location"], work()) == (f"{another}code?said=sent", [])


@pytest.mark.parametrize("how", ["phone", "none"])
def test_who_has_no_safe_address_gets_the_same_answer_and_no_mail(client, how):
    here = visit()
    seal(here.contributor, how)

    answer = client.post(here.at("send"))

    assert (answer["Location"], work()) == (here.at("code?said=sent"), [])


def test_who_is_not_to_be_contacted_gets_no_mail_at_all(client):
    here = visit()
    here.contributor.do_not_contact = True
    here.contributor.save(update_fields=["do_not_contact"])

    answer = client.post(here.at("send"))
    sent = work()
    run_out(here.link)
    client.post(here.at("renew"))

    assert (answer["Location"], sent, work()) == (here.at("code?said=sent"), [], [])
    assert not VaultLook.objects.exists()


def test_an_expired_link_is_renewed_to_the_safe_contact_alone(client):
    here = visit()
    run_out(here.link)

    answer = client.post(here.at("renew"))
    (body,) = work()
    new = re.search(r"/w/\S+", body)[0]

    assert here.token not in answer["Location"].replace(here.at(), "")
    assert client.get(new).status_code == 200
    assert [word for word in CANARIES if word in body] == []


def test_a_link_that_was_ended_is_never_renewed_not_even_one_that_had_run_out(client):
    here = visit()
    run_out(here.link)
    links.end_links(here.contributor)

    answer = client.post(here.at("renew"))

    assert (answer["Location"], work()) == (here.at("?said=new_link"), [])
    assert links.renew(here.link) is None  # as it was read before they were ended


def test_a_link_that_opens_is_not_renewed_nor_an_unknown_one(client):
    here = visit()

    client.post(here.at("renew"))
    client.post("/w/unknown/renew")

    assert not DBTaskResult.objects.exists()


def test_a_link_expires_by_itself(client):
    here = visit()
    token = links.make_link(here.contributor, by=None, lasts=timedelta(0)).split("/w/")[1]

    assert client.get(f"/w/{token}").status_code == 404


def test_a_request_that_grew_old_sends_nothing():
    here = visit()
    asked = (timezone.now() - timedelta(minutes=11)).isoformat()

    tasks.send_code.call(str(here.link.pk), asked)

    assert mail.outbox == []


def test_a_parent_of_a_child_who_decides_gets_no_mail(client):
    here = visit(**CHILD, reconsent_month=in_two_years(), made_for=LinkFor.PARENT)
    client.post(here.at("send"))
    first = work()
    found_competent(here)
    client.post(here.at("send"))

    assert (len(first), work()) == (1, [])


def test_what_the_mail_program_says_goes_no_further(settings):
    here = visit()
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": 1},
        }
    }

    with pytest.raises(tasks.NotSent) as told:
        tasks.send_code.call(str(here.link.pk), timezone.now().isoformat())

    assert str(told.value) == "The mail could not be sent: ConnectionRefusedError."
    assert told.value.__suppress_context__


def test_the_session_is_a_cookie_of_this_page_alone(client):
    here = visit()
    code = codes.make_code(here.link)

    cookie = client.post(here.at("code"), {"code": code}).cookies[session.NAME]

    assert (cookie["path"], cookie["samesite"], cookie["httponly"], cookie["max-age"]) == (
        here.at(),
        "Strict",
        True,
        1200,
    )


def test_a_cookie_of_one_link_opens_no_other(client):
    here, there = visit(), None
    here.let_in(client)
    there = links.make_link(here.contributor, by=None).split("8000")[1]
    client.cookies[session.NAME]["path"] = "/"

    assert client.get(f"{there}mine")["Location"] == f"{there}?said=again"


def test_the_session_ends_by_itself_by_hand_and_with_its_link(client, monkeypatch):
    here = visit()
    here.let_in(client)
    inside = client.get(here.at("mine")).status_code
    with monkeypatch.context() as later:
        later.setattr(session, "SECONDS", -1)
        too_late = client.get(here.at("mine"))["Location"]
    links.end_links(here.contributor)
    ended = client.get(here.at("mine"))["Location"]
    client.post(here.at("close"))

    assert (inside, too_late, ended) == (
        200,
        here.at("?said=again"),
        here.at("?said=again"),
    )
    assert client.cookies[session.NAME].value == ""
