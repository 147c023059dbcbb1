"""Ages, birthdays and what they ask of a consent."""

from datetime import date

import pytest

from evidence.ages import ConsentRules, age_on, birthday_month, reconsent_month, rules_for

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


def test_nobody_has_an_age_before_birth() -> None:
    with pytest.raises(ValueError, match="before they were born"):
        age_on(date(2010, 6, 15), date(2010, 6, 14))


@pytest.mark.parametrize(
    ("born", "age", "month"),
    [
        (date(2010, 6, 15), 16, date(2026, 6, 1)),
        (date(2010, 12, 31), 18, date(2028, 12, 1)),
        (LEAP, 16, date(2024, 2, 1)),
        (LEAP, 18, date(2026, 3, 1)),
    ],
)
def test_the_month_of_a_birthday(born, age, month) -> None:
    assert birthday_month(born, age) == month


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
    ("day", "rules"),
    [
        (date(2023, 6, 14), ConsentRules(12, True, True, True, date(2026, 6, 1), False)),
        (date(2023, 6, 15), ConsentRules(13, False, True, True, date(2026, 6, 1), False)),
        (date(2026, 5, 31), ConsentRules(15, False, True, True, date(2026, 6, 1), False)),
        (date(2026, 6, 1), ConsentRules(15, False, True, True, date(2026, 6, 1), True)),
        (date(2026, 6, 15), ConsentRules(16, False, False, True, date(2028, 6, 1), False)),
        (date(2028, 6, 15), ConsentRules(18, False, False, False, None, False)),
    ],
)
def test_what_a_consent_needs_at_that_age(day, rules) -> None:
    assert rules_for(date(2010, 6, 15), day) == rules
