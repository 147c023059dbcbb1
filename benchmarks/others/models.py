"""A published record as a page, with the fields that it has in the feed."""

from django.db import models
from wagtail.api import APIField
from wagtail.models import Page

TEXTS = (
    "kind", "licence", "display_value", "unit", "qualifier", "measure", "comparability", "caveat",
    "verdict", "approved_wording", "wording_to_avoid", "spoken", "citation_text",
)  # fmt: skip
PARTS = ("area", "period", "printed_period", "source", "corrections")


class Record(Page):
    public_id = models.UUIDField()
    value = models.FloatField(null=True)
    api_fields = [APIField(name) for name in ("public_id", "value", *TEXTS, *PARTS)]


for name in TEXTS:
    Record.add_to_class(name, models.TextField(null=True))
for name in PARTS:
    Record.add_to_class(name, models.JSONField(null=True))
