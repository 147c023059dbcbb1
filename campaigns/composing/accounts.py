"""What people say: testimony as far as a consent covers it, and words said in public by office."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from campaigns.briefing.blocks import (
    Block,
    NoteRef,
    Paragraph,
    Quotation,
    Speech,
    TestimonyBox,
    Text,
)
from campaigns.composing.gathered import Account, Gathered
from evidence.models import Channel, RestrictedAccount, Statement, TestimonyVersion
from evidence.permission import Use, may_be_used, refusals

NOT_ALOUD = (
    "its consent does not let it be read in the Chamber. Tick “as background only” where it is "
    "chosen to include it all the same."
)
FICTIONAL = "Fictional example for demonstration"


def testimony(chosen: Sequence[TestimonyVersion], gathered: Gathered) -> Iterator[Block]:
    """A box for each account that may be used on the day; of the others, only why they may not."""
    keys = [version.pk for version in chosen]
    permitted = (
        may_be_used(gathered.use).filter(pk__in=keys).select_related("testimony__contributor")
    )
    usable: dict[UUID, Any] = {version.pk: version for version in permitted}
    aloud = may_be_read_aloud(gathered.use, keys)
    for version in chosen:
        found = usable.get(version.pk)
        if found is None:
            why = refusals(version, gathered.use)
            gathered.refuse(f"Testimony “{version}”", " ".join(why))
            continue
        speech: Speech = "chamber" if version.pk in aloud else "background"
        if speech == "background" and version.pk not in gathered.as_background:
            gathered.refuse(f"Testimony “{version}”", NOT_ALOUD)
            continue
        account = Account(found, found.consent_id, found.scope_id, speech)
        gathered.accounts[version.pk] = account
        yield from told(account)


def may_be_read_aloud(use: Use, keys: Sequence[UUID]) -> set[UUID]:
    speech = replace(use, channel=Channel.SPEECH)
    return set(may_be_used(speech).filter(pk__in=keys).values_list("pk", flat=True))


def quotations(chosen: Sequence[Statement], gathered: Gathered) -> Iterator[Block]:
    """Short words in quotation marks; where we hold none, what was said in our own."""
    for statement in chosen:
        if not gathered.admits_from(statement, statement.source):
            continue
        note = gathered.footnotes.statement(statement)
        said = f"{statement.role}, {statement.said_in}"
        if statement.words:
            yield Quotation(statement.words, statement.speaker, said, note)
        else:
            gist = Text(f" ({said}): {statement.gist}")
            yield Paragraph((Text(statement.speaker, strong=True), gist, NoteRef(note)))


def report_restricted(gathered: Gathered) -> None:
    """Say which accounts stand in the pack's sources and are in no pack, and why."""
    held = RestrictedAccount.objects.filter(source__in=gathered.sources, became=None)
    gathered.refusals.extend(account.refusal for account in held.select_related("source"))


def paragraphs(text: str) -> tuple[str, ...]:
    """Plain paragraphs, with an empty line between, each on one line."""
    return tuple(" ".join(part.split()) for part in re.split(r"\n\s*\n", text) if part.strip())


def told(account: Account) -> Iterator[Block]:
    """Its box, word for word, below the warning that goes with it."""
    version = account.version
    if version.content_warning:
        yield Paragraph((Text(version.content_warning, emphasis=True),))
    yield TestimonyBox(
        title=FICTIONAL if version.testimony.contributor.is_fictional else "",
        paragraphs=paragraphs(version.text),
        attribution=version.attribution,
        anonymity_note=version.anonymity_note,
        speech=account.speech,
    )
