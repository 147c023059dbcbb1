"""The pages: one for whoever has the link, the rest for whoever has the code as well.

Looking changes nothing, since programs that read mail follow every link in it: to send a code, to
try one and to change anything takes a POST. After it the browser is always sent to a page.
"""

import time
from uuid import UUID

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from evidence.models import LinkFor, OwnPageLink
from evidence.own_page import changes, codes, links, reach, session, tasks, telling
from evidence.own_page.changes import Change
from evidence.own_page.guard import page, sorry
from evidence.own_page.saying import INSIDE, OUTSIDE, around
from evidence.refusing import Refused

EVEN_SECONDS = 0.3  # longer than any answer takes, so that none tells by its time what is known


@page("GET")
def start(request: HttpRequest, token: str) -> HttpResponse:
    link = links.find(token)
    if link is None:
        return _show(request, "gone", token, status=404)
    return _show(request, "start", token, is_open=session.is_open(request, link))


@page("GET", "POST")
def elsewhere(request: HttpRequest, **_: str) -> HttpResponse:
    """Whatever else is asked for below the page's address: Django's own answer names the path."""
    return sorry(request, 404, "not_here")


@page("POST", csrf=False)
def pause(_request: HttpRequest, token: str) -> HttpResponse:
    """Needs neither code nor cookie: nothing may stand between a person and this."""
    link = links.find(token)
    if link is None:
        return _to("start", token)
    reach.pause_everything(link)
    return _to("start", token, said="stopped")


@page("POST")
def send(_request: HttpRequest, token: str) -> HttpResponse:
    started = time.monotonic()
    link = links.find(token)
    if link and codes.may_be_sent(link):
        tasks.send_code.enqueue(str(link.pk), timezone.now().isoformat())
    return _evenly(started, _to("code" if link else "start", token, said="sent" if link else ""))


@page("POST")
def renew(_request: HttpRequest, token: str) -> HttpResponse:
    """Says the same of every link that does not open a page, and takes the same time."""
    started = time.monotonic()
    link = links.known(token)
    if link and not links.opens(link) and links.may_be_renewed(link):
        tasks.send_link.enqueue(str(link.pk), timezone.now().isoformat())
    return _evenly(started, _to("start", token, said="new_link"))


@page("GET", "POST")
def code(request: HttpRequest, token: str) -> HttpResponse:
    link = links.find(token)
    if link is None:
        return _to("start", token)
    if request.method != "POST":
        return _show(request, "code", token)
    if not codes.opens_with(link, request.POST.get("code", "")):
        return _to("code", token, said="wrong")
    response = _to("mine", token)
    session.open_for(response, link, token)
    return response


@page("POST", csrf=False)
def close(_request: HttpRequest, token: str) -> HttpResponse:
    """Also asked by the script that leaves the page, which has no time for a form."""
    response = _to("start", token, said="closed")
    session.close(response, token)
    return response


@page("GET")
def mine(request: HttpRequest, token: str) -> HttpResponse:
    link = _let_in(request, token)
    if link is None:
        return _to("start", token, said="again")
    consents = reach.consents_of(link)
    uses = telling.uses_of(consents)
    places = telling.in_use(uses)
    agreed = telling.agreements(consents)
    return _show(
        request,
        "mine",
        token,
        link=link,
        places=places,
        agreements=agreed,
        coming_back=telling.coming_back(consents),
        cannot=telling.cannot_come_back(uses, places),
        is_paused=any(each.is_paused and not each.is_over for each in agreed),
        can_resume=any(each.can_resume and not each.is_over for each in agreed),
        is_ours_to_resume=any(each.is_ours_to_resume and not each.is_over for each in agreed),
        is_running=any(not each.is_paused for each in agreed),
    )


@page("GET", "POST")
def change_all(request: HttpRequest, token: str, act: str) -> HttpResponse:
    link = _let_in(request, token)
    if link is None:
        return _to("start", token, said="again")
    happened = {"pause": "paused", "resume": "resumed", "withdraw": "withdrawn"}[act]
    return _confirmed(request, link, token, changes.FOR_ALL[act](link), happened)


@page("GET", "POST")
def change_account(request: HttpRequest, token: str, consent: UUID, account: UUID) -> HttpResponse:
    link = _let_in(request, token)
    if link is None:
        return _to("start", token, said="again")
    change = changes.withdraw_account(link, consent, account)
    return _confirmed(request, link, token, change, "account")


@page("GET", "POST")
def change_one(request: HttpRequest, token: str, consent: UUID, act: str, key: str) -> HttpResponse:
    link = _let_in(request, token)
    if link is None:
        return _to("start", token, said="again")
    return _confirmed(request, link, token, changes.FOR_ONE[act](link, consent, key), act)


def _confirmed(
    request: HttpRequest, link: OwnPageLink, token: str, change: Change, happened: str
) -> HttpResponse:
    """What will happen, and after the button that it has."""
    if request.method != "POST":
        return _show(request, "confirm", token, link=link, change=change)
    try:
        change.do(request.POST)
    except (Refused, IntegrityError):
        return _to("mine", token, said="not_done")
    return _to("mine", token, said=happened)


def _let_in(request: HttpRequest, token: str) -> OwnPageLink | None:
    link = links.find(token)
    return link if link and session.is_open(request, link) else None


def _show(
    request: HttpRequest, name: str, token: str, *, status: int = 200, **told: object
) -> HttpResponse:
    link = told.get("link")
    for_parent = isinstance(link, OwnPageLink) and link.made_for == LinkFor.PARENT
    said = (INSIDE if link else OUTSIDE).get(request.GET.get("said", ""))
    context = {
        "token": token,
        "yours": "your child’s" if for_parent else "your",
        **around(said),
        **told,
    }
    return render(request, f"own_page/{name}.html", context, status=status)


def _to(name: str, token: str, *, said: str = "") -> HttpResponse:
    address = reverse(f"own_page:{name}", args=[token])
    response = HttpResponseRedirect(f"{address}?said={said}" if said else address)
    response.status_code = 303
    return response


def _evenly(started: float, response: HttpResponse) -> HttpResponse:
    time.sleep(max(0.0, EVEN_SECONDS - (time.monotonic() - started)))
    return response
