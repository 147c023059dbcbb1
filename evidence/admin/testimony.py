"""Testimony: who gave it, what may leave of it, and the accounts that were never given to us."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from evidence import clearing, protecting, website
from evidence.admin.acting import Act, Badge
from evidence.admin.base import Blocks, DeskAdmin, Kept, Lines, Shown, column, person
from evidence.admin.pages import PagedAdmin
from evidence.admin.placing import PlacingForm
from evidence.admin.protection import FeatureLines, PersonBlocks, RestrictionLines, Signed
from evidence.admin.reviewing import name_of, when
from evidence.admin.uses_by_hand import BY_HAND_PAGE
from evidence.admin.vault import RAW_ACCOUNT_PAGES
from evidence.blast_radius import of_version, what_became_of
from evidence.models import (
    ConsentTestimony,
    Life,
    PersonSpokenAbout,
    Proceedings,
    ReportingRestriction,
    RestrictedAccount,
    Safeguarding,
    Testimony,
    TestimonyUse,
    TestimonyVersion,
    VersionState,
)
from evidence.permission import CLEAR_PROCEEDINGS, CLEAR_SAFEGUARDING

VERSION_COLOURS = {
    VersionState.DRAFT.value: "info",
    VersionState.CLEARED.value: "success",
    VersionState.RECALLED.value: "danger",
    VersionState.SUPERSEDED.value: "",
}
NEEDED_ONCE = ["contributor_approved_at", "jigsaw_reviewed_by", "jigsaw_reviewed_at"]


class NeverDeleted(DeskAdmin):
    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """The app's login has no right to; an erasure is an act of its own."""
        return False


