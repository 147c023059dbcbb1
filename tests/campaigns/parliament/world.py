"""What a made-up Parliament says: payloads of the swagger, checked, and then their quirks.

`schemas.json` is the part of ../shared/parliament/bills-api.swagger.json that is used here, as
`made_schemas` makes it. Nothing in it is a real bill, member, vote or wording.
"""

import copy
import json
import random
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

PAGE = 20
BILL = 9001
STAGE, NEXT_STAGE = 7001, 7002
SCHEMAS = Path(__file__).with_name("schemas.json")
WORDS = ["child", "service", "duty", "harm", "report", "risk", "record", "publish", "notice"]

type Json = dict[str, Any]


@cache
def _validator(name: str) -> jsonschema.Draft7Validator:
    schemas = json.loads(SCHEMAS.read_text())
    return jsonschema.Draft7Validator({**schemas, "$ref": f"#/components/schemas/{name}"})


def checked(name: str, payload: Json) -> Json:
    _validator(name).validate(payload)
    return payload


def member(number: int, **more: Any) -> Json:
    return {
        "memberId": number,
        "name": f"Lord Example {number}",
        "party": "Crossbench",
        "house": "Lords",
        "sortOrder": number,
        "isLead": False,
        **more,
    }


def wording(number: int, *, draft: int = 0) -> list[str]:
    """Lines that nobody tabled, the same for the same numbers."""
    chance = random.Random(number)
    lines = [f"Clause {number % 90 + 1}, page {number % 60 + 1}, line 3, at end insert—"]
    lines += [f"({place}) {' '.join(chance.choices(WORDS, k=9))}," for place in "abc"]
    if draft:
        lines[-1] = f"(c) {' '.join(random.Random(number + draft).choices(WORDS, k=9))},"
    return lines


@dataclass
class Tabled:
    """One amendment as this Parliament has it."""

    id: int
    stage: int = STAGE
    number: str = ""
    clause: int | None = 1
    decision: str = "NoDecision"
    lines: list[str] = field(default_factory=list)
    sponsors: list[Json] = field(default_factory=list)
    kind: str = "EditBillBody"
    more: Json = field(default_factory=dict)  # of its payload: quirks, and what is left out
    listed_as: Json = field(default_factory=dict)  # where its list says otherwise than its page
    unsaid: set[str] = field(default_factory=set)  # what its page leaves out

    def item(self) -> Json:
        said = self._common()
        summary = {"summaryText": self.lines[:2]}
        checked_item = checked("AmendmentSearchItem", {**said, **summary, **self.listed_as})
        return self._quirky(checked_item)

    def detail(self) -> Json:
        lines = [
            {
                "text": text,
                "indentation": int(place > 0),
                "hangingIndentation": "1" if place else "",
            }
            for place, text in enumerate(self.lines)
        ]
        said = {
            **self._common(),
            "amendmentLines": lines,
            "explanatoryTextPrefix": "Member's explanatory statement",
            "explanatoryText": "This made-up amendment would do as it says.",
        }
        shown = self._quirky(checked("AmendmentDetail", said))
        return {name: value for name, value in shown.items() if name not in self.unsaid}

    def _common(self) -> Json:
        return {
            "id": self.id,
            "amendmentId": self.id,
            "billId": BILL,
            "billStageId": self.stage,
            "decision": self.decision,
            "amendmentType": self.kind,
            "clause": self.clause,
            "pageNumber": 7,
            "lineNumber": 3,
            "marshalledListText": self.number or None,
            "sponsors": self.sponsors,
        }

    def _quirky(self, said: Json) -> Json:
        """What the real one does beside its schema."""
        said["dNum"] = f"D{self.id}"
        if self.id % 5 == 0:
            said |= {"amendmentId": str(self.id), "pageNumber": "7"}
        if self.id % 7 == 0:
            said.pop("decision", None)
            said.pop("amendmentPosition", None)
        if self.id % 11 == 0 and "summaryText" in said:
            said["summaryText"] = [f"<b>{text}</b>&nbsp;" for text in said["summaryText"]]
        if self.id % 13 == 0:
            said["explanatoryTextPrefix"] = "Memberâ€™s explanatory statement"
        return said | self.more


