"""Lists: stored bytes joined, newest change first, and nothing that tells of hidden rows."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from publishing.addresses import SEGMENTS
from publishing.models import Kind
from tests import factories as make
from tests.publishing import making

pytestmark = pytest.mark.django_db

BILLS = "/api/v1/bills/"


def test_an_empty_list(told) -> None:
    assert [told(f"/api/v1/{segment}/") for segment in SEGMENTS.values()] == [
        {"items": [], "next": None}
    ] * 7


def test_newest_change_first(told) -> None:
    one, two = making.written("one"), making.written("two")
    assert told(BILLS) == {"items": [making.document(two), making.document(one)], "next": None}

    one = making.written("one", text="changed")
    assert told(BILLS)["items"] == [
        making.document(one, summary="changed"),
        making.document(two),
    ]


def test_the_bytes_are_those_that_were_approved(read) -> None:
    item = making.written()

    assert read(BILLS).content == b'{"items":[' + item.body + b'],"next":null}'


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_takes_one_query_however_long(as_feed, client, rows: int) -> None:
    for name in range(rows):
        making.written(str(name))

    with as_feed(), CaptureQueriesContext(connection) as queries:
        client.get(BILLS)

    assert len(queries) == 1


def test_pages_follow_one_another_while_the_list_grows(told) -> None:
    for name in "abcde":
        making.written(name)

    first = told(f"{BILLS}?limit=2")
    making.written("new")
    second = told(first["next"])
    third = told(second["next"])

    titles = [[item["title"] for item in page["items"]] for page in (first, second, third)]
    assert titles == [["The e", "The d"], ["The c", "The b"], ["The a"]]
    assert third["next"] is None


def test_a_full_last_page_has_no_next(told) -> None:
    making.written("one"), making.written("two")

    assert told(f"{BILLS}?limit=2")["next"] is None


def test_removed_and_expired_items_leave_lists_at_once(told) -> None:
    making.written("one")
    making.written("two", expires_in=timedelta(seconds=-1))
    assert [item["title"] for item in told(BILLS)["items"]] == ["The one"]

    making.removed("one")
    assert told(BILLS) == {"items": [], "next": None}


def test_figures_by_area_and_those_within_it(told) -> None:
    wales = make.area()
    north = make.area("W15000001", "North Wales", wales)
    source = make.source()
    for area in (wales, north, make.area("E92000001", "England")):
        making.approved(make.statistic(area=area, source=source))

    def areas(code: str) -> list[str]:
        items = told(f"/api/v1/statistics/?area={code}")["items"]
        return sorted(item["area"]["name"] for item in items)

    assert areas("W92000004") == ["North Wales", "Wales"]
    assert areas("W15000001") == ["North Wales"]
    assert areas("S92000003") == []


@pytest.mark.parametrize("by", ["key", "pk"])
def test_figures_by_source(told, by: str) -> None:
    ours, other = make.source("ours"), make.source("other")
    figure = making.approved(make.statistic(source=ours))
    making.approved(make.statistic(source=other))

    items = told(f"/api/v1/statistics/?source={getattr(ours, by)}")["items"]

    assert [item["id"] for item in items] == [str(figure.pk)]


@pytest.mark.parametrize("by", ["slug", "pk"])
def test_what_an_ask_rests_on_by_kind(told, by: str) -> None:
    figure = making.approved(make.statistic())
    making.approved(make.statistic(area=make.area("E92000001", "England")))
    covered = making.on_website()
    making.on_website("Another account")
    ask = making.ask()
    ask.evidence.create(role="shows_problem", statistic=figure)
    ask.evidence.create(role="shows_problem", testimony_version=covered.version)
    making.approved(ask)

    def ids(segment: str) -> list[str]:
        items = told(f"/api/v1/{segment}/?ask={getattr(ask, by)}")["items"]
        return [item["id"] for item in items]

    assert ids("statistics") == [str(figure.pk)]
    assert ids("testimonies") == [str(covered.version.testimony.public_id)]
    assert ids("sources") == ids("amendments") == []


def test_an_ask_that_is_not_published_says_nothing_of_its_evidence(told) -> None:
    figure = making.approved(make.statistic())
    ask = making.ask()
    ask.evidence.create(role="shows_problem", statistic=figure)

    assert told("/api/v1/statistics/?ask=advocate") == {"items": [], "next": None}


def refusal(parameter: str, detail: str) -> dict[str, object]:
    return {
        "type": "http://localhost:8000/api/v1/docs/#parameter",
        "title": "A parameter cannot be used",
        "status": 400,
        "detail": detail,
        "parameter": parameter,
    }


@pytest.mark.parametrize(
    ("query", "parameter", "detail"),
    [
        ("page=2", "page", "This parameter is not known here."),
        ("ordering=-title", "ordering", "This parameter is not known here."),
        ("area=W92000004", "area", "This parameter is not known here."),
        ("limit=0", "limit", "A number from 1 to 100."),
        ("limit=101", "limit", "A number from 1 to 100."),
        ("limit=-1", "limit", "A number from 1 to 100."),
        ("limit=", "limit", "A number from 1 to 100."),
        ("limit=%D9%A1", "limit", "A number from 1 to 100."),
        ("limit=1&limit=2", "limit", "Give this parameter once."),
        ("cursor=", "cursor", "Use a cursor as `next` gave it."),
        ("cursor=AAAAAAAAAAA", "cursor", "Use a cursor as `next` gave it."),
        ("cursor=%00", "cursor", "Control characters cannot be used."),
        ("cursor=__________8", "cursor", "Use a cursor as `next` gave it."),
        (f"cursor={'A' * 201}", "cursor", "At most 200 characters."),
        ("a%00b=1", "ab", "This parameter is not known here."),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(read, query, parameter, detail) -> None:
    response = read(f"{BILLS}?{query}")

    assert response["Content-Type"] == "application/problem+json"
    assert response["Cache-Control"] == "no-store"
    assert (response.status_code, response.json()) == (400, refusal(parameter, detail))


def test_a_filter_in_the_wrong_form_is_refused(read) -> None:
    response = read("/api/v1/statistics/?area=Wales")

    assert response.json() == refusal("area", "A GSS code, as in W92000004.")


def test_headers(read) -> None:
    making.written()

    headers = dict(read(BILLS).headers)

    etag = headers.pop("ETag")
    assert len(etag) == 66
    assert {name: headers.get(name) for name in FEED_HEADERS} == FEED_HEADERS
    assert "Cookie" not in headers.get("Vary", "")
    assert "Set-Cookie" not in headers


FEED_HEADERS = {
    "Content-Type": "application/json",
    "Cache-Control": "public, max-age=60, must-revalidate",
    "X-Accel-Expires": "1",
    "Surrogate-Key": "bills",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag",
}


@pytest.mark.parametrize("address", ["testimonies/", "search/?q=a", "changes/"])
def test_what_can_hold_testimony_asks_not_to_be_archived(read, address: str) -> None:
    assert read(f"/api/v1/{address}")["X-Robots-Tag"] == "noarchive"


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}'])
def test_who_has_the_page_gets_no_body_for_one_query(as_feed, read, client, form: str) -> None:
    making.written()
    etag = read(BILLS)["ETag"]

    with as_feed(), CaptureQueriesContext(connection) as queries:
        response = client.get(BILLS, headers={"If-None-Match": form.format(etag)})

    assert (response.status_code, response.content, response["ETag"]) == (304, b"", etag)
    assert response["Cache-Control"] == FEED_HEADERS["Cache-Control"]
    assert len(queries) == 1


def test_a_change_anywhere_makes_another_etag(read) -> None:
    before = read(BILLS)["ETag"]
    making.written()

    assert read(BILLS, **{"If-None-Match": before}).status_code == 200
    assert read(f"{BILLS}?limit=9")["ETag"] != read(BILLS)["ETag"]


def test_head_has_the_headers_without_the_body(read) -> None:
    making.written()

    whole, head = read(BILLS), read(BILLS, "head")

    assert head.content == b""
    assert dict(head.headers) == dict(whole.headers)


def test_other_sites_may_ask(read) -> None:
    response = read(BILLS, "options")

    assert (response.status_code, response.content) == (204, b"")
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(read, method: str) -> None:
    response = read(BILLS, method)

    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert response.json()["title"] == "The feed can only be read"


def test_an_address_that_is_not_there_is_told_in_the_same_form(read) -> None:
    response = read("/api/v1/members/")

    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


def test_a_failure_is_told_without_saying_what_failed(read, monkeypatch, caplog) -> None:
    monkeypatch.setattr("publishing.api.lists.encode", lambda _: 1 / 0)

    response = read(BILLS)

    assert (response.status_code, response.json()) == (
        500,
        {
            "type": "http://localhost:8000/api/v1/docs/#error",
            "title": "The feed failed to answer",
            "status": 500,
            "detail": "The failure has been logged.",
        },
    )
    assert "ZeroDivisionError" in caplog.text


ADDRESSES = [
    *[f"/api/v1/{segment}/" for segment in SEGMENTS.values()],
    "/api/v1/statistics/?ask=advocate",
    "/api/v1/search/?q=canary",
    "/api/v1/changes/",
    "/feed.json",
    "/feed.atom",
]


def test_rows_that_were_never_published_change_no_byte(read) -> None:
    """Two worlds, one of which holds drafts of everything: their answers are the same."""
    figure = making.approved(make.statistic())
    making.on_website()

    def world() -> list[tuple[int, bytes, dict[str, str]]]:
        answers = [read(address) for address in ADDRESSES]
        return [(each.status_code, each.content, dict(each.headers)) for each in answers]

    before = world()
    plant_drafts(figure)

    assert world() == before
    assert b"canary" not in b"".join(body for _, body, _ in before)


def plant_drafts(figure) -> None:
    source = make.source("canary", title="canary")
    make.statistic("9", source=source, caveat="canary")
    source.derivatives.add(make.source("canary-2"))
    make.version(make.testimony("canary"), "canary")
    make.covered(title="canary, private", text="canary")
    ask = making.ask(change_wanted="canary")
    ask.evidence.create(role="shows_problem", statistic=figure, reason="canary")
    making.amendment(making.stage(making.bill()), note="canary")


def test_every_kind_has_its_list() -> None:
    assert set(SEGMENTS) == set(Kind)