class NamesNobody(DeskAdmin):
    """Who gave it is shown, filtered and searched for those alone who may see contributors."""

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return _known(request, super().get_list_display(request))

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return _known(request, super().get_list_filter(request))

    def get_search_fields(self, request: HttpRequest) -> list[Any]:
        return _known(request, super().get_search_fields(request))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [
            (title, {**options, "fields": _known(request, options["fields"])})
            for title, options in super().get_fieldsets(request, obj)
        ]

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Else a list could be asked whose accounts belong together."""
        if not _known(request, [lookup]):
            return False
        return super().lookup_allowed(lookup, value, request)


def _known(request: HttpRequest, names: Any) -> list[Any]:
    if person(request).has_perm("evidence.view_contributor"):
        return list(names)
    return [each for each in names if not str(each).startswith("contributor")]


class VersionLines(Kept, Blocks):
    model = TestimonyVersion
    fields = ["number", "text", "attribution", "identity", "anonymity_note", "content_warning"]
    readonly_fields = ["number"]
    show_change_link = True
    verbose_name = "version"
    verbose_name_plural = "versions"


class CoveringConsents(Shown, Lines):
    model = ConsentTestimony
    fields = readonly_fields = ["consent", "validity"]
    named_with = ("consent",)
    verbose_name = "consent"
    verbose_name_plural = "consents"


@column(
    "safeguarding",
    ordering="safeguarding",
    label={
        value: "success" if value in CLEAR_SAFEGUARDING else "danger"
        for value in Safeguarding.values
    },
)
def safeguarding(testimony: Testimony) -> tuple[str, str]:
    return testimony.safeguarding, testimony.get_safeguarding_display()


@column(
    "proceedings",
    ordering="proceedings",
    label={
        value: "success" if value in CLEAR_PROCEEDINGS else "danger" for value in Proceedings.values
    },
)
def proceedings(testimony: Testimony) -> tuple[str, str]:
    return testimony.proceedings, testimony.get_proceedings_display()


class TestimonyForm(PlacingForm):
    helps = {"teller": "Only whom it was done to can ever waive anonymity."}


@admin.register(Testimony)
class TestimonyAdmin(NamesNobody, PagedAdmin, NeverDeleted):
    form = TestimonyForm
    list_display = ["title", "contributor", "collected_on", safeguarding, proceedings]
    list_filter = ["safeguarding", "proceedings", "contributor__is_fictional"]
    date_hierarchy = "collected_on"
    list_select_related = ["contributor"]
    search_fields = ["title", "contributor__label"]
    autocomplete_fields = ["contributor"]
    inlines = [VersionLines, PersonBlocks, RestrictionLines, CoveringConsents]
    pages = RAW_ACCOUNT_PAGES
    acts = (
        Act(
            "put_on_website",
            "Put on the website",
            "On the website, until its consent ends or is withdrawn.",
            lambda testimony, user, note: website.put_on_website(testimony),
            lambda testimony, user: not website.is_on_website(testimony),
            is_main=True,
        ),
        Act(
            "take_off_website",
            "Take off the website",
            "Off the website.",
            lambda testimony, user, note: website.take_off_website(testimony),
            lambda testimony, user: website.is_on_website(testimony),
            warns="It goes at once. The consent stays as it is.",
        ),
    )
    fieldsets = [
        (
            "The account",
            {"fields": ["title", "contributor", "teller", ("collected_on", "collected_by")]},
        ),
        (
            "Before it can be used",
            {"fields": ["support_offered", ("safeguarding", "proceedings")]},
        ),
    ]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"collected_by": person(request).pk, **super().get_changeform_initial_data(request)}

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        for line in formset.forms:
            if formset.model is TestimonyVersion and line.instance._state.adding:
                clearing.begin(line.instance, form.instance, by=person(request))
            if formset.model is ReportingRestriction and line.instance._state.adding:
                line.instance.noted_by = person(request)
            if formset.model is PersonSpokenAbout and line.instance.life == Life.DIED:
                line.instance.death_noted_by = person(request)
        super().save_formset(request, form, formset, change)


@column("state", ordering="state", label=VERSION_COLOURS)
def version_state(version: TestimonyVersion) -> tuple[str, str]:
    return version.state, version.get_state_display()


@admin.register(TestimonyVersion)
class TestimonyVersionAdmin(Signed, NeverDeleted):
    """Words are written once; what is recorded later is that they were approved and checked."""

    inlines = [FeatureLines]
    pages = (BY_HAND_PAGE,)

    list_display = ["testimony", "number", "identity", version_state]
    list_filter = ["state", "identity"]
    list_select_related = ["testimony"]
    search_fields = ["testimony__title", "attribution"]
    autocomplete_fields = ["testimony"]
    fieldsets = [
        ("The words", {"fields": ["testimony", "text", "content_warning"]}),
        ("Who speaks", {"fields": ["attribution", "identity", "anonymity_note"]}),
        (
            "Before it can be cleared",
            {
                "fields": [
                    "contributor_approved_at",
                    ("jigsaw_reviewed_by", "jigsaw_reviewed_at"),
                ]
            },
        ),
    ]
    acts = (
        Act(
            "clear",
            "Clear for use",
            "Cleared: it may be used where a consent permits it.",
            lambda version, user, note: clearing.clear(version, by=user),
            lambda version, user: (
                version.state == VersionState.DRAFT and version.written_by_id != user.pk
            ),
            is_main=True,
        ),
        Act(
            "sign_for_accused",
            "Sign for the law",
            "Signed: whoever is accused may be recognised in these words.",
            lambda version, user, note: protecting.sign_for_accused(version, by=user),
            lambda version, user: (
                version.written_by_id != user.pk and protecting.is_unsigned(version)
            ),
            needs="sign_off",
            logged="Signed.",
            warns="Proceedings, defamation and privacy have to allow that they are recognised in "
            "these very words. Another version needs another signature.",
        ),
        Act(
            "recall",
            "Recall",
            "",
            lambda version, user, note: _recall(version),
            lambda version, user: version.state in {VersionState.CLEARED, VersionState.SUPERSEDED},
            warns="It leaves the website now, and a recall opens for each copy that holds it.",
        ),
    )

    def uses_of(self, record: Any) -> QuerySet[TestimonyUse]:
        found: QuerySet[TestimonyUse] = record.uses.all()
        return found

    def as_seen(self, record: Any) -> str:
        """A lawyer signs for those who were accused when they read it."""
        accused = record.testimony.persons_spoken_about.filter(is_accused=True)
        return " ".join(str(each) for each in accused.order_by("pk").values_list("pk", flat=True))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        if obj is None:
            return []
        written = ["testimony", "text", "content_warning", "attribution", "identity"]
        frozen = [] if obj.state == VersionState.DRAFT else NEEDED_ONCE
        return [*written, "anonymity_note", *frozen]

    def standing(self, record: Any) -> list[str]:
        writer = record.written_by.get_full_name() or record.written_by.get_username()
        return [f"Written by {writer}."]

    def standing_as_seen(self, record: Any, user: User) -> list[str]:
        """That somebody in it is accused, nobody reads who may not see who is in it."""
        told = super().standing_as_seen(record, user)
        if not user.has_perm("evidence.view_personspokenabout"):
            return told
        if protecting.is_unsigned(record):
            told.append("Somebody accused can be recognised in it: a lawyer has to sign first.")
        for each in record.accused_sign_offs.select_related("signed_by"):
            name = name_of(each.signed_by)
            told.append(f"For the law, of somebody accused: {name}, {when(each.signed_at)}.")
        return told

    def badges(self, record: Any) -> list[Badge]:
        return [(record.get_state_display(), VERSION_COLOURS[record.state])]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Only what is recorded later is written again: the app's login may change no more."""
        if change:
            obj.save(update_fields=NEEDED_ONCE)
            return
        clearing.begin(obj, obj.testimony, by=person(request))
        super().save_model(request, obj, form, change)


def _recall(version: TestimonyVersion) -> str:
    radius = of_version(version)
    clearing.recall(version)
    return what_became_of(radius, "Recalled for good.")


@column("state", label={"Consent unknown": "danger"})
def consent_held(_account: RestrictedAccount) -> str:
    return "Consent unknown"


@admin.register(RestrictedAccount)
class RestrictedAccountAdmin(NeverDeleted):
    """No words and no name are kept here, so there is nothing to publish."""

    list_display = ["__str__", consent_held, "refusal", "noted_on"]
    list_select_related = ["source"]
    search_fields = ["source__title", "source__key"]
    autocomplete_fields = ["source", "became"]
    date_hierarchy = "noted_on"
    fields = ["source", "refusal", "became"]
    readonly_fields = ["refusal"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return self.fields if obj else ["source"]

    @column("why it is left out")
    def refusal(self, account: RestrictedAccount) -> str:
        return account.refusal
