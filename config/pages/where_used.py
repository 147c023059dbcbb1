"""Where a source, a figure or an account is used: what would change, and who holds it."""

from itertools import groupby
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404
from django.shortcuts import get_object_or_404

from campaigns.impact import KINDS, impact_of
from campaigns.models import Copy, PackVersion
from config.pages.page import DeskPage
from evidence.desk_addresses import address_of
from evidence.models import Statistic
from evidence.verdict_words import in_words

ROOMS = {"source": "Sources", "statistic": "Figures", "testimony": "Testimony"}


class WhereUsedPage(DeskPage):
    """Who holds a copy is told to those who may see copies; to others, how many there are."""

    template_name = "admin/pages/where_used.html"
    title = "Where used"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        model = KINDS.get(self.kwargs["kind"])
        if model is None:
            raise Http404
        if not self._may_view(model):
            raise PermissionDenied
        record: Any = get_object_or_404(_named(model), pk=self.kwargs["id"])
        impact = impact_of(record)
        return super().get_context_data(
            **kwargs,
            subtitle=str(record),
            room=ROOMS[self.kwargs["kind"]],
            record=record,
            record_url=address_of(record),
            impact=impact,
            claims=[(each, in_words(each.verdict, each.reason)) for each in impact.claims],
            issued=_by_version(impact.copies),
            may_see_copies=self._may_view(Copy),
        )

    def _may_view(self, model: type[Model]) -> bool:
        name = model._meta
        return self.request.user.has_perm(f"{name.app_label}.view_{name.model_name}")


def _named(model: type[Model]) -> Any:
    if model is Statistic:
        return Statistic.objects.select_related("area", "period", "source")
    return model._default_manager.all()


def _by_version(copies: tuple[Copy, ...]) -> list[tuple[PackVersion, list[Copy]]]:
    ordered = sorted(
        copies, key=lambda copy: (copy.version.pack.title, -copy.version.number, copy.member.name)
    )
    grouped = groupby(ordered, key=lambda copy: copy.version)
    return [(version, list(held)) for version, held in grouped]
