"""Who holds a link and no code learns nothing and changes nothing, save that all is paused."""

import io
import logging
import time

import pytest
from django.apps import apps
from django.test import Client
from django_tasks_db.models import DBTaskResult

from evidence import website
from evidence.models import Alert, ConsentState, LinkFor, OwnPageCode
from evidence.own_page import guard, links, telling, views
from evidence.own_page.logs import without_tokens
from publishing.models import PublishedItem
from tests.evidence.own_page.visiting import (
    CANARIES,
    CHILD,
    found_competent,
    in_two_years,
    run_out,
    visit,
)

pytestmark = pytest.mark.django_db

UNKNOWN = "A" * 43
SCOPE = "public_awareness:public:website_feed"


def addresses(token: str, consent: object, account: object) -> list[str]:
    rest = [
        "",
        "pause",
        "send",
        "renew",
        "code",
        "close",
        "mine",
        "mine/pause",
        "mine/resume",
        "mine/withdraw",
        f"mine/{consent}/account/{account}",
        f"mine/{consent}/use/{SCOPE}",
        f"mine/{consent}/less/{SCOPE}",
        "nothing/here",
        f"mine/{consent}/use/x",
    ]
    return [f"/w/{token}/{each}" for each in rest] + [f"/w/{token}", "/w/", "/w/x/y/z"]


def every_row() -> dict[str, list[object]]:
    """All that the database holds, but for what the client's own login leaves."""
    return {
        model._meta.label: list(model.objects.order_by("pk").values())
        for model in apps.get_models()
        if model._meta.managed and model._meta.app_label in {"evidence", "publishing", "config"}
    } | {"tasks": list(DBTaskResult.objects.values())}


def text_of(response) -> str:
    return f"{response.content.decode()} {dict(response.headers)} {response.cookies}"


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_changes_nothing(client, method):
    here = visit()
    website.put_on_website(here.testimony)
    before = every_row()

    for address in addresses(here.token, here.consent.pk, here.testimony.pk):
        getattr(client, method)(address)

    assert every_row() == before


def test_looking_with_the_code_changes_nothing_either(client):
    here = visit()
    website.put_on_website(here.testimony)
    here.let_in(client)
    before = every_row()

    answers = {
        address: client.get(address).status_code
        for address in addresses(here.token, here.consent.pk, here.testimony.pk)
    }

    assert every_row() == before
    assert [path for path, code in answers.items() if code == 500] == []


@pytest.mark.parametrize("method", ["get", "post", "head", "put", "options"])
def test_no_answer_without_a_code_tells_a_thing(client, method):
    here = visit()
    website.put_on_website(here.testimony)

    told = [
        text_of(getattr(client, method)(address))
        for address in addresses(here.token, here.consent.pk, here.testimony.pk)
    ]

    assert [word for word in CANARIES for each in told if word in each] == []


def test_with_the_code_only_the_title_is_told(client):
    here = visit()
    website.put_on_website(here.testimony)

    told = here.let_in(client).get(here.at("mine")).content.decode()

    assert [word for word in CANARIES if word in told] == ["Canary-title"]


@pytest.mark.parametrize("method", ["get", "post", "head", "put", "delete", "options"])
def test_every_answer_has_every_header(client, method):
    here = visit()

    answers = [
        getattr(client, method)(address)
        for address in addresses(here.token, here.consent.pk, here.testimony.pk)
    ]

    assert {answer.status_code for answer in answers} <= {200, 303, 404, 405}
    assert [
        (answer.request["PATH_INFO"], name)
        for answer in answers
        for name, value in guard.HEADERS.items()
        if answer.get(name) != value
    ] == []


def test_what_breaks_has_the_headers_and_no_words(client, monkeypatch):
    here = visit()
    here.let_in(client)

    def broken(*args: object) -> None:
        raise RuntimeError(f"Canary-words at /w/{here.token}/mine")

    monkeypatch.setattr(telling, "agreements", broken)
    answer = client.get(here.at("mine"))

    assert answer.status_code == 500
    assert {name: answer[name] for name in guard.HEADERS} == guard.HEADERS
    assert [word for word in CANARIES if word in text_of(answer)] == []


