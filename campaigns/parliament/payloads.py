"""What Parliament's API says, read leniently: numbers as words, holes, HTML, mojibake.

A field that was not sent is None, and leaves what was read before; one that is sent empty is "".
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Literal

from campaigns.models import House
from campaigns.parliament.client import Unreadable
from campaigns.parliament.mending import mended, mended_line

NO_BILL = "it answered with something that is not a bill"
NO_PAGE = "it answered with something that is not a page of a list"
NO_AMENDMENT = "it answered with something that is not an amendment"


@dataclass(frozen=True, slots=True)
class SponsorSaid:
    """A name on an amendment; some come without the member's id."""

    name: str
    parliament_id: int | None
    house: str
    party: str
    is_lead: bool


@dataclass(frozen=True, slots=True)
class AmendmentSaid:
    """What a list or a page says of one amendment."""

    parliament_id: int
    marshalled_list_text: str | None
    d_num: str | None
    amendment_type: str | None
    decision: str | None
    decision_explanation: str | None
    clause: str | None
    schedule: str | None
    page_number: str | None
    line_number: str | None
    position: str | None
    status_indicator: str | None
    sponsors: tuple[SponsorSaid, ...] | None
    summary: str | None
    location: str | None
    main_header: str | None
    amendment_note: str | None
    explanatory_prefix: str | None
    explanatory_text: str | None
    lines: tuple[dict[str, Any], ...] | None

    @classmethod
    def bare(cls, parliament_id: int) -> "AmendmentSaid":
        """Of which nothing was said but that it is there."""
        return cls(parliament_id, *[None] * (len(fields(cls)) - 1))

    @property
    def sha256(self) -> str:
        """Of everything it says; the same words have the same hash."""
        said = [repr(getattr(self, field.name)) for field in fields(self)]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Page[Item]:
    """Some of a list: at most twenty, whatever was asked for."""

    items: tuple[Item, ...]
    total: int


@dataclass(frozen=True, slots=True)
class StageSaid:
    parliament_id: int
    name: str
    house: str
    position: int
    sittings: tuple[date, ...]


type DaySaid = date | Literal[""] | None


@dataclass(frozen=True, slots=True)
class BillSaid:
    parliament_id: int
    short_title: str | None
    current_house: str | None
    current_stage_id: int | None
    is_act: bool | None
    is_defeated: bool | None
    withdrawn_on: DaySaid
    royal_assent_on: DaySaid
    last_update: str | None


@dataclass(frozen=True, slots=True)
class PublicationSaid:
    parliament_id: int
    title: str
    kind: str
    house: str
    published_on: date | None
    url: str


@dataclass(frozen=True, slots=True)
class MemberSaid:
    parliament_id: int
    name: str
    party: str
    house: str
    is_current: bool | None
    left_on: date | None


ROYAL_ASSENT = 11  # the stage that has its date in its sitting: there is no field for it


def read_bill(said: Any) -> BillSaid:
    bill = _object(said, NO_BILL)
    stage = bill.get("currentStage")
    stage = stage if isinstance(stage, dict) else {}
    return BillSaid(
        parliament_id=_id(bill, "billId", NO_BILL),
        short_title=_text(bill, "shortTitle"),
        current_house=_text(bill, "currentHouse"),
        current_stage_id=_number(stage.get("id")),
        is_act=_flag(bill.get("isAct")),
        is_defeated=_flag(bill.get("isDefeated")),
        withdrawn_on=_day_said(bill, "billWithdrawn"),
        royal_assent_on=_royal_assent(stage),
        last_update=_text(bill, "lastUpdate"),
    )


def read_stage(said: Any) -> StageSaid:
    stage = _object(said, NO_PAGE)
    return StageSaid(
        parliament_id=_id(stage, "id", NO_PAGE),
        name=_text(stage, "description") or "",
        house=house_of(stage.get("house")),
        position=max(0, min(_number(stage.get("sortOrder")) or 0, 32_000)),
        sittings=_sittings(stage),
    )


def read_amendment(said: Any) -> AmendmentSaid:
    sent = _object(said, NO_AMENDMENT)
    key = "amendmentId" if sent.get("amendmentId") is not None else "id"
    return AmendmentSaid(
        parliament_id=_id(sent, key, NO_AMENDMENT),
        marshalled_list_text=_text(sent, "marshalledListText"),
        d_num=_text(sent, "dNum"),
        amendment_type=_text(sent, "amendmentType"),
        decision=_text(sent, "decision"),
        decision_explanation=_text(sent, "decisionExplanation"),
        clause=_text(sent, "clause"),
        schedule=_text(sent, "schedule"),
        page_number=_text(sent, "pageNumber"),
        line_number=_text(sent, "lineNumber"),
        position=_text(sent, "amendmentPosition"),
        status_indicator=_text(sent, "statusIndicator"),
        sponsors=_sponsors(sent),
        summary=_summary(sent),
        location=_text(sent, "amendmentLocation"),
        main_header=_text(sent, "mainHeader"),
        amendment_note=_text(sent, "amendmentNote"),
        explanatory_prefix=_text(sent, "explanatoryTextPrefix"),
        explanatory_text=_text(sent, "explanatoryText"),
        lines=_lines(sent),
    )


def read_publications(said: Any) -> tuple[PublicationSaid, ...]:
    listed = _object(said, NO_PAGE).get("publications")
    return tuple(map(_publication, _objects(listed, NO_PAGE)))


