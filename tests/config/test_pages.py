"""The desk's own pages: who may see each, what stands on it, and how often it asks the database."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Copy, PackVersion
from config.navigation import tabs
from evidence import accepting
from evidence.checking import check_claims
from evidence.models import Claim
from tests import factories as make
from tests.config import desk_rows as rows
from tests.evidence.test_review_admin import client_of
from tests.evidence.test_series import figure
from tests.publishing import making

pytestmark = pytest.mark.django_db

CALCULATOR = "/admin/calculator/"
RECONCILIATION = "/admin/reconciliation/"


@pytest.fixture
def reader() -> Client:
    return client_of(rows.person("reader"))


def series_page() -> str:
    return reverse("admin:series", args=[make.measure().pk])


def used(kind: str, record) -> str:
    return reverse("admin:where_used", args=[kind, record.pk])


def pages() -> list[str]:
    source = rows.source()
    return [
        CALCULATOR,
        RECONCILIATION,
        reverse("admin:series_list"),
        series_page(),
        used("source", source),
        used("statistic", rows.statistic()),
        used("testimony", make.testimony()),
    ]


def queries_of(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def words(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_a_stranger_is_shown_the_door(client) -> None:
    addresses = pages()

    answers = {client.get(address).headers.get("Location", "") for address in addresses}

    assert all(answer.startswith("/admin/login/?next=") for answer in answers)


def test_staff_without_a_role_see_none_of_them() -> None:
    person = client_of(make.user("newcomer"))

    assert {person.get(address).status_code for address in pages()} == {403}


def test_a_reader_sees_all_but_where_an_account_is_used(reader) -> None:
    *open_to_them, testimony = pages()

    assert {reader.get(address).status_code for address in open_to_them} == {200}
    assert reader.get(testimony).status_code == 403


def test_an_officer_sees_where_an_account_is_used() -> None:
    officer = client_of(rows.person("officer"))

    assert "Nothing rests on it." in words(officer, used("testimony", make.testimony()))


@pytest.mark.parametrize(
    "address",
    [
        "/admin/series/no-such-measure/",
        "/admin/where-used/source/00000000-0000-4000-8000-000000000000/",
        "/admin/where-used/claim/00000000-0000-4000-8000-000000000000/",
    ],
)
def test_what_is_not_there_is_not_found(reader, address: str) -> None:
    assert reader.get(address).status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (
            "type=percent_change&from=1,437&to=2,061&stated=43%25",
            ("Consistent", 43.42, [42.5, 43.5], "%"),
        ),
        ("type=sum&parts=1,2,3&stated=7", ("Inconsistent", 6, [7, 7], "")),
        ("type=share&to=5&stated=43%25", ("Not testable", None, None, "%")),
        ("type=direction_only&from=3&to=2&stated=down", ("Consistent", -1, None, "")),
    ],
)
def test_the_calculator_answers_an_address(reader, query: str, found: tuple[object, ...]) -> None:
    answer = reader.get(f"{CALCULATOR}?{query}").context["found"]

    assert tuple(answer[name] for name in ("verdict", "recomputed", "interval", "sign")) == found


def test_the_calculator_shows_the_working_in_words(reader) -> None:
    page = words(reader, f"{CALCULATOR}?type=percent_change&from=1,437&to=2,061&stated=43%25")

    assert "1,437 to 2,061 is a rise of 43.42%, which rounds to the printed 43%." in page
    assert "42.5% to 43.5%" in page


def test_what_cannot_be_read_is_told_at_its_field(reader) -> None:
    form = reader.get(f"{CALCULATOR}?type=percent_change&from=abc&to=2").context["form"]

    assert set(form.errors) == {"from"}
    assert form.errors["from"][0].startswith('"abc" is not one number: write it like 1,437')


def test_an_unknown_type_opens_the_first_form(reader) -> None:
    context = reader.get(f"{CALCULATOR}?type=poetry").context

    assert (context["claim_type"], context["found"]) == ("percent_change", None)


def test_the_series_page_draws_and_lists(reader) -> None:
    figure("1,437", 2016)
    figure("2,061", 2021)

    page = words(reader, series_page())

    assert page.count("<svg") == 2  # for a wide screen and for a telephone
    assert "Image crimes, Wales, years ending 31 March" in page
    for each in make.Statistic.objects.all():
        assert reverse("admin:evidence_statistic_change", args=[each.pk]) in page


def test_the_series_page_shows_what_is_derived(reader) -> None:
    force = make.area("W15000004", "Gwent", parent=make.area())
    make.area("W15000001", "Dyfed-Powys", parent=make.area())
    make.statistic("700", source=rows.source())
    make.statistic("259", area=force, source=make.Source.objects.get())

    page = words(reader, series_page())

    assert "There is no picture yet" in page  # nothing of it is approved
    assert "700 - 259 = 441" in page


def test_the_series_page_asks_the_same_with_one_figure_and_with_three(reader) -> None:
    figure("1,437", 2016)
    with_one = queries_of(reader, series_page())
    figure("1,500", 2017)
    figure("1,600", 2018)

    assert queries_of(reader, series_page()) == with_one


def test_what_the_figures_say_comes_worst_first(reader) -> None:
    wrong, open_claim = rows.claim(1), rows.claim(2)
    open_claim.inputs.all().delete()

    context = reader.get(RECONCILIATION).context

    assert [
        (title, [each["id"] for each in items]) for title, _colour, items in context["claims"]
    ] == [
        ("Claims that do not hold", [wrong.key]),
        ("Claims that cannot be tested", [open_claim.key]),
        ("Claims that hold", []),
    ]
    assert context["numbers"] == [
        (1, "do not hold", "claims"),
        (1, "cannot be tested", "claims"),
        (0, "hold", "claims"),
        (0, "do not agree", "conflicts"),
        (0, "follow from others", "derived"),
        (0, "said without a figure", "gaps"),
    ]


def test_an_accepted_claim_still_does_not_hold_and_says_who_accepted_it(reader) -> None:
    claim, _ = rows.claim(1), rows.claim(2)
    check_claims(Claim.objects.all())
    accepting.accept(claim, reason="They corrected it by telephone.", by=make.user("lead"))

    answer = reader.get(RECONCILIATION)

    title, _colour, items = answer.context["claims"][0]
    assert (title, [bool(each["accepted"]) for each in items]) == (
        "Claims that do not hold",
        [True, False],
    )
    assert answer.context["numbers"][0] == (2, "do not hold, 1 accepted", "claims")
    page = " ".join(answer.content.decode().split())
    assert f"Accepted as it stands by lead, {timezone.localdate():%-d %B %Y}" in page
    assert "They corrected it by telephone." in page


def test_an_acceptance_that_fell_is_not_shown(reader) -> None:
    claim = rows.claim()
    check_claims(Claim.objects.all())
    accepting.accept(claim, reason="They corrected it.", by=make.user("lead"))
    Claim.objects.update(stated="44%")

    [item] = reader.get(RECONCILIATION).context["claims"][0][2]

    assert item["accepted"] is None


def test_acceptances_are_read_at_once(reader) -> None:
    for number in (1, 2, 3):
        rows.claim(number)
    check_claims(Claim.objects.all())
    claims = list(Claim.objects.all())
    accepting.accept(claims[0], reason="So.", by=make.user("lead"))
    with_one = queries_of(reader, RECONCILIATION)
    for claim in claims[1:]:
        accepting.accept(claim, reason="So.", by=make.user("lead"))

    assert queries_of(reader, RECONCILIATION) == with_one


ROUND = "type=percent_change&from=1,500&to=2,100&stated=41%25"


def round_claim() -> Claim:
    claim = rows.claim()
    for role, printed in (("from", "1,500"), ("to", "2,100")):
        figure = claim.inputs.get(role=role).statistic
        figure.value_printed, figure.value = printed, printed.replace(",", "")
        figure.save()
    Claim.objects.update(stated="41%")
    check_claims(Claim.objects.all())
    return Claim.objects.get()


def test_what_holds_by_rounding_alone_is_weaker_in_the_calculator(reader) -> None:
    found = reader.get(f"{CALCULATOR}?{ROUND}").context["found"]

    told = ("Consistent only because the inputs are round", "info")
    assert (found["verdict"], found["colour"]) == told


def test_what_holds_by_rounding_alone_is_weaker_wherever_claims_stand(reader) -> None:
    claim = round_claim()
    listed = words(reader, reverse("admin:evidence_claim_changelist"))
    own = words(reader, reverse("admin:evidence_claim_change", args=[claim.pk]))
    together = reader.get(RECONCILIATION).context["claims"]
    where = words(reader, used("source", claim.source))

    assert "consistent only because the inputs are round" in where
    assert claim.verdict == "consistent"
    assert "Consistent only because the inputs are round" in listed
    assert "Consistent only because the inputs are round" in own
    assert [(title, [each["only_round"] for each in items]) for title, _, items in together][2] == (
        "Claims that hold",
        [True],
    )


def test_a_conflict_is_told_with_its_sources(reader) -> None:
    for number, printed in enumerate(("1,437", "1,500"), start=1):
        make.statistic(printed, source=rows.source(number))

    page = words(reader, RECONCILIATION)

    assert "Sources print different values" in page
    assert "1,437 (example-1) and 1,500 (example-2) do not agree." in page
    assert series_page() in page


def test_looking_writes_no_verdict(reader) -> None:
    claim = rows.claim()

    reader.get(RECONCILIATION)

    claim.refresh_from_db()
    assert (claim.verdict, claim.checked_at) == ("", None)


def test_what_the_figures_say_asks_the_same_with_one_claim_and_with_three(reader) -> None:
    rows.claim(1)
    with_one = queries_of(reader, RECONCILIATION)
    rows.claim(2)
    rows.claim(3)

    assert queries_of(reader, RECONCILIATION) == with_one


def held(statistic) -> str:
    """A version that rests on the figure, held by a member; his name."""
    pack = rows.pack()
    version = PackVersion.objects.create(
        pack=pack,
        number=1,
        issued_at=timezone.now(),
        issued_by=make.user("lead"),
        used_on=pack.used_on,
        manifest={"items": [{"id": str(statistic.pk)}]},
        content=b"%PDF-",
        sha256="b" * 64,
    )
    copy = Copy.objects.create(version=version, member=rows.peer(), issued_at=timezone.now())
    return copy.member.name


def test_who_holds_a_copy_is_told_to_an_officer() -> None:
    statistic = rows.statistic()
    name = held(statistic)

    page = words(client_of(rows.person("officer")), used("statistic", statistic))

    assert f">{name}</a>" in page


def test_a_reader_is_told_only_how_many_hold_a_copy(reader) -> None:
    statistic = rows.statistic()
    name = held(statistic)

    page = words(reader, used("statistic", statistic))

    assert "Rests on it: 1 issued copy." in page
    assert name not in page


def test_where_a_figure_is_used_names_what_rests_on_it(reader) -> None:
    claim = rows.claim()
    check_claims(Claim.objects.all())
    statistic = claim.inputs.first().statistic
    making.approved(statistic)

    page = words(reader, used("statistic", statistic))

    assert "Rests on it: 1 claim, 1 item on the website." in page
    assert reverse("admin:evidence_claim_change", args=[claim.pk]) in page
    assert reverse("admin:publishing_publisheditem_change", args=[statistic.pk]) in page


def test_where_a_source_is_used_asks_the_same_with_one_figure_and_with_three(reader) -> None:
    source = rows.source()
    rows.statistic(1, source=source)
    with_one = queries_of(reader, used("source", source))
    rows.statistic(2, source=source)
    rows.statistic(3, source=source)

    assert queries_of(reader, used("source", source)) == with_one


@pytest.mark.parametrize(
    ("kind", "tab", "item"),
    [
        ("source", "Sources", "Sources"),
        ("statistic", "Figures", "Figures"),
        ("testimony", "Testimonies", "Testimony"),
    ],
)
def test_where_used_stands_under_the_list_it_came_from(kind: str, tab: str, item: str) -> None:
    made = {"source": rows.source, "statistic": rows.statistic, "testimony": make.testimony}

    answer = client_of(rows.person("officer")).get(used(kind, made[kind]()))

    active = [
        each["title"]
        for room in tabs(answer.wsgi_request)
        for each in room["items"]
        if each["active"]
    ]
    menu = [each for group in answer.context["sidebar_navigation"] for each in group["items"]]
    assert active == [tab]
    assert [each["title"] for each in menu if each["active"]] == [item]
