"""OSCOLA citations of what we cite: news, reports and releases, FOI responses, bills, Hansard."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

House = Literal["HC", "HL"]


@dataclass(frozen=True, slots=True)
class Work:
    """What every publication has. `date` is as far as it is known: 22 February 2023, or 2018."""

    title: str
    date: str = ""
    url: str = ""
    accessed: dt.date | None = None
    title_is_ours: bool = False


@dataclass(frozen=True, slots=True)
class News(Work):
    newspaper: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True)
class Report(Work):
    """A report, release or briefing by a body; the description says which it is."""

    author: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class FoiResponse(Work):
    authority: str = ""


@dataclass(frozen=True, slots=True)
class Bill:
    title: str
    house: House
    session: str = ""
    number: str = ""
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Hansard:
    """Columns as printed, as in 1-5."""

    house: House
    date: dt.date
    volume: str = ""
    columns: str = ""


def cite(work: News | Report | FoiResponse | Bill | Hansard) -> str:
    match work:
        case News():
            return _news(work)
        case Report():
            return _report(work)
        case FoiResponse():
            return _joined(
                f"{_led(work.authority)}{_title(work)}", _brackets(work.date), _web(work)
            )
        case Bill():
            return _bill(work)
        case Hansard():
            return _hansard(work)


def day(value: dt.date) -> str:
    return f"{value.day} {value:%B %Y}"


def _news(work: News) -> str:
    """Without an author it starts with the title."""
    return _joined(
        f"{_led(work.author)}{_title(work)}", work.newspaper, _brackets(work.date), _web(work)
    )


def _report(work: Report) -> str:
    described = ", ".join(part for part in (work.description, work.date) if part)
    return _joined(f"{_led(work.author)}{_title(work)}", _brackets(described), _web(work))


def _bill(work: Bill) -> str:
    """The Commons' own numbers stand in square brackets."""
    number = f"[{work.number}]" if work.house == "HC" and work.number else work.number
    bill = _joined(work.title, f"{work.house} Bill", _brackets(work.session), number)
    return f"{bill}, cl {work.clause}" if work.clause else bill


def _hansard(work: Hansard) -> str:
    several = "cols" if "-" in work.columns or "–" in work.columns else "col"
    parts = [
        f"{work.house} Deb {day(work.date)}",
        work.volume and f"vol {work.volume}",
        work.columns and f"{several} {work.columns}",
    ]
    return ", ".join(part for part in parts if part)


def _led(author: str) -> str:
    return f"{author}, " if author else ""


def _title(work: Work) -> str:
    """In quotation marks if printed; one that we gave it ourselves stands in square brackets."""
    return f"[{work.title}]" if work.title_is_ours else f"'{work.title}'"


def _brackets(text: str) -> str:
    return f"({text})" if text else ""


def _web(work: Work) -> str:
    """A web page is cited with the day on which it was read."""
    if not work.url:
        return ""
    return _joined(f"<{work.url}>", f"accessed {day(work.accessed)}" if work.accessed else "")


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
