"""Packs for tests, everything in them made up, and what a reader finds in a file."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.utils import timezone

from campaigns.models import (
    ITEM_FIELDS,
    Amendment,
    AmendmentLine,
    AmendmentOrigin,
    Ask,
    Bill,
    Campaign,
    House,
    Member,
    MinisterQuestion,
    NoteStyle,
    Objection,
    Pack,
    PackItem,
    PackSection,
    Stage,
)
from evidence import review
from evidence.models import Claim, ClaimInput, ClaimType, InputRole, Statement, Statistic, Verdict
from tests import factories as make

QUESTION = "Who will speak for children?"


def approved[Record: Any](record: Record) -> Record:
    """Through the one door: one person edits and submits, another approves."""
    review.submit(record, by=make.user("officer"))
    review.approve(record, by=make.user("lead"))
    return record


def source(key: str = "example-2023", **fields: Any) -> Any:
    return approved(make.source(key, **fields))


def figure(printed: str = "1,437", year: int = 2016, **fields: Any) -> Statistic:
    fields.setdefault("source", make.Source.objects.filter(key="example-2023").first() or source())
    wording = f"Police in Wales recorded {printed} offences."
    return approved(
        make.statistic(
            printed,
            **{
                "period": make.financial_year(year),
                "value": Decimal(printed.replace(",", "")),
                "approved_wording": wording,
                **fields,
            },
        )
    )


def claim(
    key: str = "up-43", verdict: str = Verdict.CONSISTENT, inputs: Iterable[Statistic] = ()
) -> Claim:
    made = Claim.objects.create(
        key=key,
        type=ClaimType.PERCENT_CHANGE,
        wording=f"Claim {key}: offences rose by 43%",
        source=make.Source.objects.get(key="example-2023"),
        stated="43%",
        verdict=verdict,
        reason="1,437 to 2,061 is an increase of 43.42%." if verdict else "",
        last_edited_by=make.user("officer"),
    )
    for role, statistic in zip((InputRole.FROM, InputRole.TO), inputs, strict=False):
        ClaimInput.objects.create(claim=made, role=role, statistic=statistic)
    return approved(made)


def statement(words: str = "a tough regulator") -> Statement:
    return approved(
        Statement.objects.create(
            speaker="Example Speaker",
            role="Chair of an example",
            organisation=make.organisation(),
            source=make.Source.objects.filter(key="speech").first() or source("speech"),
            gist="What was said, in our words.",
            words=words,
            said_in="2023",
            last_edited_by=make.user("officer"),
        )
    )


def stage() -> Stage:
    bill = Bill.objects.create(
        slug="example-bill",
        title="Example Bill",
        url="https://bills.example.org/1",
        last_edited_by=make.user("officer"),
    )
    return Stage.objects.create(bill=bill, house=House.LORDS, name="Report")


def campaign() -> Campaign:
    return Campaign.objects.create(
        slug="example", title="An example", summary="Why.", last_edited_by=make.user("officer")
    )


def ask(title: str = "A statutory advocate", question: str = QUESTION, **fields: Any) -> Ask:
    made = Ask.objects.create(
        **{
            "slug": "advocate",
            "campaign": Campaign.objects.first() or campaign(),
            "title": title,
            "change_wanted": "Give children a body that speaks for them.",
            "rationale": "It tells the regulator what children meet.",
            "year": 2023,
            "last_edited_by": make.user("officer"),
            **fields,
        }
    )
    Objection.objects.create(ask=made, objection="It costs money.", answer="A levy pays for it.")
    MinisterQuestion.objects.create(ask=made, text=question)
    return approved(made)


def amendment(of: Stage, lines: Iterable[str] = (), **fields: Any) -> Amendment:
    made = Amendment.objects.create(
        **{
            "slug": "new-clause",
            "stage": of,
            "title": "Advocacy body",
            "position_in_bill": "After Clause 142",
            "last_edited_by": make.user("officer"),
            **fields,
        }
    )
    for position, text in enumerate(lines):
        AmendmentLine.objects.create(amendment=made, position=position, text=text)
    return approved(made)


def own_draft(of: Stage, **fields: Any) -> Amendment:
    return amendment(
        of,
        [
            "Insert the following new Clause—",
            "“Advocacy for children",
            "(1) There is to be a body.”",
        ],
        origin=AmendmentOrigin.OWN_DRAFT,
        **fields,
    )


def member(name: str = "Lord Example", **fields: Any) -> Member:
    return Member.objects.create(name=name, house=House.LORDS, **fields)


def pack(*sections: tuple[str, Iterable[Model]], as_background: bool = True, **fields: Any) -> Pack:
    """A draft; each section is its kind and what is chosen for it.

    Its notes are in full, and its accounts ticked for background: most of them are consented to for
    a pack and not for the Chamber.
    """
    made = Pack.objects.create(
        **{
            "slug": "example-pack",
            "title": "A voice for children",
            "campaign": Campaign.objects.first() or campaign(),
            "stage": Stage.objects.first() or stage(),
            "used_on": day(30),
            "contact_email": "policy@example.org",
            "notes": NoteStyle.OSCOLA,
            "last_edited_by": make.user("officer"),
            **fields,
        }
    )
    made.organisations.add(make.organisation())
    for position, (kind, chosen) in enumerate(sections):
        section = PackSection.objects.create(
            pack=made, position=position, kind=kind, heading=f"The {kind}"
        )
        for place, record in enumerate(chosen):
            field = _field(record)
            background = as_background and field == "testimony_version"
            PackItem.objects.create(
                section=section, position=place, as_background=background, **{field: record}
            )
    return made


def day(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def _field(record: Model) -> str:
    return next(
        field
        for field in ITEM_FIELDS
        if PackItem._meta.get_field(field).related_model is type(record)
    )


def everything_in(document: bytes) -> bytes:
    """A file's bytes with all that is compressed in them laid open: PDF streams, parts of a zip."""
    opened = [document]
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", document, re.DOTALL):
        opened.append(_inflated(stream))
    if document.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(document)) as package:
            opened.extend(package.read(name) for name in package.namelist())
    return b"\n".join(opened)


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(stream)
    except zlib.error:
        return b""


def words_of(document: bytes) -> str:
    """What a reader can find in a file, in one line: a PDF's glyphs are turned back into words."""
    if document.startswith(b"%PDF"):
        from pypdf import PdfReader  # only the tests of PDFs need it

        pages = PdfReader(io.BytesIO(document)).pages
        found = " ".join(page.extract_text() for page in pages)
    else:
        found = everything_in(document).decode(errors="replace")
    return " ".join(found.split())
