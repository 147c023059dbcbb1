"""Whom an address lets in, and what it tells them where something goes wrong."""

from collections.abc import Callable
from dataclasses import dataclass
from logging import Logger

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from publishing.api import throttle
from publishing.api.problems import Problem


@dataclass(frozen=True, slots=True)
class Door:
    """How an address is asked. It never answers in HTML or with a trace."""

    methods: tuple[str, ...]
    headers: str  # those that a page of another site may send
    refused: str  # the kind of problem that another method is
    logger: Logger
    unreadable: str  # what is logged where the database does not answer

    @property
    def _methods(self) -> str:
        return ", ".join((*self.methods, "OPTIONS"))

    def answer(self, request: HttpRequest, view: Callable[[], HttpResponse]) -> HttpResponse:
        try:
            if request.method == "OPTIONS":
                return self._preflight()
            if request.method not in self.methods:
                raise Problem(self.refused, 405, f"Use one of {self._methods}.")
            throttle.admit(request)
            return view()
        except Problem as problem:
            response = problem.response()
        except (OperationalError, InterfaceError):
            self.logger.exception(self.unreadable)
            response = Problem("unavailable", 503, "Try again in a few seconds.").response()
            response["Retry-After"] = "5"
        except Exception:
            self.logger.exception("%s failed", request.path)
            response = Problem("error", 500, "The failure has been logged.").response()
        if response.status_code == 401:
            response["WWW-Authenticate"] = "Bearer"
        if response.status_code == 405:
            response["Allow"] = self._methods
        return response

    def _preflight(self) -> HttpResponse:
        response = HttpResponse(status=204)
        del response["Content-Type"]
        response["Allow"] = response["Access-Control-Allow-Methods"] = self._methods
        response["Access-Control-Allow-Headers"] = self.headers
        response["Access-Control-Max-Age"] = "86400"
        return response
