"""The pages that mend a snapshot's words: withholding some, and placing those that were lost."""

import re
from collections.abc import Iterator
from typing import Any

from django import forms
from unfold.widgets import (
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from evidence import anchoring
from evidence.admin.asking import AskingPage, Said, succeeded, warned
from evidence.anchoring import Ambiguous, Anchor, Found
from evidence.desk_addresses import address_of
from evidence.models import Excerpt, Snapshot
from evidence.refusing import Refused
from evidence.snapshots.redacting import also_in, redact

EMPTY_LINE = re.compile(r"\n\s*\n")
TOLD = 4  # places told apart in one sentence
FEW = 20  # places that context tells apart; of more, longer words are the answer
WORDS_AROUND = 12
LONGEST = 120  # characters of context that an excerpt holds


class RedactForm(forms.Form):
    passages = forms.CharField(
        label="Words to withhold",
        help_text="Copied from the text on this page. Leave an empty line between two passages.",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 6}),
    )
    reason = forms.CharField(
        help_text="Kept with your name for good: say it in none of the withheld words.",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
    )
    restricted_account = forms.BooleanField(
        label="They are a private person's account",
        required=False,
        initial=True,
        help_text="Records that an account reached us here for which no consent is held.",
        widget=UnfoldBooleanWidget,
    )

    def clean_passages(self) -> list[str]:
        lines = self.cleaned_data["passages"].replace("\r\n", "\n")
        return EMPTY_LINE.split(lines)


class RedactPage(AskingPage):
    template_name = "admin/sources/redact.html"
    form_class = RedactForm
    permission = "evidence.redact_snapshot"
    title = "Withhold words"
    button = "Withhold these words for good"
    record: Snapshot
    successor: Snapshot

    def mended_at(self, form: forms.Form) -> str:
        return "passages"

    def act(self, form: forms.Form) -> list[Said]:
        given = form.cleaned_data
        self.successor = redact(self.record, by=self.by, **given)
        marks = self.successor.text.count("[withheld]")
        said = [succeeded(f"Withheld. This snapshot stands in the old one's place; marks in it: "
                          f"{marks}.")]  # fmt: skip
        others = [str(other) for other in also_in(self.successor, given["passages"])]
        if others:
            said.append(warned(f"Some of these words still stand in: {'; '.join(others)}."))
        return said

    def get_success_url(self) -> str:
        return address_of(self.successor)


def why_not_found(found: Found, text: str) -> str:
    """The sentence at the words: not there, or what would settle which of them are meant."""
    if not isinstance(found, Ambiguous):
        return anchoring.NOT_THERE
    count = len(found.places)
    if count > FEW:
        return f"The snapshot says these words {count} times: mark more words around them."
    ways = [_settled(place, text) for place in found.places[:TOLD]]
    more = f" ({count - TOLD} more stand further down.)" if count > TOLD else ""
    return f"The snapshot says these words {count} times: choose {', or '.join(ways)}.{more}"


def _settled(place: Anchor, text: str) -> str:
    """The least to write beside the words so that they mean this place and no other."""
    exact = text[place.start : place.end]
    for before, after in _contexts(place, text):
        if anchoring.locate(text, exact, before, after) == place:
            sides = (("before", before), ("after", after))
            return " and ".join(f"“{words}” just {side} them" for side, words in sides if words)
    return "those that you mark with more words around them"


def _contexts(place: Anchor, text: str) -> Iterator[tuple[str, str]]:
    """From one word on either side to many, each within its line: a field holds no second."""
    before = text[: place.start].rpartition("\n")[2][-LONGEST:]
    after = text[place.end :].partition("\n")[0][:LONGEST]
    starts = [match.start() for match in re.finditer(r"\S+", before)][::-1]
    ends = [match.end() for match in re.finditer(r"\S+", after)]
    befores = [before[start:].strip() for start in starts[:WORDS_AROUND]]
    afters = [after[:end].strip() for end in ends[:WORDS_AROUND]]
    for number in range(max(len(befores), len(afters))):
        one, other = befores[: number + 1][-1:], afters[: number + 1][-1:]
        yield from ((words, "") for words in one)
        yield from (("", words) for words in other)
        if one and other:
            yield one[0], other[0]


class PlaceForm(forms.Form):
    exact = forms.CharField(
        label="Words",
        strip=False,
        help_text="Copied exactly from the text on this page.",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
    )
    before = forms.CharField(
        label="Words just before",
        required=False,
        max_length=120,
        help_text="Needed only where the words occur more than once.",
        widget=UnfoldAdminTextInputWidget,
    )
    after = forms.CharField(
        label="Words just after", required=False, max_length=120, widget=UnfoldAdminTextInputWidget
    )

    def clean_exact(self) -> str:
        return str(self.cleaned_data["exact"]).replace("\r\n", "\n").strip("\n")


class PlacePage(AskingPage):
    """What cites the excerpt stays as it is; the new place follows the old one."""

    template_name = "admin/sources/place.html"
    form_class = PlaceForm
    permission = "evidence.add_excerpt"
    title = "Find lost words"
    button = "Place them here"
    record: Excerpt

    @property
    def newest(self) -> Snapshot:
        return self.record.snapshot.source.snapshots.live().newest_first()[0]

    def get_initial(self) -> dict[str, Any]:
        return {"exact": self.record.exact}

    def mended_at(self, form: forms.Form) -> str:
        return "exact"

    def act(self, form: forms.Form) -> list[Said]:
        if not Excerpt.objects.orphans().filter(pk=self.record.pk).exists():
            raise Refused("These words are not lost: they have a place in the newest snapshot.")
        given = form.cleaned_data
        text, exact = self.newest.text, given["exact"]
        context = {"prefix": given["before"], "suffix": given["after"]}
        found = anchoring.locate(text, exact, **context)
        if not isinstance(found, Anchor):
            raise Refused(why_not_found(found, text))
        anchoring.place(self.record, self.newest, exact, **context)
        return [succeeded("The words have a place again.")]

    def get_success_url(self) -> str:
        return address_of(self.record.snapshot.source)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(newest=self.newest, **kwargs)
