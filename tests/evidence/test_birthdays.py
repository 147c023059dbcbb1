"""Ages, and the birthdays at which a young person decides anew."""

from datetime import date

import pytest

from evidence.birthdays import age_on, reconsent_month

LEAP = date(2008, 2, 29)


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2010, 6, 15), date(2026, 6, 14), 15),
        (date(2010, 6, 15), date(2026, 6, 15), 16),
        (date(2010, 6, 15), date(2010, 6, 15), 0),
        (LEAP, date(2024, 2, 28), 15),
        (LEAP, date(2024, 2, 29), 16),
        (LEAP, date(2026, 2, 28), 17),
        (LEAP, date(2026, 3, 1), 18),
    ],
)
def test_an_age_grows_on_the_birthday(born, day, age) -> None:
    assert age_on(born, day) == age


@pytest.mark.parametrize(
    ("day", "month"),
    [
        (date(2020, 1, 1), date(2026, 6, 1)),
        (date(2026, 6, 14), date(2026, 6, 1)),
        (date(2026, 6, 15), date(2028, 6, 1)),
        (date(2028, 6, 14), date(2028, 6, 1)),
        (date(2028, 6, 15), None),
    ],
)
def test_they_decide_anew_at_16_and_at_18(day, month) -> None:
    assert reconsent_month(date(2010, 6, 15), day) == month


@pytest.mark.parametrize(
    ("born", "day", "age", "month"),
    [
        (date(2011, 6, 30), date(2026, 6, 30), 15, date(2027, 6, 1)),
        (date(2010, 6, 30), date(2026, 6, 29), 15, date(2026, 6, 1)),
        (date(2010, 6, 30), date(2026, 6, 30), 16, date(2028, 6, 1)),
        (LEAP, date(2026, 2, 28), 17, date(2026, 2, 1)),
        (LEAP, date(2026, 3, 1), 18, None),
    ],
)
def test_a_birthday_counts_on_its_day(born, day, age, month) -> None:
    assert (age_on(born, day), reconsent_month(born, day)) == (age, month)
