"""Sentences of the page that stand apart from any person: whom to call, and what just happened."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings

NEXT = (
    "Nobody here may use it for anything new. If it was on our website, it is gone within seconds. "
    "If somebody has a paper with it, we ask them to destroy it, within two working days."
)
# What an address may say has happened: a code, so that nobody writes words of theirs into it. These
# are said to whoever has the link, so they tell nothing of what there is.
OUTSIDE: Mapping[str, tuple[str, str]] = {
    "stopped": (
        "Everything is paused.",
        "It counts from this moment. What can be stopped at once is stopped within seconds; for "
        "the rest we write to people within two working days. You can undo it later.",
    ),
    "sent": (
        "A code was asked for.",
        "If we have a safe e-mail address for you, a code is on its way to it. It can take a few "
        "minutes. If nothing comes, or you asked us not to write, please call us.",
    ),
    "wrong": (
        "That code did not work.",
        "Please check the six numbers. A code works for 15 minutes and for five tries. You can "
        "get a new one.",
    ),
    "again": ("Please get a new code.", "To keep you safe this page closes after 20 minutes."),
    "closed": ("Your page is closed.", "To see it again, get a new code."),
    "new_link": (
        "A new link was asked for.",
        "If the old link was one of ours and we have a safe e-mail address, a new one is on its "
        "way. If nothing comes, please call us or write to us.",
    ),
}
INSIDE: Mapping[str, tuple[str, str]] = {
    "paused": ("Everything is paused.", NEXT),
    "resumed": ("The pause has ended.", "What we took down stays down until we use it anew."),
    "withdrawn": ("Everything is taken back.", NEXT),
    "account": ("It is taken back.", NEXT),
    "use": ("This use is stopped.", NEXT),
    "less": (
        "It is changed.",
        "Whatever told more is off our website within seconds. If somebody has a paper that tells "
        "more, we ask them to destroy it, within two working days.",
    ),
    "not_done": (
        "Nothing was changed.",
        "Something was changed in between, or nothing was chosen. Below is how it is now.",
    ),
}


@dataclass(frozen=True)
class Line:
    """Somebody to call: the number as it is read, and as a telephone dials it."""

    name: str
    number: str

    @property
    def dialled(self) -> str:
        return re.sub(r"[^0-9+]", "", self.number)


def around(said: tuple[str, str] | None = None) -> dict[str, object]:
    """What every page of it has: whom to call, where to go, and what has just happened."""
    support = [Line(name, number) for name, number in settings.OWN_PAGE_SUPPORT]
    phone = settings.OWN_PAGE_PHONE
    return {
        "said": said,
        "us": Line("us", phone) if phone else None,
        "address": settings.OWN_PAGE_ADDRESS,
        "support": support,
        "support_for_anyone": support[:1],
        "leave_to": settings.OWN_PAGE_LEAVE_TO,
    }
