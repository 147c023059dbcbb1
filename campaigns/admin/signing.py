"""Links to an ask carry the name of whoever judged them, on whichever page that was done."""

from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone

from campaigns.models import AskAmendment, EvidenceLink
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
    """Whoever changes what a link says puts their name to it."""

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        for each in formset.forms:
            if formset.model in (EvidenceLink, AskAmendment) and each.has_changed():
                _sign(each.instance, person(request))
        super().save_formset(request, form, formset, change)


def _sign(link: EvidenceLink | AskAmendment, by: User) -> None:
    if isinstance(link, EvidenceLink):
        link.judged_by, link.judged_at = by, timezone.now()
    elif link.amendment_id is not None:
        link.checked_by, link.checked_at = by, timezone.now()
        link.text_sha256_when_linked = link.amendment.stands().text_sha256