def test_a_form_from_elsewhere_is_refused_with_the_headers():
    here = visit()
    strict = Client(enforce_csrf_checks=True)

    answers = [
        strict.post(here.at("send")),
        strict.post(here.at("pause"), headers={"sec-fetch-site": "cross-site"}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert [answer["Content-Security-Policy"] for answer in answers] == [
        guard.HEADERS["Content-Security-Policy"]
    ] * 2
    assert (here.state(), OwnPageCode.objects.count()) == (ConsentState.GIVEN, 0)


def test_a_form_of_ours_is_taken_though_it_tells_no_origin():
    here = visit()
    strict = Client(enforce_csrf_checks=True)
    page = strict.get(here.at())

    answer = strict.post(
        here.at("send"),
        {"csrfmiddlewaretoken": page.context["csrf_token"]},
        headers={"origin": "null", "sec-fetch-site": "same-origin"},
    )

    assert (answer.status_code, answer["Location"]) == (303, here.at("code?said=sent"))


def test_the_form_cookie_ends_with_the_window(client):
    cookie = client.get(visit().at()).cookies["csrftoken"]

    assert (cookie["max-age"], cookie["expires"], cookie["path"], cookie["samesite"]) == (
        "",
        "",
        "/w/",
        "Strict",
    )


def test_the_pause_needs_neither_code_nor_cookie():
    here = visit()
    website.put_on_website(here.testimony)

    answer = Client(enforce_csrf_checks=True).post(here.at("pause"))

    assert (answer.status_code, answer["Location"]) == (303, here.at("?said=stopped"))
    assert here.state() == ConsentState.SUSPENDED
    assert not PublishedItem.objects.filter(pk=here.testimony.public_id).exists()
    assert [alert.what for alert in Alert.objects.all()] == ["suspended"]


def test_a_second_press_is_as_good_as_one(client):
    here = visit()

    answers = [client.post(here.at("pause")) for _ in range(2)]

    assert {answer["Location"] for answer in answers} == {here.at("?said=stopped")}


def test_a_parents_pause_leaves_alone_what_is_not_theirs(client):
    here = visit(**CHILD, reconsent_month=in_two_years(), made_for=LinkFor.PARENT)
    parents = here.link
    other = found_competent(here)

    client.post(here.at("pause"))

    assert (here.state(), parents.made_for) == (ConsentState.GIVEN, LinkFor.PARENT)
    assert other.state == ConsentState.REQUESTED


@pytest.mark.parametrize("way", ["ended", "unknown"])
def test_a_link_that_opens_nothing_looks_like_any_other(client, way):
    here = visit()
    token = UNKNOWN if way == "unknown" else here.token
    links.end_links(here.contributor)

    answer = client.get(f"/w/{token}/")
    asked = client.post(f"/w/{token}/renew")

    assert (answer.status_code, plain(answer, token)) == (404, plain(client.get("/w/zzz/"), "zzz"))
    assert (asked.status_code, asked["Location"]) == (303, f"/w/{token}/?said=new_link")


def plain(answer, token: str) -> str:
    """The page without what always differs: the form's mask and the token."""
    told = answer.content.decode().replace(token, "TOKEN")
    return "\n".join(line for line in told.splitlines() if "csrfmiddlewaretoken" not in line)


@pytest.mark.parametrize("rest", ["pause", "send", "code", "mine", "mine/withdraw"])
def test_known_and_unknown_get_the_same_answer(client, rest):
    here = visit()
    run_out(here.link)

    answers = {
        (answer.status_code, answer["Location"].replace(token, "TOKEN"))
        for token in (here.token, UNKNOWN)
        for answer in [client.post(f"/w/{token}/{rest}")]
        if answer.status_code == 303
    }

    assert len(answers) <= 1
    assert here.state() == ConsentState.GIVEN


@pytest.mark.parametrize(("rest", "token"), [("renew", UNKNOWN), ("renew", ""), ("send", "")])
def test_no_answer_comes_before_the_others(client, rest, token):
    here = visit()
    if rest == "renew":
        run_out(here.link)
    started = time.monotonic()

    client.post(f"/w/{token or here.token}/{rest}")

    assert time.monotonic() - started >= views.EVEN_SECONDS


def test_tokens_do_not_reach_the_log(client, monkeypatch):
    here = visit()
    here.let_in(client)
    (console,) = [each for each in logging.getLogger("django").handlers if each.filters]
    written = io.StringIO()
    monkeypatch.setattr(console, "stream", written)

    def broken(*args: object) -> None:
        raise RuntimeError(f"at /w/{here.token}/mine")

    monkeypatch.setattr(telling, "agreements", broken)
    client.get(here.at("mine"))
    client.get(here.at("nothing"))
    client.put(here.at("mine"))
    Client(enforce_csrf_checks=True).post(here.at("send"))

    assert "/w/…" in written.getvalue()
    assert here.token not in written.getvalue()


def test_an_address_says_only_what_we_would(client):
    here = visit()

    answers = [
        plain(client.get(here.at(f"?said={said}")), here.token)
        for said in ("", "withdrawn", "not_done", "<b>Canary")
    ]

    assert len(set(answers)) == 1


def test_the_filter_knows_a_token_wherever_it_stands():
    assert without_tokens("Not Found: /w/abc-_1/mine?x and '/w/def'") == (
        "Not Found: /w/…/mine?x and '/w/…'"
    )
