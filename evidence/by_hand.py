"""A use by hand: words that somebody themselves sends to a newspaper, a committee or a printer."""

import hashlib
import re

from django.db import transaction

from evidence.models import NAMED_READERS, Channel, TestimonyUse, TestimonyVersion, scope_parts
from evidence.models.uses import OUTLET
from evidence.permission import Use
from evidence.refusing import Refused
from evidence.uses import record_use

# What is recorded as a use by the very act that puts the words there.
RECORDED_BY_THE_ACT = frozenset({Channel.WEBSITE_FEED.value, Channel.BRIEFING_PACK.value})
IS_RECORDED_BY_THE_ACT = (
    "What goes on the website or into a briefing pack is written down when it goes there."
)
NAME_THE_OUTLET = f"Name one outlet, as in {OUTLET}example-times."
NAME_THE_HOLDER = "Say who holds the words: nobody else could be asked for them."

_OUTLET = re.compile(f"{OUTLET}.+")


def carries(key: str) -> bool:
    """Whether a permission may carry a use by hand at all: `media:press:press_release`."""
    _, audience, channel = scope_parts(key).values()
    return channel not in RECORDED_BY_THE_ACT and audience not in NAMED_READERS


def names_an_outlet(publication: str) -> bool:
    return _OUTLET.fullmatch(publication) is not None


@transaction.atomic
def record(
    version: TestimonyVersion, use: Use, *, holder: str, content: bytes | None = None
) -> TestimonyUse:
    """Write it down as `record_use` does; raises Refused with the reasons.

    `content` is the very file that was handed over, where there was one; else it is the words. The
    outlet is needed by name or not: an erasure forgets the holder, and the copy is still out there.
    """
    if use.channel in RECORDED_BY_THE_ACT:
        raise Refused(IS_RECORDED_BY_THE_ACT)
    if not names_an_outlet(use.publication):
        raise Refused(NAME_THE_OUTLET)
    if not holder.strip():
        raise Refused(NAME_THE_HOLDER)
    handed_over = version.text.encode() if content is None else content
    return record_use(
        version,
        use,
        artefact_sha256=hashlib.sha256(handed_over).hexdigest(),
        holder=holder.strip(),
    )
