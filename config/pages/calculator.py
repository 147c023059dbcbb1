"""The calculator: checks one claim, ours or anybody's, from the numbers as they are printed."""

from typing import Any

from django import forms

from config.pages.page import DeskPage
from evidence.arithmetic import ClaimType, Finding, check
from evidence.calculator import ClaimTexts, UnreadableField, answer, read_claim
from evidence.models import ClaimType as Named
from evidence.models import Qualifier
from evidence.verdict_words import COLOURS, in_words

LABELS = {
    "from": "From",
    "to": "To",
    "total": "Total",
    "parts": "Parts",
    "days": "Days",
    "base": "Base",
    "weighted": "Weighted survey",
    "qualifier": "Word before it",
    "stated": "As claimed",
}
HELP = {
    "from": "The earlier figure, as in 1,437.",
    "to": "The later figure, as in 2,061.",
    "total": "The whole, as in 9,888.",
    "parts": "With commas and spaces between, as in 4,293, 1,361, 1,363.",
    "days": "How many days the count covers, as in 730.",
    "base": "How many people answered. Empty where it is not printed.",
    "qualifier": "If one is printed.",
    "stated": "As printed, as in 43%, a third or doubled.",
}
OTHER_LABELS = {
    (ClaimType.SHARE, "to"): "Part",
    (ClaimType.RATE_PER_PERIOD, "to"): "Count",
}
OTHER_HELP = {
    (ClaimType.SHARE, "to"): "The part, as in 4,293.",
    (ClaimType.RATE_PER_PERIOD, "to"): "The count, as in 4,293.",
    (ClaimType.SUM, "stated"): "The printed total, as in 9,888.",
    (ClaimType.RATE_PER_PERIOD, "stated"): "As printed, as in six a day.",
}
CLAIMED = ("stated", "qualifier")
ASKED = {
    ClaimType.PERCENT_CHANGE: ("from", "to", *CLAIMED),
    ClaimType.ABSOLUTE_CHANGE: ("from", "to", *CLAIMED),
    ClaimType.MULTIPLE_CHANGE: ("from", "to", *CLAIMED),
    ClaimType.SHARE: ("to", "total", *CLAIMED, "base", "weighted"),
    ClaimType.SUM: ("parts", *CLAIMED),
    ClaimType.RATE_PER_PERIOD: ("to", "days", *CLAIMED),
    ClaimType.DIRECTION_ONLY: ("from", "to", "stated"),
}
SIGNS = {ClaimType.PERCENT_CHANGE: "%", ClaimType.SHARE: "%", ClaimType.MULTIPLE_CHANGE: " times"}


class CalculatorForm(forms.Form):
    """The fields that one type of claim has. None is required: the verdict tells what lacks."""

    def __init__(self, claim_type: ClaimType, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.claim_type = claim_type
        self.finding: Finding | None = None
        for name in ASKED[claim_type]:
            self.fields[name] = self._field(name)

    def clean(self) -> dict[str, Any]:
        texts = {"from_" if name == "from" else name: said for name, said in self._said()}
        try:
            self.finding = check(read_claim(self.claim_type, ClaimTexts(**texts)))
        except UnreadableField as error:
            self.add_error(error.field, str(error))
        return self.cleaned_data

    def _said(self) -> list[tuple[str, Any]]:
        return [(name, said) for name, said in self.cleaned_data.items() if said]

    def _field(self, name: str) -> forms.Field:
        help_text = OTHER_HELP.get((self.claim_type, name), HELP.get(name, ""))
        label = OTHER_LABELS.get((self.claim_type, name), LABELS[name])
        said: dict[str, Any] = {"label": label, "help_text": help_text, "required": False}
        if name == "weighted":
            return forms.BooleanField(**said)
        if name == "qualifier":
            words = [(value, label) for value, label in Qualifier.choices if value != "exact"]
            return forms.ChoiceField(choices=[("", "none"), *words], **said)
        if self.claim_type is ClaimType.DIRECTION_ONLY and name == "stated":
            ways = [("up", "Up"), ("down", "Down")]
            return forms.ChoiceField(choices=ways, **{**said, "help_text": ""})
        field = forms.CharField(max_length=400, **said)
        field.widget.attrs["autocomplete"] = "off"
        return field


class CalculatorPage(DeskPage):
    """Answers a GET, so that a finding has an address to send to a colleague."""

    template_name = "admin/pages/calculator.html"
    title = "Calculator"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        given = self.request.GET
        chosen = given.get("type", "")
        claim_type = ClaimType(chosen) if chosen in ASKED else ClaimType.PERCENT_CHANGE
        asked = any(name in given for name in ASKED[claim_type])
        form = CalculatorForm(claim_type, given if asked else None, label_suffix="")
        form.is_valid()
        return super().get_context_data(
            **kwargs,
            form=form,
            claim_type=claim_type.value,
            types=[(each.value, Named(each).label) for each in ASKED],
            found=_found(claim_type, form.finding),
        )


def _found(claim_type: ClaimType, finding: Finding | None) -> dict[str, Any] | None:
    if finding is None:
        return None
    told, verdict = answer(finding), in_words(finding.verdict, finding.reason)
    return {
        **told,
        "verdict": verdict,
        "colour": COLOURS[verdict],
        "sign": SIGNS.get(claim_type, ""),
    }
