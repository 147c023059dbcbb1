"""Copies made for one reader: greeted, with their own amendments first, numbered, with a code.

They are made ahead of the issue, into a folder of their own: a stop in between loses none of them,
and no lock is held meanwhile.
"""

import json
import os
import shutil
import time
import uuid
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from campaigns.briefing import Briefing
from campaigns.briefing.blocks import AmendmentBlock, Block, Paragraph, runs
from campaigns.briefing.codes import code
from campaigns.briefing.interchange import to_json
from campaigns.building import printed, write_whole
from campaigns.manifests import briefing_of, sha256
from campaigns.models import Copy, Member, MemberContact, PackFormat, PackVersion
from campaigns.printing import printed_names

STALE = 15 * 60  # seconds after which what was made for an issue that never came is thrown away


@dataclass(frozen=True, slots=True)
class Reader:
    """What one copy says to whom; with the version's blocks it makes the same bytes again."""

    copy: str
    number: int
    salutation: str
    named_as: str


@dataclass(frozen=True, slots=True)
class Made:
    """What was made ahead: when it will have been issued, and each member's copy with its hash."""

    of: str
    issued_at: datetime
    readers: dict[int, tuple[Reader, str]]


def addressed(briefing: Briefing, reader: Reader, *, verify_at: str) -> Briefing:
    """The version's blocks, as that reader's copy prints them."""
    greeting = (Paragraph(runs(reader.salutation)),) if reader.salutation else ()
    blocks = (*greeting, *_own_first(briefing.blocks, reader.named_as))
    return replace(
        briefing,
        copy_label=f"Copy {reader.number}",
        blocks=(*blocks, code(f"{verify_at}{reader.copy}", reader.number)),
    )


def bytes_of(copy: Copy) -> bytes:
    """A copy again as it was issued; raises Refused where an account in it was erased since."""
    version = copy.version
    if not copy.sha256:
        return bytes(version.content)
    made = addressed(briefing_of(version), reader_of(copy), verify_at=version.manifest["verify_at"])
    return printed(made, PackFormat.PDF, timestamp=version.issued_at)


def reader_of(copy: Copy) -> Reader:
    return Reader(str(copy.pk), copy.number, copy.salutation, copy.named_as)


def salutation_of(member: Member) -> str:
    contact = MemberContact.objects.filter(member=member).first()
    words = " ".join(contact.salutation.split()) if contact else ""
    return f"{(words or f'Dear {member.name}').rstrip(',')},"


def what_is_made(briefing: Briefing, number: int) -> str:
    """Tells one state of a pack from the next, for copies made of an older one."""
    return sha256(to_json(briefing) + f"{number} {settings.SITE_URL}".encode())


def make_ahead(
    briefing: Briefing, members: Sequence[Member], *, slug: str, number: int, folder: Path
) -> Made:
    """Every copy's bytes and hash; what an earlier try made of the same is not made again.

    `briefing` is the pack's own; how it is labelled follows from when it will have been issued.
    """
    of = what_is_made(briefing, number)
    wanted = [(each.pk, salutation_of(each), each.name) for each in members]
    place = _making(folder) / f"{slug}-v{number}-{sha256(json.dumps([of, wanted]).encode())[:16]}"
    issued_at, readers = _plan(place, wanted)
    issued = labelled(briefing, number, issued_at)
    verify_at = f"{settings.SITE_URL}/verify/"
    make = partial(_make, issued, place=place, issued_at=issued_at, verify_at=verify_at)
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        hashes = list(pool.map(make, readers.values()))
    made = zip(readers.items(), hashes, strict=True)
    return Made(of, issued_at, {pk: (reader, sha) for (pk, reader), sha in made})


def labelled(briefing: Briefing, number: int, issued_at: datetime) -> Briefing:
    day = timezone.localtime(issued_at)
    return replace(briefing, version_label=f"Version {number}, issued {day:%-d %B %Y}")


def take(copy: Copy, folder: Path) -> bytes:
    """The copy's bytes, as they were made ahead where they still lie there."""
    for file in _making(folder).glob(f"*/{copy.pk}.pdf"):
        content = file.read_bytes()
        if sha256(content) == copy.sha256:
            return content
    return bytes_of(copy)


def clear(version: PackVersion, folder: Path) -> None:
    for place in _making(folder).glob(f"{version.pack.slug}-v{version.number}-*"):
        shutil.rmtree(place, ignore_errors=True)


def forget_unfinished(folder: Path, *, older_than: float = STALE) -> None:
    """What was made for an issue that never came may hold words that were withdrawn since."""
    for place in _making(folder).glob("*"):
        if time.time() - place.stat().st_mtime >= older_than:
            shutil.rmtree(place, ignore_errors=True)


def _making(folder: Path) -> Path:
    return folder / "making"


def _plan(
    place: Path, wanted: Sequence[tuple[int, str, str]]
) -> tuple[datetime, dict[int, Reader]]:
    """Whose copy has which number and id, and the time on all of them: written before the first."""
    file = place / "plan.json"
    if file.exists() and time.time() - file.stat().st_mtime < STALE:
        kept = json.loads(file.read_text())
        readers = {int(pk): Reader(**reader) for pk, reader in kept["readers"].items()}
        return datetime.fromisoformat(kept["issued_at"]), readers
    shutil.rmtree(place, ignore_errors=True)
    _making(place.parent.parent).mkdir(mode=0o700, parents=True, exist_ok=True)
    place.mkdir(mode=0o700)
    issued_at = timezone.now().replace(microsecond=0)
    readers = {
        pk: Reader(str(uuid.uuid4()), number, salutation, name)
        for number, (pk, salutation, name) in enumerate(wanted, 1)
    }
    plan = {
        "issued_at": issued_at.isoformat(),
        "readers": {pk: asdict(each) for pk, each in readers.items()},
    }
    write_whole(file, json.dumps(plan).encode())
    return issued_at, readers


def _make(
    briefing: Briefing, reader: Reader, *, place: Path, issued_at: datetime, verify_at: str
) -> str:
    file = place / f"{reader.copy}.pdf"
    if file.exists():  # written whole or not at all, so that it need not be made again
        return sha256(file.read_bytes())
    made = addressed(briefing, reader, verify_at=verify_at)
    content = printed(made, PackFormat.PDF, timestamp=issued_at)
    if place.exists():  # else an erasure has just thrown everything away, and it is only a store
        write_whole(file, content)
    return sha256(content)


def _own_first(blocks: Iterable[Block], name: str) -> tuple[Block, ...]:
    """Amendments change places with one another; all else stays where it stands."""
    blocks = tuple(blocks)
    amendments = [block for block in blocks if isinstance(block, AmendmentBlock)]
    ordered = iter(sorted(amendments, key=lambda block: not _is_signed_by(block, name)))
    return tuple(next(ordered) if isinstance(each, AmendmentBlock) else each for each in blocks)


def _is_signed_by(block: AmendmentBlock, name: str) -> bool:
    either = {*printed_names("lords", (name,)), *printed_names("commons", (name,))}
    return bool(either & set(block.names))
