"""Ages and the birthdays at which a young person decides anew."""

from datetime import date

ADULT_AT = 18
DECIDES_ANEW = (16, ADULT_AT)


def age_on(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def reconsent_month(born: date, day: date) -> date | None:
    """First of the month of the next such birthday; None for an adult.

    A month says less of a person than a date, and the consent ends before the day itself.
    """
    years = next((age for age in DECIDES_ANEW if age > age_on(born, day)), None)
    return date(born.year + years, born.month, 1) if years else None