def read_member(said: Any) -> MemberSaid:
    item = _object(said, "it answered with something that is not a member")
    member = _object(item.get("value", item), "it answered with something that is not a member")
    party, seat = member.get("latestParty"), member.get("latestHouseMembership")
    party = party if isinstance(party, dict) else {}
    seat = seat if isinstance(seat, dict) else {}
    status = seat.get("membershipStatus")
    left_on = _day(seat.get("membershipEndDate"))
    active = _flag(status.get("statusIsActive")) if isinstance(status, dict) else None
    return MemberSaid(
        parliament_id=_id(member, "id", "it answered with something that is not a member"),
        name=_text(member, "nameDisplayAs") or _text(member, "nameListAs") or "",
        party=_text(party, "name") or "",
        house=house_of(seat.get("house")),
        is_current=False if left_on else active,
        left_on=left_on,
    )


def page_of[Item](read: Callable[[Any], Item]) -> Callable[[Any], Page[Item]]:
    def read_page(said: Any) -> Page[Item]:
        page = _object(said, NO_PAGE)
        items = tuple(map(read, _objects(page.get("items"), NO_PAGE)))
        total = _number(page.get("totalResults"))
        if total is None or total < 0:
            raise Unreadable(NO_PAGE)
        return Page(items, total)

    return read_page


def house_of(said: Any) -> str:
    """A word in the Bills API, 1 or 2 in that of the members; empty for "Unassigned"."""
    return {
        "commons": House.COMMONS.value,
        "1": House.COMMONS.value,
        "lords": House.LORDS.value,
        "2": House.LORDS.value,
    }.get(str(said).strip().casefold(), "")


def _object(said: Any, otherwise: str) -> dict[str, Any]:
    if not isinstance(said, dict):
        raise Unreadable(otherwise)
    return said


def _objects(said: Any, otherwise: str) -> Iterable[dict[str, Any]]:
    if not isinstance(said, list) or not all(isinstance(each, dict) for each in said):
        raise Unreadable(otherwise)
    return said


def _id(said: dict[str, Any], key: str, otherwise: str) -> int:
    number = _number(said.get(key))
    if number is None or not 0 < number < 2**31:
        raise Unreadable(otherwise)
    return number


def _number(said: Any) -> int | None:
    """An id, which comes as a number or as a word."""
    if isinstance(said, bool) or not isinstance(said, int | str):
        return None
    digits = str(said).strip()
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 10 else None


def _text(said: dict[str, Any], key: str) -> str | None:
    """As it was printed, a number too. None where nothing was sent, "" where null was."""
    if key not in said:
        return None
    value = said[key]
    if value is None or isinstance(value, bool | dict | list):
        return ""
    return mended(str(value))


def _flag(said: Any) -> bool | None:
    return said if isinstance(said, bool) else None


def _day(said: Any) -> date | None:
    try:
        return date.fromisoformat(str(said)[:10])
    except ValueError:
        return None


def _day_said(said: dict[str, Any], key: str) -> DaySaid:
    if key in said and said[key] in (None, ""):
        return ""
    return _day(said.get(key))


def _royal_assent(stage: dict[str, Any]) -> DaySaid:
    """None where the stage says neither that it is another nor when it was."""
    kind, sittings = _number(stage.get("stageId")), _sittings(stage)
    if kind is not None and kind != ROYAL_ASSENT:
        return ""
    return sittings[0] if kind and sittings else None


def _sittings(stage: dict[str, Any]) -> tuple[date, ...]:
    days = [_day(each.get("date")) for each in _listed(stage, "stageSittings")]
    return tuple(sorted({day for day in days if day}))


def _listed(said: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """Nothing where it is no list: what stands beside it is still read."""
    listed = said.get(key)
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []


def _summary(sent: dict[str, Any]) -> str | None:
    if "summaryText" not in sent:
        return None
    told = sent["summaryText"]
    parts = told if isinstance(told, list) else [told]
    return "\n".join(filter(None, (mended(str(part)) for part in parts if part is not None)))


def _sponsors(sent: dict[str, Any]) -> tuple[SponsorSaid, ...] | None:
    listed = sent.get("sponsors")
    if not isinstance(listed, list):
        return None
    people = [each for each in listed if isinstance(each, dict)]
    people.sort(
        key=lambda each: (each.get("isLead") is not True, _number(each.get("sortOrder")) or 0)
    )
    named: dict[tuple[int | None, str], SponsorSaid] = {}
    for each in people:
        one = SponsorSaid(
            name=(_text(each, "name") or "")[:100],
            parliament_id=_number(each.get("memberId")) or None,
            house=house_of(each.get("house")),
            party=(_text(each, "party") or "")[:80],
            is_lead=each.get("isLead") is True,
        )
        if one.name or one.parliament_id:
            named.setdefault((one.parliament_id, one.name), one)
    return tuple(named.values())


def _lines(sent: dict[str, Any]) -> tuple[dict[str, Any], ...] | None:
    listed = sent.get("amendmentLines")
    if not isinstance(listed, list):
        return None
    return tuple(_line(each) for each in listed if isinstance(each, dict))


def _line(each: dict[str, Any]) -> dict[str, Any]:
    hanging = str(each.get("hangingIndentation") or "").strip().casefold()
    return {
        "text": mended_line(str(each.get("text") or "")),
        "indent": min(_number(each.get("indentation")) or 0, 20),
        "hanging": hanging not in {"", "0", "false", "none"},
        "image": str(each.get("imageType") or "image") if each.get("isImage") is True else "",
    }


def _publication(each: dict[str, Any]) -> PublicationSaid:
    kind = each.get("publicationType")
    links = _listed(each, "links")
    urls = [url for link in links if (url := _text(link, "url") or "").startswith("http")]
    return PublicationSaid(
        parliament_id=_id(each, "id", NO_PAGE),
        title=_text(each, "title") or "",
        kind=(_text(kind, "name") or "") if isinstance(kind, dict) else "",
        house=house_of(each.get("house")),
        published_on=_day(each.get("displayDate")),
        url=urls[0] if urls and len(urls[0]) <= 500 else "",
    )
