"""What went wrong, as RFC 9457 problem details."""

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
    "unavailable": "The feed cannot be read at the moment",
    "error": "The feed failed to answer",
}


class Problem(Exception):
    """An answer other than what was asked for; `kind` is explained in the documentation."""

    def __init__(self, kind: str, status: int, detail: str, **more: str) -> None:
        super().__init__(detail)
        self.kind, self.status, self.detail, self.more = kind, status, detail, more

    def response(self) -> HttpResponse:
        told: dict[str, Any] = {
            "type": absolute(f"{API}docs/#{self.kind}"),
            "title": TITLES[self.kind],
            "status": self.status,
            "detail": self.detail,
            **self.more,
        }
        return HttpResponse(encode(told), status=self.status, content_type=CONTENT_TYPE)


def bad_parameter(name: str, detail: str) -> Problem:
    return Problem("parameter", 400, detail, parameter=name)
