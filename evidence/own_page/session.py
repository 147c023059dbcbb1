"""Being let in by a code: a signed cookie of this page alone, for twenty minutes."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from evidence.models import OwnPageLink

NAME = "page"
SALT = "evidence.own_page.session"
SECONDS = 20 * 60


def open_for(response: HttpResponse, link: OwnPageLink, token: str) -> None:
    response.set_signed_cookie(
        NAME,
        str(link.pk),
        salt=SALT,
        max_age=SECONDS,
        path=reverse("own_page:start", args=[token]),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def is_open(request: HttpRequest, link: OwnPageLink) -> bool:
    """The signature holds when it was made, so an old cookie is of no use to whoever kept it."""
    told = request.get_signed_cookie(NAME, default=None, salt=SALT, max_age=SECONDS)
    return told == str(link.pk)


def close(response: HttpResponse, token: str) -> None:
    path = reverse("own_page:start", args=[token])
    response.delete_cookie(NAME, path=path, samesite="Strict")
