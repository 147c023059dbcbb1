"""The page where a Word file that came back is held beside its pack, and wording is taken over."""

from dataclasses import asdict
from typing import Any

from django import forms
from django.core import signing
from django.http import HttpRequest, HttpResponse
from unfold.widgets import UnfoldAdminFileFieldWidget

from campaigns.models import Pack
from campaigns.returned.comparing import Change, compare
from campaigns.returned.origin import origin_of
from campaigns.returned.places import Field, Place
from campaigns.returned.reading import LARGEST, read_returned
from campaigns.returned.taking import CHANGED, Wording, take_over
from evidence.admin.asking import AskingPage, page, succeeded
from evidence.desk_addresses import address_of
from evidence.refusing import Refused

SALT = "campaigns.returned"


class ReturnedForm(forms.Form):
    file = forms.FileField(
        label="The Word file that came back",
        help_text=f"As .docx, up to {LARGEST // 1_000_000} MB. It is read and not kept.",
        allow_empty_file=True,
        widget=UnfoldAdminFileFieldWidget,
    )


class ReturnedPage(AskingPage):
    """Nothing is kept between its two steps: what was offered comes back signed."""

    template_name = "admin/packs/returned.html"
    form_class = ReturnedForm
    permission = "campaigns.change_pack"
    title = "A Word file that came back"
    button = "Compare"
    record: Pack

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "offer" not in request.POST:
            return super().post(request, *args, **kwargs)
        form = ReturnedForm()
        try:
            chosen = _chosen(self.record, request.POST["offer"], request.POST.getlist("take"))
            take_over(self.record, chosen, by=self.by)
        except Refused as refused:
            return self.render_to_response(self.get_context_data(form=form, refused=str(refused)))
        how_many = "1 change was" if len(chosen) == 1 else f"{len(chosen)} changes were"
        said = f"{how_many} taken over: the pack is your draft until a colleague approves it."
        self.desk.message_user(request, said, succeeded(said)[0])
        return self.done()

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Shown at once: the file is read and not kept."""
        try:
            returned = read_returned(form.cleaned_data["file"].read(LARGEST + 1))
            origin = origin_of(self.record, returned)
            comparison = compare(self.record, origin.briefing, returned, unprinted=origin.unprinted)
        except Refused as refused:
            form.add_error("file", str(refused))
            return self.form_invalid(form)
        takeable = comparison.takeable
        numbers = {id(change): number for number, change in enumerate(takeable)}
        context = self.get_context_data(
            form=form,
            comparison=comparison,
            held_against=origin.named,
            changes=[(each, numbers.get(id(each))) for each in comparison.changes],
            offer=_offer(self.record, takeable),
        )
        return self.render_to_response(context)

    def get_success_url(self) -> str:
        return address_of(self.record)


def _offer(pack: Pack, changes: list[Change]) -> str:
    wordings = [_wording(change) for change in changes if change.place]
    told = {"pack": str(pack.pk), "wordings": [asdict(each) for each in wordings]}
    return signing.dumps(told, salt=SALT, compress=True)


def _wording(change: Change) -> Wording:
    if change.place is None:
        raise ValueError("Only what has a place can be taken over.")
    return Wording(change.place, change.before, change.after, change.is_added)


def _chosen(pack: Pack, offer: str, ticked: list[str]) -> list[Wording]:
    """By their numbers in the offer; the words come from it, not from the browser."""
    try:
        told = signing.loads(offer, salt=SALT)
    except signing.BadSignature:
        raise Refused(CHANGED) from None
    if told["pack"] != str(pack.pk):
        raise Refused(CHANGED)
    wanted = {each for each in ticked if each.isdecimal()}
    return [_read(each) for number, each in enumerate(told["wordings"]) if str(number) in wanted]


def _read(told: dict[str, Any]) -> Wording:
    place = Place(**{**told["place"], "field": Field(told["place"]["field"])})
    return Wording(**{**told, "place": place})


returned_page = page(ReturnedPage)
