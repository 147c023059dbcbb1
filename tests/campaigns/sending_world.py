"""A pack that was issued, those who hold it, and what left for each of them."""

from typing import Any

from django.core import mail

from campaigns.issuing import issue
from campaigns.models import Member, MemberContact, Pack, PackVersion
from tests import factories as make
from tests.campaigns import packing


def reached(name: str = "Lord Example", email: str = "lord@example.org", **fields: Any) -> Member:
    member = packing.member(name)
    MemberContact.objects.create(member=member, email=email, **fields)
    return member


def pack(*accounts: make.Covered, **fields: Any) -> Pack:
    chosen: list[Any] = [("summary", [packing.ask()]), ("problem", [packing.figure()])]
    if accounts:
        chosen.append(("case_study", [each.version for each in accounts]))
    return packing.approved(packing.pack(*chosen, **fields))


def issued(of: Pack, *members: Member) -> PackVersion:
    return issue(of, to=members or [reached()], by=make.user("campaign lead"))


def outbox() -> list[tuple[list[str], str, list[str]]]:
    """To whom, about what, and the names of the files, of each message that left."""
    return [
        (message.recipients(), message.subject, [each.filename for each in message.attachments])
        for message in mail.outbox
    ]
