"""Reads a marshalled list in Parliament's Akoma Ntoso XML; nothing here writes, or knows models."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from campaigns.printing import Chamber, Line
from evidence.refusing import Refused

LARGEST = 8_000_000  # bytes; a list of five hundred amendments has some four million
DEEPEST = 100
AKN = "{http://docs.oasis-open.org/legaldocml/ns/akn/3.0}"
NOT_A_LIST = "This is not a marshalled list in Akoma Ntoso XML"
PERSON = re.compile(r"person-([0-9]{1,9})$")
# As far as the first line says where in the bill, and no further: "Clause 3, page 3, line 7".
PLACE = re.compile(
    r"(?:(?:After|Before) )?(?:Clause|Schedule|Page|Preamble|Title|Long title|In the Title)\b[^,—]*"
    r"(?:, (?:page|lines?) [^,—]+)*(?=,)"
)
OWN_WORDS = {"content", "intro", "wrapUp", "wrap", "p"}
# What stands under one of these stands no further in than it: a clause's subsections.
LEVEL_WITH_PARENT = {
    "section",
    "article",
    "part",
    "chapter",
    "schedule",
    "hcontainer",
    "crossHeading",
}


@dataclass(frozen=True, slots=True)
class Signatory:
    """A name on an amendment, with Parliament's id of the member where the list gives it."""

    name: str
    parliament_id: int | None = None
    leads: bool = False


@dataclass(frozen=True, slots=True)
class ListedAmendment:
    """One amendment as the list prints it."""

    number: str
    place: str
    lines: tuple[Line, ...]
    signatories: tuple[Signatory, ...] = ()
    explanatory_statement: str = ""
    heading: str = ""  # of the new clause, where it is one

    @property
    def title(self) -> str:
        """The heading of a new clause, else what its first line does."""
        opening = self.lines[0].text if self.lines else ""
        return (self.heading or opening.rstrip("—– ") or f"Amendment {self.number}")[:200]


@dataclass(frozen=True, slots=True)
class AmendmentList:
    """A whole list; what it does not say is empty."""

    bill_title: str
    house: Chamber
    stage: str
    listed_on: date | None
    bill_print: str
    amendments: tuple[ListedAmendment, ...]

    @property
    def name(self) -> str:
        return "Amendment Paper" if self.house == "commons" else "Marshalled List"


def read_list(data: bytes) -> AmendmentList:
    """The list, or Refused with one sentence on what the file is instead."""
    found = _list_in(_parsed(data))
    told = {each.get("eId", ""): each.get("showAs", "") for each in found.iter(f"{AKN}TLCConcept")}
    told |= {each.get("eId", ""): each.get("showAs", "") for each in found.iter(f"{AKN}TLCProcess")}
    amendments = tuple(map(_amendment, found.iter(f"{AKN}amendment")))
    if not amendments:
        raise Refused(f"{NOT_A_LIST} with anything in it: it has no amendments.")
    if twice := _twice([each.number for each in amendments]):
        raise Refused(f"The list numbers two amendments {twice}: it cannot be brought in.")
    return AmendmentList(
        bill_title=told.get("varBillTitle", "") or _words(found.find(f".//{AKN}affectedDocument")),
        house=_house(found, told),
        stage=told.get("varStageVersion", "") or _words(found.find(f".//{AKN}docStage")),
        listed_on=_listed_on(found, told),
        bill_print=told.get("varBillNo", ""),
        amendments=amendments,
    )


def _parsed(data: bytes) -> Element:
    if len(data) > LARGEST:
        raise Refused("The file is larger than 8 MB: a marshalled list is smaller.")
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except DefusedXmlException:
        raise Refused(
            "The file declares entities or a document type, which no marshalled list does: "
            "it is not read."
        ) from None
    except (ParseError, ValueError, LookupError):
        raise Refused(f"{NOT_A_LIST}: it is not well-formed XML.") from None
    level = [root]
    for _ in range(DEEPEST):
        level = [child for element in level for child in element]
    if level:
        raise Refused(f"{NOT_A_LIST}: its elements are nested too deeply.")
    return root


def _list_in(root: Element) -> Element:
    found = root.find(f"{AKN}amendmentList") if root.tag == f"{AKN}akomaNtoso" else None
    if found is None:
        kind = _local(root) if root.tag != f"{AKN}akomaNtoso" else _local(next(iter(root), root))
        raise Refused(f"{NOT_A_LIST}: it is a document of the kind “{kind[:40]}”.")
    return found


def _house(found: Element, told: dict[str, str]) -> Chamber:
    names = f"{told.get('varHouse', '')} {found.get('name', '')}".casefold()
    return "commons" if "commons" in names or "hcmarsh" in names else "lords"


def _listed_on(found: Element, told: dict[str, str]) -> date | None:
    """The day of publication; 9999 stands in these files for a date that is not given."""
    published = [
        each.get("date", "")
        for each in found.iterfind(f"{AKN}meta//{AKN}FRBRdate")
        if each.get("name") == "published"
    ]
    for written in (told.get("varPublishDate", ""), *published):
        try:
            day = date.fromisoformat(written)
        except ValueError:
            continue
        if day.year < date.max.year:
            return day
    return None


