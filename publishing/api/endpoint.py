"""What all of the feed's views share: methods, headers, conditional answers, problems."""

import functools
import logging
from collections.abc import Callable
from typing import Concatenate

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_etags, quote_etag
from django.views.decorators.csrf import csrf_exempt

from publishing.api.problems import Problem

logger = logging.getLogger("publishing.api")

METHODS = "GET, HEAD, OPTIONS"
JSON = "application/json"
# No copy is older than a minute and none is served stale, so that a withdrawal reaches them all.
FRESH = "public, max-age=60, must-revalidate"


def endpoint[**Path](
    view: Callable[Concatenate[HttpRequest, Path], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Path], HttpResponse]:
    """A view that anyone may read from anywhere, and that never answers in HTML or with a trace."""

    @csrf_exempt
    @functools.wraps(view)
    def answer(request: HttpRequest, /, *args: Path.args, **kwargs: Path.kwargs) -> HttpResponse:
        response = _guarded(functools.partial(view, request, *args, **kwargs), request)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag"
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        if request.method == "HEAD":
            response["Content-Length"] = str(len(response.content))
            response.content = b""
        return response

    return answer


def conditional(
    request: HttpRequest,
    *,
    etag: str,
    render: Callable[[], bytes],
    keys: str,
    content_type: str = JSON,
) -> HttpResponse:
    """The bytes, unless the reader has them already: then nothing is rendered.

    `keys` are the Surrogate-Key words by which a shared cache can drop the answer.
    """
    quoted = quote_etag(etag)
    if _has_already(request, quoted):
        response = HttpResponse(status=304)
        del response["Content-Type"]
    else:
        response = HttpResponse(render(), content_type=content_type)
    response["ETag"] = quoted
    if content_type == JSON:
        response["X-Robots-Tag"] = "noarchive"  # it may hold testimony, which can be taken back
    return cacheable(response, keys)


def cacheable(response: HttpResponse, keys: str) -> HttpResponse:
    response["Cache-Control"] = FRESH
    response["X-Accel-Expires"] = "1"  # our own nginx asks again each second
    response["Surrogate-Key"] = keys
    return response


def _guarded(view: Callable[[], HttpResponse], request: HttpRequest) -> HttpResponse:
    try:
        if request.method == "OPTIONS":
            return _preflight()
        if request.method not in {"GET", "HEAD"}:
            raise Problem("method", 405, f"Use one of {METHODS}.")
        return view()
    except Problem as problem:
        response = problem.response()
    except OperationalError:
        logger.exception("The feed's database cannot be read")
        response = Problem("unavailable", 503, "Try again in a few seconds.").response()
        response["Retry-After"] = "5"
    except Exception:
        logger.exception("%s failed", request.path)
        response = Problem("error", 500, "The failure has been logged.").response()
    if response.status_code == 405:
        response["Allow"] = METHODS
    return response


def _preflight() -> HttpResponse:
    response = HttpResponse(status=204)
    del response["Content-Type"]
    response["Allow"] = response["Access-Control-Allow-Methods"] = METHODS
    response["Access-Control-Allow-Headers"] = "If-None-Match"
    response["Access-Control-Max-Age"] = "86400"
    return response


def _has_already(request: HttpRequest, etag: str) -> bool:
    """Weakly compared, since a proxy that compresses marks our ETags as weak."""
    held = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in held or etag in {each.removeprefix("W/") for each in held}
