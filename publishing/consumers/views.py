"""`POST consumers/me/applied/`: a consumer confirms what he has applied. Reading needs no key."""

import logging
from collections.abc import Callable
from typing import Any

import orjson
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from publishing.api import throttle
from publishing.api.endpoint import JSON
from publishing.api.problems import Problem, bad_parameter
from publishing.consumers.confirming import SAID, confirm
from publishing.consumers.keys import consumer_of
from publishing.consumers.removals import unconfirmed
from publishing.encoding import encode

logger = logging.getLogger("publishing.consumers")

METHODS = "POST, OPTIONS"
LARGEST = 4_096  # bytes


@csrf_exempt
def applied(request: HttpRequest) -> HttpResponse:
    """The key is in a header and no cookie is read, so that other sites can do nothing with it."""
    response = _guarded(lambda: _applied(request), request)
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "no-store"
    return response


def _applied(request: HttpRequest) -> HttpResponse:
    consumer = confirm(consumer_of(request), _token(request))
    told = {
        "seq": consumer.applied_seq,
        "at": consumer.applied_at,
        "waiting": unconfirmed(consumer).count(),
    }
    return HttpResponse(encode(told), content_type=JSON)


def _token(request: HttpRequest) -> str:
    body = request.read(LARGEST + 1)
    try:
        told: Any = orjson.loads(body) if len(body) <= LARGEST else None
    except orjson.JSONDecodeError:
        told = None
    token = told.get("token") if isinstance(told, dict) else None
    if not isinstance(token, str):
        raise bad_parameter("token", SAID)
    return token


def _guarded(view: Callable[[], HttpResponse], request: HttpRequest) -> HttpResponse:
    try:
        if request.method == "OPTIONS":
            return _preflight()
        if request.method != "POST":
            raise Problem("post", 405, f"Use one of {METHODS}.")
        throttle.admit(request)
        return view()
    except Problem as problem:
        response = problem.response()
    except OperationalError:
        logger.exception("What a consumer applied cannot be written")
        response = Problem("unavailable", 503, "Try again in a few seconds.").response()
        response["Retry-After"] = "5"
    except Exception:
        logger.exception("%s failed", request.path)
        response = Problem("error", 500, "The failure has been logged.").response()
    if response.status_code == 401:
        response["WWW-Authenticate"] = "Bearer"
    if response.status_code == 405:
        response["Allow"] = METHODS
    return response


def _preflight() -> HttpResponse:
    response = HttpResponse(status=204)
    del response["Content-Type"]
    response["Allow"] = response["Access-Control-Allow-Methods"] = METHODS
    response["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
    response["Access-Control-Max-Age"] = "86400"
    return response
