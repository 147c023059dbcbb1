"""Stands before Django and gives an answer that the feed's views have given to the same request.

It knows no rules. A view says what may be kept, by `endpoint.by_head`, and the answer is kept as
the middleware left it; whatever else is asked, or asked in another way, goes on to Django.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.db import Error, InterfaceError, OperationalError

from publishing import hosts
from publishing.api.encodings import chosen
from publishing.api.etags import holds
from publishing.api.head import Head, read_head
from publishing.api.shelf import Name, Page, Shelf, Spelling

type Environ = dict[str, Any]
type Headers = list[tuple[str, str]]
type Start = Callable[..., Any]
type Application = Callable[[Environ, Start], Iterable[bytes]]

# In a request's environment: the shelf on its way in, the page's name on its way out.
SHELF, NAME = "attest.shelf", "attest.page"
PATHS = ("/api/v1/", "/feed.")
_OF_A_BODY = {"content-type", "content-length", "content-encoding"}


def in_front_of(application: Application) -> Application:
    """The same application where FEED_CACHE_MB is 0."""
    if not settings.FEED_CACHE_MB:
        return application
    return Front(application, Shelf(most_bytes=settings.FEED_CACHE_MB * 2**20, read=_read))


class Front:
    def __init__(self, application: Application, shelf: Shelf) -> None:
        self.application, self.shelf = application, shelf

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        method = environ["REQUEST_METHOD"]
        if not path.startswith(PATHS) or method not in {"GET", "HEAD"}:
            return self.application(environ, start)
        spelling = _spelling(environ)
        try:
            found = self.shelf.hot(spelling)
        except Error:  # Django tells of it
            found = None
            hosts.leave()
        if found:
            return _answer(environ, start, *found)
        environ[SHELF] = self.shelf
        if method == "HEAD":
            return self.application(environ, start)
        return self.application(environ, self._noting(environ, spelling, start))

    def _noting(self, environ: Environ, spelling: Spelling, start: Start) -> Start:
        def noting(status: str, headers: Headers, *rest: Any) -> Any:
            name: Name | None = environ.get(NAME)
            if name and status.startswith("200 ") and _is_for_all(headers):
                self.shelf.spell(spelling, name, headers)
            return start(status, headers, *rest)

        return noting


def _spelling(environ: Environ) -> Spelling:
    """What Django, its middleware included, could answer differently by. Not who asks: no answer
    that is kept depends on it."""
    return (
        environ["PATH_INFO"],
        environ.get("QUERY_STRING", ""),
        environ.get("HTTP_HOST", ""),
        environ.get("wsgi.url_scheme", ""),
        environ.get("HTTP_X_FORWARDED_PROTO", ""),
        chosen(environ.get("HTTP_ACCEPT_ENCODING", "")),
    )


def _is_for_all(headers: Headers) -> bool:
    """Whatever a middleware made personal after the view had said that it was not."""
    told = {name.lower(): value.lower() for name, value in headers}
    personal = "cookie" in told.get("vary", "") or "authorization" in told.get("vary", "")
    return "set-cookie" not in told and "public" in told.get("cache-control", "") and not personal


def _answer(environ: Environ, start: Start, page: Page, headers: Headers) -> Iterable[bytes]:
    held = environ.get("HTTP_IF_NONE_MATCH")
    if held and holds(held, page.etag):
        start("304 Not Modified", [each for each in headers if each[0].lower() not in _OF_A_BODY])
        return ()
    start("200 OK", list(headers))
    return () if environ["REQUEST_METHOD"] == "HEAD" else (page.body,)


def _read() -> Head:
    """Outside of a request: nobody else looks whether this thread's connection still works."""
    try:
        return read_head()
    except (OperationalError, InterfaceError):
        if not hosts.leave():
            raise
        return read_head()
