"""What went wrong, as RFC 9457 problem details."""

import math
from typing import Any

from django.http import HttpResponse

from publishing.addresses import API, absolute
from publishing.encoding import encode

CONTENT_TYPE = "application/problem+json"
TITLES = {
    "parameter": "A parameter cannot be used",
    "not-found": "There is no such document",
    "gone": "This document is no longer published",
    "resync": "Start again from the beginning",
    "method": "The feed can only be read",
    "post": "This address takes a POST",
    "key": "This key is not known",
    "format": "There is no such form of it",
    "throttled": "Too much was asked from this address",
    "unavailable": "The feed cannot be read at the moment",
    "error": "The feed failed to answer",
}


class Problem(Exception):
    """An answer other than what was asked for; `kind` is explained in the documentation."""

    def __init__(
        self, kind: str, status: int, detail: str, *, retry_after: float = 0, **more: str
    ) -> None:
        super().__init__(detail)
        self.kind, self.status, self.detail, self.more = kind, status, detail, more
        self.retry_after = retry_after

    def response(self) -> HttpResponse:
        told: dict[str, Any] = {
            "type": absolute(f"{API}docs/#{self.kind}"),
            "title": TITLES[self.kind],
            "status": self.status,
            "detail": self.detail,
            **self.more,
        }
        response = HttpResponse(encode(told), status=self.status, content_type=CONTENT_TYPE)
        if self.retry_after:
            response["Retry-After"] = str(math.ceil(self.retry_after))
        return response


def bad_parameter(name: str, detail: str) -> Problem:
    return Problem("parameter", 400, detail, parameter=name)
