"""Two worlds, one of which holds rows that were never published: every answer is the same.

The whole public API: every address of the resolver, every parameter of the description and many
that are none, with words and ids of both worlds.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from itertools import product
from urllib.parse import quote

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from evidence.models import ReviewState, Testimony, TestimonyVersion
from evidence.website import is_on_website, put_on_website
from publishing import publication
from publishing.api.schema import description
from publishing.api.tokens import Seen, cursor_after
from publishing.documents import document_of
from publishing.models import Change, Counter, PublishedItem
from tests.prove import planting
from tests.refusing import run

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

# The desk, where who asks has to log in; and a person's own page, which counts who tries the door.
PRIVATE = ("admin/", "accounts/", "w/")
OF_THE_FEED = ("/api/v1/", "/feed.", "/embed/", "/oembed/")
# Made anew for each answer: what guards a form, and the cookie beside it.
MADE_ANEW = re.compile(rb'(csrfmiddlewaretoken" value="|nonce="|nonce-)[A-Za-z0-9+/=_-]+')
METHODS = ["head", "options", "post", "put", "patch", "delete"]
BAD = [
    *("", "0", "-1", "101", "1e3", "1.0", "٣", " ", "%", "*", "'", '"', "\\", "\x00", "a\x07b"),
    *("null", "None", "true", "[]", "{}", "../", "%00", "W9200000", "W920000040", "🙂", "A" * 201),
    *("' OR 1=1 --", "1; SELECT pg_sleep(1)", "<script>", "canary", "approved", "draft", "-seq"),
]
WORDS = [
    "canary",
    "wales",
    "account",
    "happened",
    "rise",
    "withdrawn",
    '"what happened"',
    "-canary",
]
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

type Answer = tuple[int, bytes, dict[str, str]]
type Asked = tuple[str, str, tuple[tuple[str, str], ...]]


@pytest.fixture
def ask(as_feed) -> Callable[[Asked], Answer]:
    """With the rights of the website's login, save what is no part of the feed."""
    client = Client(raise_request_exception=False)

    def told(asked: Asked) -> Answer:
        method, address, headers = asked
        with as_feed() if address.startswith(OF_THE_FEED) else nullcontext():
            before = transaction.savepoint_create()  # a query that fails is to fail alone
            try:
                return _plain(getattr(client, method)(address, headers=dict(headers)))
            finally:
                transaction.savepoint_rollback(before)
                transaction.savepoint_commit(before)  # else they pile up

    return told


def _plain(response: HttpResponse) -> Answer:
    headers = dict(response.headers)
    headers.pop("Date", None)
    if "no-cache" in headers.get("Cache-Control", ""):
        headers.pop("Expires", None)  # Django then writes the date once more
    headers["cookies"] = " ".join(response.cookies)
    policy = headers.get("Content-Security-Policy", "")
    headers["Content-Security-Policy"] = re.sub(r"nonce-[^']+", "nonce", policy)
    body = b"" if response.streaming else MADE_ANEW.sub(rb"\1", response.content)
    return response.status_code, body, headers


@pytest.fixture
def said(capfd) -> Callable[[str], None]:
    def say(line: str) -> None:
        with capfd.disabled():
            print(f"\n{line}", end="", flush=True)  # noqa: T201 - progress

    return say


def test_rows_that_were_never_published_change_no_byte(ask, said) -> None:
    planting.published_world()
    with planting.undone():
        planting.plant_by_hand()
        requests = all_requests(ids_of_every_row())
        by_hand = {each: ask(each) for each in requests}
    said(f"{len(requests)} requests in a world with drafts of everything")
    with planting.undone():
        planting.plant_by_hand()
        planted, left = planting.plant_in_every_table()
        everywhere = {each: ask(each) for each in requests}
        more = all_requests(ids_of_every_row())[len(BAD) :: 3]
        more_told = {each: ask(each) for each in more}
    said(f"{len(everywhere) + len(more)} in one with a row in each of {len(planted)} tables")
    plain = {each: ask(each) for each in requests}
    said(f"{len(plain)} in one without either")

    assert left == []
    assert _differing(plain, by_hand) == []
    assert _differing(plain, everywhere) == []
    assert _differing({each: ask(each) for each in more}, more_told) == []
    assert not [each for each, (_, body, _) in plain.items() if _leaks(each, body)]
    statuses = {status for status, *_ in plain.values()}
    assert statuses >= {200, 204, 304, 400, 404, 405, 410}
    # 501 is what oEmbed says of a format that it has not
    assert not {status for status in statuses if status >= 500} - {501, 503}


def test_what_is_rendered_among_drafts_is_the_same_as_without_them(ask) -> None:
    """Documents are written once, so what could leak is what stood beside them then."""
    planting.published_world()
    before = dict(PublishedItem.objects.values_list("pk", "body"))

    with planting.undone():
        planting.plant_by_hand()
        render_everything()
        after = dict(PublishedItem.objects.values_list("pk", "body"))
        changes = Change.objects.count()

    assert {key: bytes(body) for key, body in after.items()} == {
        key: bytes(body) for key, body in before.items()
    }
    assert changes == Change.objects.count()


def render_everything() -> None:
    with transaction.atomic():
        for model in apps.get_models():
            if document_of(model) is not None and hasattr(model, "review_state"):
                for record in model._default_manager.filter(review_state=ReviewState.APPROVED):
                    publication.publish(record)
        for version in TestimonyVersion.objects.all():
            publication.render_followers(version)
        for testimony in Testimony.objects.all():
            if is_on_website(testimony):
                put_on_website(testimony)


