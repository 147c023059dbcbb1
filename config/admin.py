"""The administrator's pages: people and their roles, and the background work."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from config import access_notices
from config.models import DeadLetter, Job, ScheduledTask, WorkerLease
from config.roles import ROLES
from config.worker import dead_letters
from evidence.admin.acting import Act, ActingAdmin
from evidence.admin.base import DeskAdmin, ReadOnlyAdmin, column, person
from evidence.refusing import Refused


def has_second_factor(user: User) -> bool:
    found: bool = Authenticator.objects.filter(user=user).exists()
    return found


def forget_second_factor(user: User, *, by: User) -> None:
    """For a lost telephone: the next login asks for the password alone."""
    Authenticator.objects.filter(user=user).delete()
    access_notices.tell(user, "The second factor was removed", by=by)


@contextmanager
def _told_of_new_reach(users: Iterable[User], *, by: User) -> Iterator[None]:
    """Whose roles make them decide about people by its end, and did not before, is told of."""
    others = [user for user in users if not access_notices.is_about_people(user)]
    yield
    for user in filter(access_notices.is_about_people, others):
        what = "It may now decide about people who gave testimony, or see who they are"
        access_notices.tell(user, what, by=by)


@admin.register(User)
class PersonAdmin(UserAdmin, ActingAdmin):  # type: ignore[type-arg,misc]  # Unfold has no types
    """Roles come from groups alone; nobody is made a superuser here."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ["username", "get_full_name", "roles", "is_active", "last_login"]
    list_filter = ["groups", "is_active"]
    search_fields = ["username", "first_name", "last_name", "email"]
    filter_horizontal = ()
    autocomplete_fields = ["groups"]
    readonly_fields = ["new_password", "last_login", "date_joined"]
    empty_value_display = "never"
    fieldsets = [
        ("Who", {"fields": ["username", ("first_name", "last_name"), "email", "new_password"]}),
        ("What they may do", {"fields": ["is_active", "groups"]}),
        ("When", {"fields": [("last_login", "date_joined")]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "usable_password", "password1", "password2"]}),
    ]
    acts = (
        Act(
            "forget_second_factor",
            "Remove second factor",
            "Removed: the next login asks for the password alone.",
            lambda user, by, note: forget_second_factor(user, by=by),
            lambda user, by: has_second_factor(user),
            warns="Make sure that it is they who ask. They set up a new one after logging in.",
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        found: QuerySet[User] = super().get_queryset(request).prefetch_related("groups")
        return found

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Else an administrator could become a superuser by setting one's password."""
        if obj is not None and obj.is_superuser and not person(request).is_superuser:
            return False
        return bool(super().has_change_permission(request, obj))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Nobody gives a role to themselves: some open the vault."""
        found = list(super().get_readonly_fields(request, obj))
        return [*found, "groups", "is_active"] if obj == request.user else found

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """What someone edited or approved stays theirs; an account is made inactive instead."""
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        obj.is_staff = True  # every account is for the desk
        super().save_model(request, obj, form, change)
        if change and "email" in form.changed_data:
            before = [form.initial["email"]]
            what = "The e-mail address was changed"
            access_notices.tell(obj, what, by=person(request), also=before)
        if change and "is_active" in form.changed_data and obj.is_active:
            access_notices.tell(obj, "It was made active again", by=person(request))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        with _told_of_new_reach([form.instance], by=person(request)):
            super().save_related(request, form, formsets, change)

    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        """In one transaction: nothing is set of which nobody is told."""
        with transaction.atomic():
            answer = super().user_change_password(request, id, form_url)
            user = self.get_object(request, unquote(id))
            if user and isinstance(answer, HttpResponseRedirect):  # it was set
                access_notices.tell(user, "A new password was set", by=person(request))
        return answer

    @column("password")
    def new_password(self, user: User) -> str:
        words = "Set a new password"
        return format_html('<a href="../password/" class="text-link">{}</a>', words)

    @column("roles")
    def roles(self, user: User) -> str:
        return ", ".join(group.name for group in user.groups.all()) or "none yet"


@admin.register(Group)
class RoleAdmin(GroupAdmin, DeskAdmin):  # type: ignore[misc]  # Unfold has no types
    """The six roles are what config/roles.py says; others can be added beside them."""

    list_display = ["name", "defined"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is not None and obj.name in ROLES:
            return False
        return bool(super().has_change_permission(request, obj))

    has_delete_permission = has_change_permission

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        with _told_of_new_reach(form.instance.user_set.all(), by=person(request)):
            super().save_related(request, form, formsets, change)

    @column("defined by", label={"Attest": "info"})
    def defined(self, group: Group) -> str:
        return "Attest" if group.name in ROLES else "your administrators"


def replay(letter: DeadLetter) -> None:
    try:
        dead_letters.replay(letter.pk)
    except dead_letters.NotReplayable as refused:
        raise Refused(str(refused)) from refused


@column("standing", label={"Waiting": "danger", "Replayed": "success"})
def letter_standing(letter: DeadLetter) -> str:
    return "Replayed" if letter.replayed_at else "Waiting"


@admin.register(DeadLetter)
class DeadLetterAdmin(ActingAdmin, ReadOnlyAdmin):
    list_display = ["task_path", "error_type", "tries", "failed_at", letter_standing]
    list_filter = [["replayed_at", admin.EmptyFieldListFilter], "task_path"]
    date_hierarchy = "failed_at"
    search_fields = ["task_path", "error_type"]
    acts = (
        Act(
            "replay",
            "Try it again",
            "On its way again, with all its tries before it.",
            lambda letter, user, note: replay(letter),
            lambda letter, user: letter.replayed_at is None,
            needs="replay",
            is_main=True,
        ),
    )

    def has_replay_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return person(request).has_perm("config.change_deadletter")


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = ["task_path", "status", "enqueued_at", "run_after", "finished_at"]
    list_filter = ["status", "task_path"]
    search_fields = ["task_path"]
    fields = readonly_fields = [
        "task_path",
        "status",
        "enqueued_at",
        "run_after",
        "started_at",
        "finished_at",
        "exception_class_path",
        "traceback",
    ]


@admin.register(ScheduledTask)
class ScheduledTaskAdmin(ReadOnlyAdmin):
    list_display = ["name", "first_seen_at", "last_enqueued_at"]
    search_fields = ["name"]
    empty_value_display = "not yet"


@admin.register(WorkerLease)
class WorkerLeaseAdmin(ReadOnlyAdmin):
    list_display = ["worker", "seen_at"]
    search_fields = ["worker"]