@dataclass
class World:
    """All that this Parliament would say; tests change it as a bill's life goes on."""

    amendments: list[Tabled] = field(default_factory=list)
    stages: list[Json] = field(default_factory=list)
    current: int = STAGE
    publications: list[Json] = field(default_factory=list)
    stage_publications: dict[int, list[Json]] = field(default_factory=dict)
    members: dict[int, Json] = field(default_factory=dict)
    is_etagged: bool = True
    said_of_bill: Json = field(default_factory=dict)  # on its own page
    unsaid_of_bill: set[str] = field(default_factory=set)  # what that page leaves out
    unlisted: set[int] = field(default_factory=set)  # stages that still answer for themselves

    def __post_init__(self) -> None:
        self.stages = self.stages or [
            stage(STAGE, "Committee stage", 1),
            stage(NEXT_STAGE, "Report stage", 2),
        ]

    def at(self, path: str, query: dict[str, list[str]]) -> Json | None:
        """What is at an address; None is a 404."""
        parts = path.strip("/").split("/")
        match parts:
            case ["Members", number]:
                return self.members.get(int(number))
            case ["Bills", number, *_] if int(number) != BILL:
                return None
            case ["Bills", _]:
                return self._bill()
            case ["Bills", _, "Stages"]:
                return _page("StageSummarySearchResult", self._listed_stages(), query)
            case ["Bills", _, "Stages", number, *_] if not self._has_stage(int(number)):
                return None
            case ["Bills", number, "Publications"]:
                said = {"billId": BILL, "publications": self.publications}
                return checked("BillPublicationList", said)
            case ["Bills", _, "Stages", number, "Publications"]:
                listed = self.stage_publications.get(int(number), [])
                said = {"publications": [_without_house(each) for each in listed]}
                return checked("BillStagePublicationList", {**said, "billStageId": int(number)})
            case ["Bills", _, "Stages", number, "Amendments"]:
                return self._list(int(number), query)
            case ["Bills", _, "Stages", _, "Amendments", number]:
                return next(
                    (one.detail() for one in self.amendments if one.id == int(number)), None
                )
        return None

    def _bill(self) -> Json:
        current = next(each for each in self.stages if each["id"] == self.current)
        said = {"billId": BILL, "shortTitle": "Made-up Bill", "currentHouse": "Lords"}
        said = checked("Bill", {**said, "isAct": False, "currentStage": current})
        said |= self.said_of_bill
        return {name: value for name, value in said.items() if name not in self.unsaid_of_bill}

    def _has_stage(self, number: int) -> bool:
        return any(each["id"] == number for each in self.stages)

    def _listed_stages(self) -> list[Json]:
        return [each for each in self.stages if each["id"] not in self.unlisted]

    def _list(self, number: int, query: dict[str, list[str]]) -> Json:
        skip = int(query.get("Skip", ["0"])[0])
        chosen = [one for one in self.amendments if one.stage == number]
        items = [one.item() for one in chosen[skip : skip + PAGE]]
        return {"items": items, "totalResults": len(chosen), "itemsPerPage": PAGE}


def stage(number: int, name: str, position: int, *days: str) -> Json:
    said = {
        "id": number,
        "stageId": position,
        "description": name,
        "house": "Lords",
        "sortOrder": position,
        "stageSittings": [
            {"id": place, "date": f"{day}T00:00:00"} for place, day in enumerate(days)
        ],
    }
    return checked("StageSummary", said)


def publication(number: int, title: str, kind: str = "Bill") -> Json:
    return {
        "id": number,
        "title": title,
        "publicationType": {"id": 1, "name": kind},
        "displayDate": "2026-03-02T00:00:00",
        "house": "Lords",
        "links": [{"id": 1, "title": "HTML", "url": f"https://bills.example.org/{number}"}],
    }


def _without_house(said: Json) -> Json:
    """A stage's publications do not say whose they are."""
    return {name: value for name, value in said.items() if name != "house"}


def member_item(number: int, *, left: str | None = None, party: str = "Crossbench") -> Json:
    seat = {
        "house": 2,
        "membershipEndDate": f"{left}T00:00:00" if left else None,
        "membershipStatus": {"statusIsActive": not left},
    }
    value = {"id": number, "nameDisplayAs": f"Lord Example {number}"}
    return {"value": {**value, "latestParty": {"name": party}, "latestHouseMembership": seat}}


def many(count: int, *, people: int = 30) -> World:
    """A bill with that many amendments, some of each kind, of so many members."""
    amendments = [
        Tabled(
            id=10_000 + number,
            number=f"{number}A" if number % 9 == 0 else str(number),
            clause=number % 90 + 1,
            lines=wording(number),
            sponsors=[member(number % people + 1, isLead=True), member((number + 7) % people + 1)],
            decision="NotMoved" if number % 3 else "Agreed",
        )
        for number in range(1, count + 1)
    ]
    everybody = {number: member_item(number) for number in range(1, people + 1)}
    return World(amendments=amendments, members=everybody)


def _page(schema: str, items: list[Json], query: dict[str, list[str]]) -> Json:
    skip = int(query.get("Skip", ["0"])[0])
    said = {"items": items[skip : skip + PAGE], "totalResults": len(items), "itemsPerPage": PAGE}
    return checked(schema, said)


def made_schemas(swagger: Path) -> Json:
    """The part of the swagger that is used here, in the dialect of jsonschema."""
    kept = json.loads(swagger.read_text())["components"]["schemas"]
    return {"components": {"schemas": _nullable(kept)}}


def _nullable(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_nullable(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: _nullable(each) for name, each in copy.copy(schema).items()}
    if made.pop("nullable", False) is True and isinstance(made.get("type"), str):
        made["type"] = [made["type"], "null"]
    return made
