"""The jigsaw check: pieces in one pack that together could tell who somebody is.

One account may be safe, and two beside each other not; so the whole pack is looked at, with its
small counts. A person decides; the check only makes sure that nobody overlooks a piece.
"""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from campaigns.models import JigsawDecision, JigsawReview, Pack
from campaigns.packs import Composition
from evidence.models import (
    Area,
    AreaLevel,
    FeatureKind,
    PersonSpokenAbout,
    TestimonyVersion,
    Unit,
)
from evidence.refusing import Refused

SMALL_COUNT = Decimal(10)  # below which those who were counted may be known by name
TELLING_ALONE = {FeatureKind.RARE_EVENT, FeatureKind.SCHOOL_OR_WORK}
AGE_IN_WORDS = re.compile(
    r"\b(?:aged?|was|turned|at)\s+(\d{1,2})\b(?!\s*(?:%|per cent|:))"
    r"|\b(\d{1,2})[- ]years?[- ]old\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """Pieces that go together: what kind of jigsaw, whose, and a sentence for the reviewer."""

    kind: str
    of: tuple[str, ...]  # ids of versions and statistics
    sentence: str


def findings(composition: Composition) -> list[Finding]:
    """All that a reviewer has to look at, most telling first; none in a pack without accounts."""
    versions = [account.version for account in composition.accounts]
    if not versions:
        return []
    told = {version.pk: list(version.features.all()) for version in versions}
    return [
        *(found for version in versions for found in _within(version, told[version.pk])),
        *_between(versions, told),
        *(found for version in versions for found in _not_listed(version, told[version.pk])),
        *_of_the_accused(versions),
        *_small_counts(composition, [each for listed in told.values() for each in listed]),
    ]


def fingerprint(found: list[Finding]) -> str:
    """Of what was found and in which words: other words need another look."""
    pieces = sorted([each.kind, *each.of, each.sentence] for each in found)
    return hashlib.sha256(json.dumps(pieces).encode()).hexdigest()


def what_stops(composition: Composition) -> list[str]:
    """Why the pack cannot be issued until a reviewer has decided; empty where it can."""
    found = findings(composition)
    if not found:
        return []
    latest = composition.pack.jigsaw_reviews.filter(fingerprint=fingerprint(found)).first()
    if latest is None:
        return [
            f"The jigsaw check found {len(found)} things that nobody has decided on: "
            "a reviewer has to read them under “Jigsaw check”."
        ]
    if latest.decision != JigsawDecision.ACCEPTABLE:
        return ["The jigsaw check was decided against this pack: change what it puts together."]
    return []


@transaction.atomic
def decide(
    composition: Composition, *, decision: str, reason: str, seen: str, by: User
) -> JigsawReview:
    """Record the decision on what was seen; refused if the pack finds something else by now."""
    pack = Pack.objects.select_for_update().get(pk=composition.pack.pk)
    found = findings(composition)
    if not found:
        raise Refused("There is nothing to decide: the check finds nothing in this pack.")
    if fingerprint(found) != seen:
        raise Refused("The pack has changed since you read this: read it again first.")
    if pack.last_edited_by_id == by.pk:
        raise Refused("Whoever edited the pack cannot decide on it: ask a colleague.")
    if not reason.strip():
        raise Refused("Say why, in none of the accounts' words.")
    return JigsawReview.objects.create(
        pack=pack,
        findings=[{"kind": each.kind, "of": list(each.of)} for each in found],
        fingerprint=seen,
        decision=decision,
        reason=reason.strip(),
        decided_by=by,
    )


def _within(version: TestimonyVersion, listed: list[Any]) -> Iterator[Finding]:
    kinds = {feature.kind for feature in listed}
    if len(kinds) > 1 or kinds & TELLING_ALONE:
        told = ", ".join(str(feature) for feature in listed)
        yield Finding("within", (str(version.pk),), f"{version} tells {told}.")


def _between(versions: list[TestimonyVersion], told: dict[Any, list[Any]]) -> Iterator[Finding]:
    by_person, by_feature = defaultdict(list), defaultdict(list)
    for version in versions:
        by_person[version.testimony.contributor_id].append(version)
        for feature in told[version.pk]:
            by_feature[feature.kind, feature.told.strip().casefold()].append((version, feature))
    for same in by_person.values():
        if len(same) > 1:
            named = " and ".join(str(version) for version in same)
            yield Finding("one person", _ids(same), f"{named} are of one person.")
    for shared in by_feature.values():
        holding = list(dict.fromkeys(version for version, _ in shared))
        if len(holding) > 1:
            named = " and ".join(str(version) for version in holding)
            yield Finding("shared", _ids(holding), f"{named} both tell {shared[0][1]}.")


def _not_listed(version: TestimonyVersion, listed: list[Any]) -> Iterator[Finding]:
    """What the words tell although no feature lists it: whoever cleared them may have missed it."""
    known = " | ".join(feature.told for feature in listed).casefold()
    for match in AGE_IN_WORDS.finditer(version.text):
        age = match[1] or match[2]
        if not re.search(rf"\b{age}\b", known):
            yield Finding(
                "not listed",
                (str(version.pk),),
                f"{version} tells an age that is not listed: {age}.",
            )
    small = Area.objects.filter(level=AreaLevel.POLICE_FORCE).values_list("name", flat=True)
    for place in sorted(set(small)):
        named = re.search(rf"\b{re.escape(place)}\b", version.text)
        if named and place.casefold() not in known:
            yield Finding(
                "not listed",
                (str(version.pk),),
                f"{version} names a place that is not listed: {place}.",
            )


def _of_the_accused(versions: list[TestimonyVersion]) -> Iterator[Finding]:
    """The Editors' Code of the press: nothing may imply how a victim is related to the accused.

    Whether they are related is not asked: not everybody who reviews a pack may read that.
    """
    accused = PersonSpokenAbout.objects.filter(
        testimony__in={version.testimony_id for version in versions}, is_accused=True
    )
    accounts = set(accused.values_list("testimony", flat=True))
    for version in versions:
        if version.testimony_id in accounts:
            yield Finding(
                "accused",
                (str(version.pk),),
                f"{version} speaks of somebody accused: nothing in the pack may imply how they and "
                "whoever tells it are related.",
            )


def _small_counts(composition: Composition, listed: list[Any]) -> Iterator[Finding]:
    places = " | ".join(each.told for each in listed if each.kind == FeatureKind.PLACE).casefold()
    for figure in composition.figures:
        if figure.unit == Unit.COUNT and figure.value < SMALL_COUNT:
            there = (
                ", a place that an account names" if figure.area.name.casefold() in places else ""
            )
            yield Finding(
                "small count",
                (str(figure.pk),),
                f"“{figure}” counts {figure.value_printed} people or cases in "
                f"{figure.area.name}{there}.",
            )


def _ids(versions: list[TestimonyVersion]) -> tuple[str, ...]:
    return tuple(str(version.pk) for version in versions)
