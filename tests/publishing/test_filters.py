"""Lists by period, topic and kind of source, some fields instead of all, and who asks too much."""

import pytest

from publishing.api import throttle
from tests import factories as make
from tests.publishing import making

pytestmark = pytest.mark.django_db

FIGURES = "/api/v1/statistics/"


def count(told, address: str) -> int:
    return len(told(address)["items"])


@pytest.mark.parametrize(
    ("period", "expected"), [("2017", 1), ("2018", 1), ("2017/18", 1), ("2017-18", 1), ("2019", 0)]
)
def test_figures_by_period(told, period: str, expected: int) -> None:
    making.approved(make.statistic(period=make.financial_year(2017)))

    assert count(told, f"{FIGURES}?period={period}") == expected


def test_figures_by_topic(told) -> None:
    figure = making.approved(make.statistic())

    assert count(told, f"{FIGURES}?topic={figure.measure_id}") == 1
    assert count(told, f"{FIGURES}?topic=other") == 0


def test_sources_by_their_kind(told) -> None:
    source = making.approved(make.source())

    assert count(told, f"/api/v1/sources/?source_kind={source.kind}") == 1
    assert count(told, "/api/v1/sources/?source_kind=survey") == 0


def test_asks_by_a_campaign_that_is_published(told) -> None:
    ask = making.approved(making.ask())
    assert count(told, "/api/v1/asks/?topic=online-safety") == 0

    making.approved(ask.campaign)

    assert count(told, "/api/v1/asks/?topic=online-safety") == 1


def test_a_search_of_one_kind(told) -> None:
    making.written("harbour")

    assert count(told, "/api/v1/search/?q=harbour&kind=bill") == 1
    assert count(told, "/api/v1/search/?q=harbour&kind=source") == 0


@pytest.mark.parametrize(
    ("query", "parameter"),
    [("period=last", "period"), ("period=20177", "period"), ("topic=a%20b", "topic")],
)
def test_a_filter_in_the_wrong_form_is_refused(read, query: str, parameter: str) -> None:
    response = read(f"{FIGURES}?{query}")

    assert (response.status_code, response.json()["parameter"]) == (400, parameter)


def test_some_fields_with_those_that_belong_to_them(told) -> None:
    figure = making.approved(make.statistic(caveat="Forces differ."))
    expected = {
        "id": str(figure.pk),
        "kind": "statistic",
        "licence": None,
        "display_value": figure.display_value,
        "caveat": "Forces differ.",
    }

    assert told(f"{FIGURES}?fields=display_value")["items"] == [expected]
    assert told(f"{FIGURES}{figure.pk}/?fields=display_value") == expected


def test_an_account_is_never_without_its_attribution_and_warning(told) -> None:
    making.on_website()

    (item,) = told("/api/v1/testimonies/?fields=text")["items"]

    assert sorted(item) == [
        "anonymity_note",
        "attribution",
        "content_warning",
        "id",
        "kind",
        "licence",
        "text",
    ]


def test_fields_differ_in_their_etags(read) -> None:
    making.written()
    address = f"/api/v1/bills/{making.item_id('one')}/"

    etags = {read(f"{address}{query}")["ETag"] for query in ("", "?fields=title", "?fields=url")}

    assert len(etags) == 3


@pytest.mark.parametrize("fields", ["", "secret", "title,", "title,__class__", "Title"])
def test_a_field_that_is_not_there_is_refused(read, fields: str) -> None:
    response = read(f"{FIGURES}?fields={fields}")

    assert (response.status_code, response.json()["parameter"]) == (400, "fields")


@pytest.fixture
def few(settings, monkeypatch) -> None:
    settings.FEED_RATE = 3
    settings.FEED_ADDRESS_HEADER = "X-Real-IP"
    monkeypatch.setattr(throttle, "_tokens", type(throttle._tokens)())


@pytest.mark.usefixtures("few")
def test_who_asks_too_much_is_told_when_to_come_back(read) -> None:
    answers = [read("/api/v1/bills/", **{"X-Real-IP": "192.0.2.1"}) for _ in range(4)]
    other = read("/api/v1/bills/", **{"X-Real-IP": "192.0.2.2"})

    assert [each.status_code for each in answers] == [200, 200, 200, 429]
    assert other.status_code == 200
    assert answers[3]["Retry-After"] == "20"
    assert answers[3]["Cache-Control"] == "no-store"
    assert answers[3].json()["type"].endswith("#throttled")


@pytest.mark.usefixtures("few")
def test_an_address_that_is_behind_another_s_is_the_proxy_s_last_word(read) -> None:
    told = [
        read("/api/v1/bills/", **{"X-Real-IP": f"198.51.100.{n}, 192.0.2.9"}).status_code
        for n in range(4)
    ]

    assert told == [200, 200, 200, 429]


def test_this_machine_s_own_addresses_are_not_counted(settings, read) -> None:
    settings.FEED_RATE = 1

    assert {read("/api/v1/bills/").status_code for _ in range(3)} == {200}


def test_no_more_addresses_are_remembered_than_fit(settings, monkeypatch) -> None:
    monkeypatch.setattr(throttle, "_tokens", type(throttle._tokens)())
    monkeypatch.setattr(throttle, "MOST_ADDRESSES", 3)

    for number in range(9):
        throttle._take(str(number), 60, 0.0)

    assert list(throttle._tokens) == ["6", "7", "8"]
