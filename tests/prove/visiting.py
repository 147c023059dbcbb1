"""Who asks for the pages of the canaries' world, and what they were told that they may not know."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.contrib.auth.models import User
from django.core.handlers.base import BaseHandler
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from config.roles import ROLES
from tests import factories as make
from tests.campaigns import packing
from tests.config import desk_rows as rows
from tests.prove.canary_planting import CANARY, VAULT

NOBODY = "nobody"  # not logged in
NO_ROLE = "without a role"
WHO = [NOBODY, NO_ROLE, *ROLES]

# Rows without a page of their own, read on the page of another.
READ_WITH = {
    "claimacceptance": ("evidence.claim", "evidence.evidencegap"),
    "numberdecision": (
        *("evidence.claim", "evidence.statistic", "evidence.source", "evidence.evidencegap"),
        *("evidence.statement", "campaigns.ask", "campaigns.campaign", "campaigns.pack"),
        *("campaigns.bill", "campaigns.amendment"),
    ),
    "redaction": ("evidence.snapshot",),
    "billaspublished": ("campaigns.bill",),
    "stoppassed": ("campaigns.packversion",),
    "versionmark": ("campaigns.packversion", "campaigns.copy", "campaigns.notice"),
    "versionrecall": ("campaigns.packversion",),
}
# Of these fields nothing is told to anybody; the vault's are sealed besides.
NEVER_TOLD = {"consumer-key_hash", "user-password", "session-session_data"}


def may_read(user: User | None, name: str) -> bool:
    """By the permission to view the model in which it stands; a history's is that of its model."""
    if user is None or name in VAULT:
        return False
    labels = READ_WITH.get(name) or _labels(name) or _labels(name.removesuffix("event"))
    return any(user.has_perm(label.replace(".", ".view_")) for label in labels)


def _labels(name: str) -> list[str]:
    return [
        f"{each._meta.app_label}.{name}"
        for each in apps.get_models()
        if each._meta.model_name == name
    ]


# oEmbed's own word for a format that is not offered; and no worker runs here, which it says.
MEANT = {501: ("/oembed/",), 503: ("/readyz",)}


class Visitor:
    """Somebody who asks, and what they were told that they may not know."""

    def __init__(self, who: str) -> None:
        self.who = who
        self.client = Client(raise_request_exception=False)
        self.user: User | None = None
        if who != NOBODY:
            self.user = rows.person(f"a {who}", who) if who in ROLES else make.user(f"a {who}")
            backend = "django.contrib.auth.backends.ModelBackend"
            self.client.force_login(self.user, backend)
            self.user = User.objects.get(pk=self.user.pk)
        self.may: dict[str, bool] = {}
        self.leaks: set[tuple[str, str, str]] = set()
        self.statuses: dict[int, int] = {}
        self.failed: set[str] = set()
        self.seen: set[str] = set()

    def ask(self, address: str, method: str = "get", *, expected: int = 0) -> HttpResponse:
        before = transaction.savepoint_create()  # what it changes, or fails at, is its own
        try:
            response = getattr(self.client, method)(address)
            body = _whole(response)
        finally:
            transaction.savepoint_rollback(before)
            transaction.savepoint_commit(before)  # else they pile up
        self.statuses[response.status_code] = self.statuses.get(response.status_code, 0) + 1
        meant = address.startswith(MEANT.get(response.status_code, ("nowhere",)))
        if response.status_code >= 500 and response.status_code != expected and not meant:
            self.failed.add(f"{method} {shape(address)}")
        headers = repr(sorted(response.headers.items())).encode()
        self._look_through(address, headers + body)
        return response

    def _look_through(self, address: str, told: bytes) -> None:
        for asked in {each.group() for each in CANARY.finditer(address.encode())}:
            told = re.sub(re.escape(asked) + rb"[-0-9z]*", b"", told, flags=re.IGNORECASE)
        for found in CANARY.finditer(told):
            name, field, state = (each.decode().lower() for each in found.groups())
            place = f"{name}-{field}"
            if name not in self.may:
                self.may[name] = may_read(self.user, name)
            if self.may[name] and place not in NEVER_TOLD:
                self.seen.add(place)
            else:
                self.leaks.add((shape(address), self.who, f"{place} ({state})"))

    def found_by(self, address: str) -> object:
        """What tells a filter that matches from one that cannot."""
        response = self.ask(address)
        found = response.context.get("cl") if response.context else None
        return response.status_code, getattr(found, "result_count", None)

    @property
    def count(self) -> int:
        return sum(self.statuses.values())


def _whole(response: HttpResponse) -> bytes:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return packing.everything_in(body)


def shape(address: str) -> str:
    """Without keys, so that a leak on a hundred rows is one."""
    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<=/)\d+(?=/)", "<key>", address)


@contextmanager
def everything_breaks() -> Iterator[None]:
    """Each address fails with an error that has the words in its message and its frame."""
    kept = BaseHandler.resolve_request

    def broken(self: BaseHandler, request: object) -> None:
        words = f"zq-{VAULT[1]}-words-broken"
        raise RuntimeError(words)

    BaseHandler.resolve_request = broken
    try:
        yield
    finally:
        BaseHandler.resolve_request = kept
