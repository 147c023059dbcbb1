"""Links to an ask carry the name of whoever judged them, on whichever page that was done."""

from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone

from campaigns.models import Ask, AskAmendment, EvidenceLink
from evidence import review
from evidence.admin.base import column, person
from evidence.admin.reviewing import ReviewedAdmin, name_of, when


@column("judged")
def judged(link: EvidenceLink) -> str:
    if link.judged_by is None or link.judged_at is None:
        return "by nobody yet"
    return f"by {name_of(link.judged_by)}, {when(link.judged_at)}"


@column("checked")
def checked(link: AskAmendment) -> str:
    if link.checked_by is None or link.checked_at is None:
        return "by nobody yet"
    return f"by {name_of(link.checked_by)}, {when(link.checked_at)}"


class SigningAdmin(ReviewedAdmin):
    """Whoever changes what a link says puts their name to it, and the ask is read anew."""

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        by = person(request)
        changed = [each for each in formset.forms if each.has_changed()]
        if formset.model in (EvidenceLink, AskAmendment):
            for each in changed:
                _sign(each.instance, by)
            for ask in Ask.objects.filter(pk__in=_asks_of(changed)).exclude(pk=form.instance.pk):
                review.edit(ask, by=by)
        super().save_formset(request, form, formset, change)


def _asks_of(forms: list[Any]) -> set[Any]:
    """Those that the links belong to, and those that they belonged to before."""
    asks = {each.instance.ask_id for each in forms} | {each.initial.get("ask") for each in forms}
    return asks - {None}


def _sign(link: EvidenceLink | AskAmendment, by: User) -> None:
    if isinstance(link, EvidenceLink):
        link.judged_by, link.judged_at = by, timezone.now()
    elif link.amendment_id is not None:
        link.checked_by, link.checked_at = by, timezone.now()
        link.text_sha256_when_linked = link.amendment.stands().text_sha256
