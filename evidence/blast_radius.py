"""What a withdrawal, an erasure or a recall takes back: told before the button, and after it."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from evidence.models import (
    IRREVOCABLE,
    Channel,
    Consent,
    ConsentScope,
    Decision,
    IdentityForm,
    TestimonyUse,
    TestimonyVersion,
)
from evidence.models.uses import TestimonyUseQuerySet


@dataclass(frozen=True)
class Publication:
    """Copies that were handed out of one publication, as uses name it: `pack:slug`."""

    name: str
    copies: tuple[TestimonyUse, ...]

    @property
    def words(self) -> str:
        kind, _, name = self.name.partition(":")
        return {"pack": f"Briefing {name}", "outlet": name}.get(kind, self.name or "Not named")


@dataclass(frozen=True)
class BlastRadius:
    """What is out now; what cannot come back stands among the copies as well."""

    website: tuple[TestimonyUse, ...]
    copies: tuple[Publication, ...]
    irrevocable: tuple[TestimonyUse, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.website or self.copies)

    @property
    def count_of_copies(self) -> int:
        return sum(len(each.copies) for each in self.copies)

    @property
    def sentence(self) -> str:
        if self.is_empty:
            return "Nothing that rests on it is in use now."
        return f"In use now: {', '.join(self._parts())}."

    def _parts(self) -> list[str]:
        counts = {
            ("item on the website", "items on the website"): len(self.website),
            ("copy handed out", "copies handed out"): self.count_of_copies,
            ("of them cannot come back", "of them cannot come back"): len(self.irrevocable),
        }
        return [f"{count} {words[count != 1]}" for words, count in counts.items() if count]


def blast_radius(uses: QuerySet[TestimonyUse], at: date | None = None) -> BlastRadius:
    """Of the uses that are in force among these, in two queries however many there are."""
    day = at or timezone.localdate()
    found = list(
        (uses & TestimonyUse.objects.in_force())
        .select_related("testimony", "version", "scope", "consent")
        .annotate(cannot_come_back=_cannot_come_back(day))
        .order_by("publication", "used_on", "pk")
    )
    copies = [use for use in found if use.feed_item is None]
    return BlastRadius(
        website=tuple(use for use in found if use.feed_item),
        copies=tuple(
            Publication(name, tuple(held))
            for name, held in groupby(copies, key=lambda use: use.publication)
        ),
        irrevocable=tuple(use for use in copies if use.cannot_come_back),
    )


def of_version(version: TestimonyVersion) -> BlastRadius:
    return blast_radius(version.uses.all())


def resting_on_scope(
    consent: Consent,
    *,
    purpose: str,
    audience: str,
    channel: str,
    beyond: IdentityForm | None = None,
) -> TestimonyUseQuerySet:
    """What goes where one scope is withdrawn or, beyond an identity form, narrowed.

    As the database has it: a pack prints whether its words may be spoken, so it goes with that too.
    """
    channels = [channel, *([Channel.BRIEFING_PACK] if channel == Channel.SPEECH else [])]
    uses = TestimonyUse.objects.under(consent).filter(
        scope__purpose=purpose, scope__audience=audience, scope__channel__in=channels
    )
    return uses if beyond is None else uses.filter(identity__gt=beyond)


def what_became_of(radius: BlastRadius, words: str) -> str:
    """The words, then what has truly happened to each use since: read anew, and counted."""
    copies = tuple(use for each in radius.copies for use in each.copies)
    asked = [use.pk for use in radius.website + copies]
    gone = set(
        TestimonyUse.objects.filter(pk__in=asked, recalled_at__isnull=False)
        .order_by()
        .values_list("pk", flat=True)
    )
    told = {
        "Left the website: {}.": radius.website,
        "Copies that are being called back: {}.": copies,
        "Of these, cannot come back: {}.": radius.irrevocable,
    }
    counts = {said: sum(use.pk in gone for use in uses) for said, uses in told.items()}
    return " ".join([words, *(said.format(count) for said, count in counts.items() if count)])


def _cannot_come_back(day: date) -> Case:
    """What went into a record or the press; what may be read aloud, once its day was there."""
    spoken = ConsentScope.objects.filter(
        consent=OuterRef("consent"),
        purpose=OuterRef("scope__purpose"),
        audience=OuterRef("scope__audience"),
        channel=Channel.SPEECH,
        decision=Decision.PERMIT,
    )
    return Case(
        When(scope__channel__in=sorted(IRREVOCABLE), then=Value(True)),
        When(
            Q(scope__channel=Channel.BRIEFING_PACK, used_on__lte=day) & Exists(spoken),
            then=Value(True),
        ),
        default=Value(False),
        output_field=BooleanField(),
    )