def _amendment(element: Element) -> ListedAmendment:
    number = _words(element.find(f".//{AKN}tblock/{AKN}num"))
    if not number:
        raise Refused("An amendment of the list has no number: only a numbered list is brought in.")
    instruction = element.find(f".//{AKN}block[@name='instruction']")
    lines = _Lines().of(instruction).ended if instruction is not None else ()
    place = PLACE.match(lines[0].text) if lines else None
    return ListedAmendment(
        number=number,
        place=place[0] if place else "",
        lines=lines,
        signatories=tuple(_signatories(element)),
        explanatory_statement=_statement(element),
        heading=_heading(lines),
    )


def _heading(lines: tuple[Line, ...]) -> str:
    """Of a clause or schedule that the amendment adds, which its second line prints."""
    if len(lines) < 2 or not re.search(r"(?:Clause|Schedule)\s*—$", lines[0].text):
        return ""
    return lines[1].text.strip('“”" ')


def _signatories(element: Element) -> Iterator[Signatory]:
    seen = set()
    for each in element.iter():
        if each.tag in (f"{AKN}docIntroducer", f"{AKN}docProponent"):
            name = _words(each)
            person = PERSON.search(each.get("refersTo", ""))
            if name and name not in seen:
                seen.add(name)
                leads = each.tag == f"{AKN}docIntroducer" and len(seen) == 1
                yield Signatory(name, int(person[1]) if person else None, leads)


def _statement(element: Element) -> str:
    container = element.find(f".//{AKN}blockContainer[@class='explanatoryStatement']")
    told = [] if container is None else container.findall(f"{AKN}p")
    return "\n\n".join(filter(None, map(_words, told)))


@dataclass
class _Lines:
    """The printed lines of an instruction, collected while its elements are gone through."""

    found: list[Line] = field(default_factory=list)
    number: str = ""  # of what comes next, not printed yet
    quote: str = ""  # opens with what comes next

    @property
    def ended(self) -> tuple[Line, ...]:
        return tuple(self.found)

    def of(self, element: Element) -> "_Lines":
        self._running(element, 0)
        return self

    def _say(self, text: str, indent: int) -> None:
        """A line of words, with the number and the opening quotation mark that wait for it."""
        if words := _spaced(text):
            numbered = " ".join(filter(None, (self.number, words)))
            self.found.append(Line(f"{self.quote}{numbered}", min(indent, 6), bool(self.number)))
            self.number = self.quote = ""

    def _running(self, element: Element, indent: int) -> None:
        """Words in a row, broken off wherever a quoted provision begins."""
        held = element.text or ""
        for child in element:
            name = _local(child)
            if name == "quotedStructure":
                self._say(held, indent)
                self._quoted(child, indent + 1)
                held = ""
            elif child.find(f".//{AKN}quotedStructure") is not None:
                self._say(held, indent)
                self._running(child, indent)
                held = ""
            else:
                held += _inline(child)
            held = self._after(child.tail or "", held)
        self._say(held, indent)

    def _after(self, tail: str, held: str) -> str:
        """What follows a quoted provision closes its last line: the full stop after the quote."""
        if not held and self.found and tail.strip() and not self.number:
            last = self.found.pop()
            self.found.append(replace(last, text=f"{last.text}{_spaced(tail)}"))
            return ""
        return held + tail

    def _quoted(self, element: Element, indent: int) -> None:
        self.quote += element.get("startQuote", "“")
        before = len(self.found)
        for child in element:
            self._provision(child, indent)
        self.quote = "" if len(self.found) > before else self.quote
        if len(self.found) > before:
            last = self.found.pop()
            closed = f"{last.text}{element.get('endQuote', '”')}"
            self.found.append(replace(last, text=closed))

    def _provision(self, element: Element, indent: int) -> None:
        """A clause, subsection or paragraph: its number, its heading or words, then its parts."""
        name = _local(element)
        if name in OWN_WORDS or not any(_local(child) in {"num", "heading"} for child in element):
            self._plain(element, indent)
            return
        heading = _words(element.find(f"{AKN}heading"))
        self.number = " ".join(filter(None, (self.number, _words(element.find(f"{AKN}num")))))
        numbered = bool(self.number)
        if heading:
            numbers, self.number = self.number, ""
            self._say(f"{numbers} {heading}", indent)
        level = heading or name in LEVEL_WITH_PARENT or not numbered
        for child in element:
            kind = _local(child)
            if kind in OWN_WORDS:
                self._plain(child, indent)
            elif kind not in {"num", "heading"}:
                self._provision(child, indent if level else indent + 1)
        number, self.number = self.number, ""
        self._say(number, indent)  # nothing stood beside it

    def _plain(self, element: Element, indent: int) -> None:
        parts = [] if _local(element) == "p" else list(element)
        if not any(_local(child) == "p" or len(child) for child in parts):
            self._running(element, indent)
            return
        for child in parts:
            if _local(child) == "p":
                self._running(child, indent)
            else:
                self._provision(child, indent)


def _inline(element: Element) -> str:
    """The words of a piece of running text, in quotation marks where it is quoted text."""
    if _local(element) in {"br", "eol"}:
        return " "
    inner = (element.text or "") + "".join(_inline(each) + (each.tail or "") for each in element)
    if _local(element) == "quotedText":
        return f"{element.get('startQuote', '“')}{_spaced(inner)}{element.get('endQuote', '”')}"
    return inner


def _words(element: Element | None) -> str:
    return "" if element is None else _spaced(_inline(element))


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _twice(numbers: list[str]) -> str:
    return next((each for place, each in enumerate(numbers) if each in numbers[:place]), "")
