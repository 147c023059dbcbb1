"""The chart's specification at its own address."""

import pytest

from tests import factories as make
from tests.publishing import making

pytestmark = pytest.mark.django_db


def test_the_specification_alone(read) -> None:
    figure = making.approved(make.statistic())
    making.approved(make.statistic("1,500", period=make.financial_year(2017)))

    response = read(f"/api/v1/statistics/{figure.pk}/chart/")

    assert response["Content-Type"] == "application/vnd.vegalite.v6+json"
    assert response.json() == making.body_of(figure)["chart"]
    assert response.json()["$schema"].endswith("/v6.json")


def test_a_figure_alone_has_none(read) -> None:
    figure = making.approved(make.statistic())

    response = read(f"/api/v1/statistics/{figure.pk}/chart/")

    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


def test_gone_with_its_figure(read) -> None:
    figure = making.approved(make.statistic())
    making.retired(figure)

    assert read(f"/api/v1/statistics/{figure.pk}/chart/").status_code == 410
