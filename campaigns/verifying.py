"""Is this copy still good? Five answers, to anybody who asks, and nothing beside them."""

import hashlib
import uuid
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from campaigns.manifests import is_signed
from campaigns.models import Copy, PackFormat, VersionRecall
from evidence.models import ConsentState, ConsentTestimony, Decision, TestimonyUse

NOBODYS = uuid.UUID(int=0)  # asked for where an address holds no id: every answer takes one query


class Answer(StrEnum):
    VALID = "valid"
    SUPERSEDED = "superseded"
    RECALLED = "recalled"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


# Of several copies with the same bytes nobody can tell which one it is: the gravest answer holds.
GRAVITY = (Answer.RECALLED, Answer.UNKNOWN, Answer.EXPIRED, Answer.SUPERSEDED, Answer.VALID)


def answer_for_copy(written: str) -> Answer:
    return _answer(_standing(Copy.objects.filter(pk=_id(written))))


def answer_for_file(file: Path) -> Answer:
    """By the bytes alone, in whichever format they were issued."""
    with file.open("rb") as opened:
        known_by = hashlib.file_digest(opened, "sha256").hexdigest()
    formats = Q()
    for each in PackFormat:
        formats |= Q(**{f"version__manifest__documents__{each.value}": known_by})
    bytes_alike = Q(version__sha256=known_by) | Q(sha256=known_by) | formats
    return _answer(_standing(Copy.objects.filter(bytes_alike)))


def _id(written: str) -> uuid.UUID:
    try:
        return uuid.UUID(written)
    except ValueError:
        return NOBODYS


def _standing(copies: QuerySet[Copy]) -> QuerySet[Copy]:
    """Each with all that an answer rests on, in one query whatever the answer is."""
    uses = TestimonyUse.objects.filter(copy_use__copy=OuterRef("pk"))
    live = ConsentTestimony.objects.filter(
        testimony=OuterRef("testimony"),
        withdrawn_at=None,
        consent__state=ConsentState.GIVEN,
        consent__validity__contains=timezone.now(),
        consent__scopes__purpose=OuterRef("scope__purpose"),
        consent__scopes__audience=OuterRef("scope__audience"),
        consent__scopes__channel=OuterRef("scope__channel"),
        consent__scopes__decision=Decision.PERMIT,
        consent__scopes__max_identity__gte=OuterRef("identity"),
    )
    newer = Copy.objects.filter(
        member=OuterRef("member"),
        version__pack=OuterRef("version__pack"),
        version__number__gt=OuterRef("version__number"),
    )
    return (
        copies.select_related("version")
        .defer("version__content")
        .annotate(
            is_called_back=Exists(uses.filter(recalled_at__isnull=False)),
            is_recalled=Exists(VersionRecall.objects.filter(version=OuterRef("version"))),
            has_ended=Exists(uses.exclude(Exists(live))),
            is_superseded=Exists(newer),
            erased_at=F("version__erased_at"),
            not_after=F("version__not_after"),
        )
    )


def _answer(copies: Iterable[Copy]) -> Answer:
    found = {_answer_of(copy) for copy in copies}
    return next((each for each in GRAVITY if each in found), Answer.UNKNOWN)


def _answer_of(copy: Copy) -> Answer:
    standing = vars(copy)
    if standing["is_called_back"] or standing["is_recalled"] or standing["erased_at"]:
        return Answer.RECALLED
    if not is_signed(copy.version):
        return Answer.UNKNOWN
    ends = standing["not_after"]
    if standing["has_ended"] or (ends and ends <= timezone.now()):
        return Answer.EXPIRED
    return Answer.SUPERSEDED if standing["is_superseded"] else Answer.VALID
