"""OSCOLA citations of what we cite: news, reports and releases, FOI responses, bills, Hansard."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal

House = Literal["HC", "HL"]
# As we write a Bill, and as Parliament titles one that began in the Lords: Media Bill [HL].
BILL = re.compile(
    r"(?P<title>.+?) (?:(?P<house>H[CL]) )?Bill(?: \[HL\])?(?: \((?P<session>[\d–-]+)\))?"
    r"(?: \[?(?P<number>\d+)\]?)?(?:, cl (?P<clause>\w+))?"
)
HOUSE = re.compile(r"\b(?:(?P<HL>Lords|HL)|(?P<HC>Commons|HC))\b", re.IGNORECASE)
VOLUME = re.compile(r"\bvol(?:ume)?\.? (\d+)", re.IGNORECASE)
COLUMNS = re.compile(r"\bcol(?:umn)?s?\.? (\d+\w*(?:[-–]\d+\w*)?)", re.IGNORECASE)


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
    """By its title with or without the word Bill; without a house where that is not known."""

    title: str
    house: House | None = None
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


type Citable = News | Report | FoiResponse | Bill | Hansard


def cite(work: Citable) -> str:
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


def cite_briefly(work: Citable) -> str:
    """What a later note calls it, before the number of the note that cites it in full."""
    match work:
        case News():
            named = work.author or work.newspaper
        case Report():
            named = _joined(work.author, work.description)
        case FoiResponse():
            named = _joined(work.authority, "FOI response")
        case Bill():
            return _bill(Bill(work.title, work.house))
        case Hansard():
            return _hansard(Hansard(work.house, work.date))
    return named or _title(work)


def name_shortly(work: Citable) -> str:
    """As a reader would name it in a word or three, without its date: NSPCC FOI, Deeside.com."""
    match work:
        case News():
            return work.newspaper or work.author or _title(work)
        case FoiResponse():
            return _joined(work.authority, "FOI")
        case Hansard():
            return f"{work.house} Deb"
    return cite_briefly(work)


def day_of(work: Citable) -> str:
    """As far as it is known; a Bill has none."""
    match work:
        case Bill():
            return ""
        case Hansard():
            return day(work.date)
    return work.date


def read_bill(printed: str, *, where: str) -> Bill | None:
    """The Bill that a title names, of the House told in the title or else by `where`."""
    found = BILL.fullmatch(printed)
    if found is None:
        return None
    told = {name: found[name] or "" for name in ("session", "number", "clause")}
    return Bill(found["title"], read_house(found["house"] or where), **told)


def read_debate(printed: str, *, where: str, date: dt.date | None) -> Hansard | None:
    """A debate needs its House and its day; volume and columns stand in the title, if anywhere."""
    house = read_house(where) or read_house(printed)
    if house is None or date is None:
        return None
    volume, columns = VOLUME.search(printed), COLUMNS.search(printed)
    return Hansard(house, date, volume[1] if volume else "", columns[1] if columns else "")


def read_house(text: str) -> House | None:
    """The House that a text names first, be it an address or a publisher."""
    found = HOUSE.search(text)
    return ("HL" if found["HL"] else "HC") if found else None


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
    named = BILL.fullmatch(work.title)
    title = named["title"] if named else work.title
    bill = _joined(title, work.house or "", "Bill", _brackets(work.session), number)
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
