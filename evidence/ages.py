"""How old somebody is, and what their age asks of a consent: pure arithmetic on birthdays."""

from dataclasses import dataclass
from datetime import date

BY_PARENT_UNDER = 13
ASSESSED_UNDER = 16
ASSENT_UNDER = 18
DECIDES_ANEW_AT = (16, 18)


@dataclass(frozen=True)
class ConsentRules:
    """What a consent needs that somebody of this age gives; the database holds the same."""

    age: int
    needs_parental_responsibility: bool
    needs_competence_assessed: bool
    needs_own_assent: bool
    reconsent_month: date | None
    waits_for_the_birthday: bool  # its month has begun: a consent would end before it starts


def age_on(born: date, day: date) -> int:
    """In whole years; somebody born on 29 February grows older on 1 March of a common year."""
    if day < born:
        raise ValueError("Nobody has an age before they were born.")
    return day.year - born.year - (day < birthday(born, day.year - born.year))


def birthday(born: date, age: int) -> date:
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def birthday_month(born: date, age: int) -> date:
    """The first day of the month in which they reach that age."""
    return birthday(born, age).replace(day=1)


def reconsent_month(born: date, day: date) -> date | None:
    """The month by which a consent of that day ends, since they decide anew; None from 18 on."""
    age = age_on(born, day)
    coming = next((limit for limit in DECIDES_ANEW_AT if age < limit), None)
    return None if coming is None else birthday_month(born, coming)


def rules_for(born: date, day: date) -> ConsentRules:
    age, month = age_on(born, day), reconsent_month(born, day)
    return ConsentRules(
        age=age,
        needs_parental_responsibility=age < BY_PARENT_UNDER,
        needs_competence_assessed=age < ASSESSED_UNDER,
        needs_own_assent=age < ASSENT_UNDER,
        reconsent_month=month,
        waits_for_the_birthday=month is not None and day >= month,
    )
