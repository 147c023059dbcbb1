"""`POST consumers/me/applied/`: a consumer confirms what he has applied. Reading needs no key."""

import logging
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from publishing.api.endpoint import JSON
from publishing.api.letting_in import Door
from publishing.api.problems import bad_parameter
from publishing.consumers.confirming import SAID, confirm
from publishing.consumers.keys import consumer_of
from publishing.consumers.removals import unconfirmed
from publishing.encoding import encode

DOOR = Door(
    methods=("POST",),
    headers="Authorization, Content-Type",
    refused="post",
    logger=logging.getLogger("publishing.consumers"),
    unreadable="What a consumer applied cannot be written",
)
LARGEST = 4_096  # bytes


@csrf_exempt
def applied(request: HttpRequest) -> HttpResponse:
    """The key is in a header and no cookie is read, so that other sites can do nothing with it."""
    response = DOOR.answer(request, lambda: _applied(request))
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