def _differing(one: dict[Asked, Answer], two: dict[Asked, Answer]) -> list[object]:
    assert one.keys() == two.keys()
    return [(each, one[each], two[each]) for each in one if one[each] != two[each]][:3]


def _leaks(asked: Asked, body: bytes) -> bool:
    """Other than what was asked for, told back."""
    return b"canary" in body and "canary" not in asked[1]


# What is asked


def all_requests(ids: list[str]) -> list[Asked]:
    addresses = list(dict.fromkeys(all_addresses(ids)))
    few = list(dict.fromkeys(_plain_addresses(ids[:2])))
    asked: list[Asked] = [("get", each, ()) for each in addresses]
    asked += [(method, each, ()) for method, each in product(METHODS, few)]
    for etag in ["*", '"0"', *_etags()]:
        asked += [("get", each, (("If-None-Match", etag),)) for each in few]
    return asked


def _etags() -> list[str]:
    return [f'"{etag}"' for etag in PublishedItem.objects.values_list("etag", flat=True)]


def public_routes() -> list[str]:
    """Every route that is not the desk's, from the resolver."""

    def walk(patterns: Iterable[object], prefix: str) -> Iterator[str]:
        for each in patterns:
            route = prefix + str(each.pattern)
            if isinstance(each, URLResolver) and not route.startswith(PRIVATE):
                yield from walk(each.url_patterns, route)
            elif isinstance(each, URLPattern) and not route.startswith(PRIVATE):
                yield f"/{route}"

    return list(walk(get_resolver().url_patterns, ""))


CONVERTER = re.compile(r"<(?:(\w+):)?\w+>")


def _plain_addresses(ids: list[str]) -> Iterator[str]:
    for route in public_routes():
        if "^" in route:
            yield from ("/api/v1/", "/api/v1/members/", "/api/v1/testimonies/canary/", "/api/v1")
        elif found := CONVERTER.search(route):
            numbers, words = ["0", "1", "900001"], ["canary", "lords-report", *ids[:20]]
            values = {"uuid": ids, "int": numbers}.get(found[1] or "", words)
            yield from (CONVERTER.sub(each, route) for each in values)
        else:
            yield route


def all_addresses(ids: list[str]) -> Iterator[str]:
    plain = list(_plain_addresses(ids))
    yield from plain
    fields = sorted({field.name for model in _models() for field in model._meta.get_fields()})
    shapes = [each for each in dict.fromkeys(plain) if not UUID.search(each)]
    for address in shapes:
        for name in ("ordering", "search", "page", "offset", "fields", "format", "q", "limit"):
            yield f"{address}?{name}=canary"
    for name in fields:
        yield f"/api/v1/statistics/?{quote(name)}=canary"
        yield f"/api/v1/testimonies/?ordering={quote(name)}"
    for path, item in description()["paths"].items():
        if "{" not in path:
            names = [each["name"] for each in item.get("get", {}).get("parameters", [])]
            yield from _with_parameters(path, names, ids)


def _with_parameters(path: str, names: list[str], ids: list[str]) -> Iterator[str]:
    values = {name: [*BAD, *_values(name, ids)] for name in names}
    for name in names:
        yield from (f"{path}?{name}={quote(value)}" for value in values[name])
        yield f"{path}?{name}=1&{name}=2"
    for one, two in product(names, names):
        if one < two:
            for first, second in product(_some(one, ids), _some(two, ids)):
                yield f"{path}?{one}={quote(first)}&{two}={quote(second)}"


def _values(name: str, ids: list[str]) -> list[str]:
    last = Counter.objects.get().seq
    numbers = range(last + 3)
    match name:
        case "limit":
            return [str(number) for number in (1, 2, 3, 50, 100)]
        case "cursor":
            return [cursor_after(number) for number in numbers]
        case "since":
            epoch = Counter.objects.get().epoch
            return [Seen(epoch, number).token() for number in numbers] + [Seen().token()]
        case "q":
            return [*WORDS, *ids[::10]]
        case "area":
            return [code for (code,) in run("SELECT gss_code FROM evidence_area")]
        case _:
            keys = run("SELECT key FROM evidence_source UNION SELECT slug FROM campaigns_ask")
            return [*ids, *(key for (key,) in keys)]


def _some(name: str, ids: list[str]) -> list[str]:
    values = _values(name, ids)
    return [*values[:2], *values[-2:], "canary"]


def ids_of_every_row() -> list[str]:
    """Every UUID of every row, whichever world it belongs to."""
    found: set[str] = set()
    columns = run(
        "SELECT attrelid::regclass::text, attname FROM pg_attribute JOIN pg_class "
        "ON pg_class.oid = attrelid WHERE relkind = 'r' AND atttypid = 'uuid'::regtype "
        "AND relnamespace = 'public'::regnamespace AND NOT attisdropped ORDER BY 1, 2"
    )
    for table, column in columns:
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT DISTINCT "{column}"::text FROM {table}')
            found |= {each for (each,) in cursor.fetchall() if each}
    return sorted(found)


def _models() -> list[type]:
    labels = ("evidence", "campaigns", "publishing")
    return [model for label in labels for model in apps.get_app_config(label).get_models()]
