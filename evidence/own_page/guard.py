"""What stands before each view of the page: headers, methods, forms from elsewhere, failures."""

import logging
from collections.abc import Callable
from functools import wraps

import pghistory
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from evidence.own_page.saying import around

logger = logging.getLogger(__name__)

type View = Callable[..., HttpResponse]

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
        "img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
}
NAVIGATED_HERE = {"same-origin", "none"}


def page(*methods: str, csrf: bool = True) -> Callable[[View], View]:
    """A view of the page. Everything it answers is uncached and unframed, and names nobody.

    Without `csrf` the address alone is proof enough: whoever made the form has to know it.
    """

    def decorate(view: View) -> View:
        checked = csrf_protect(view) if csrf else view

        @csrf_exempt  # the check is inside, so that its answer too comes with our headers
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if request.method not in {*methods, "HEAD" if "GET" in methods else ""}:
                response = sorry(request, 405, "not_here")
                response["Allow"] = ", ".join(methods)
            elif request.method == "POST" and _is_from_elsewhere(request):
                response = sorry(request, 403, "cookies")
            else:
                response = _answer(checked, request, *args, **kwargs)
            return _finished(response)

        return guarded

    return decorate


def sorry(request: HttpRequest, status: int, why: str) -> HttpResponse:
    return render(request, "own_page/sorry.html", {"why": why, **around()}, status=status)


def _answer(view: View, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
    _take_our_own_origin(request)
    try:
        # the history of what is edited would otherwise keep the address, and with it the token
        with pghistory.context(url="/w/"):
            response = view(request, *args, **kwargs)
    except Http404:
        return sorry(request, 404, "not_here")
    except Exception:
        logger.exception("An own page could not be answered")
        return sorry(request, 500, "broken")
    return sorry(request, 403, "cookies") if response.status_code == 403 else response


def _is_from_elsewhere(request: HttpRequest) -> bool:
    return request.headers.get("Sec-Fetch-Site", "none") not in NAVIGATED_HERE


def _take_our_own_origin(request: HttpRequest) -> None:
    """A page without referrers sends its forms with `Origin: null`, or with none.

    Django takes neither; the form's token still has to be that of the cookie.
    """
    if request.headers.get("Origin", "null") == "null":
        request.META["HTTP_ORIGIN"] = f"{request.scheme}://{request.get_host()}"


def _finished(response: HttpResponse) -> HttpResponse:
    for name, value in HEADERS.items():
        response[name] = value
    if (
        settings.CSRF_COOKIE_NAME in response.cookies
    ):  # gone with the browser's window, not in a year
        cookie = response.cookies[settings.CSRF_COOKIE_NAME]
        cookie["max-age"], cookie["expires"] = "", ""
        cookie["path"], cookie["samesite"], cookie["httponly"] = "/w/", "Strict", True
    return response
