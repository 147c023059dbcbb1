"""Which consents a link reaches: all of the person's own, or what a parent decides for a child."""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from evidence import consenting
from evidence.models import (
    Competence,
    Consent,
    Contributor,
    ExpressedBy,
    LinkFor,
    OwnPageLink,
    PausedBy,
)
from evidence.refusing import Refused

BY_A_PARENT = [ExpressedBy.PARENTAL_RESPONSIBILITY, ExpressedBy.BOTH]


def consents_of(link: OwnPageLink) -> QuerySet[Consent]:
    return consents_within(link.contributor, link.made_for)


def consents_within(
    contributor: Contributor, made_for: str, *, at: date | None = None
) -> QuerySet[Consent]:
    """A parent reaches nothing of a child who decides alone, in any one of their consents.

    Whether a parent may decide has to be on record: where it is not, the answer is no.
    """
    own = contributor.consents.all()
    if made_for == LinkFor.CONTRIBUTOR:
        return own
    day = at or timezone.localdate()
    decides_alone = ~Q(competence=Competence.GILLICK_NOT_COMPETENT) | Q(reconsent_month__lte=day)
    if own.filter(decides_alone).exists():
        return own.none()
    return own.filter(expressed_by__in=BY_A_PARENT, reconsent_month__gt=day)


def pause_everything(link: OwnPageLink) -> None:
    """Whoever was quicker with one of them does not keep the others from being paused."""
    for consent in consents_of(link).filter(state__in=consenting.LIVE_STATES).order_by("pk"):
        try:
            consenting.pause(consent, by=PausedBy.PERSON)
        except Refused:
            continue
