"""The admin site that officers work in: its door, and what waits for each of them."""

from functools import partial
from typing import Any, cast

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.contrib.admin import ModelAdmin as PlainAdmin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import SimpleLazyObject
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from unfold.admin import ModelAdmin
from unfold.sites import UnfoldAdminSite

from config.board import board, may_see_board
from config.overview import overview
from config.pages import urls_of


class Door(LoginView):
    """Django's form, then allauth's flow, which asks for the second factor where there is one."""

    template_name = "admin/login.html"

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        user = form.get_user()
        login = Login(user=user, redirect_url=self.get_success_url())
        credentials = {"username": user.get_username()}
        answer: HttpResponse = perform_password_login(self.request, credentials, login)
        return answer


class Desk(UnfoldAdminSite):  # type: ignore[misc]  # Unfold has no types
    """Unfold's site, where only what was made for the desk can be seen."""

    index_title = "Your desk"
    enable_nav_sidebar = True

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Leave out what other applications register for Django's plain admin."""
        if issubclass(admin_class or PlainAdmin, ModelAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def get_urls(self) -> list[Any]:
        return [*urls_of(self), *super().get_urls()]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """Made once something reads it: each page is given it, and the menu is the desk's own."""
        return SimpleLazyObject(partial(super().get_app_list, request, app_label))

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        user = cast("User", request.user)
        context = {"overview": overview(user), **_safeguarding(user), **(extra_context or {})}
        page: HttpResponse = super().index(request, context)
        return page

    @method_decorator([never_cache, sensitive_post_parameters("password")])
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        if request.method == "GET" and self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        context = {
            **self.each_context(request),
            "title": "Log in",
            "app_path": request.get_full_path(),
            REDIRECT_FIELD_NAME: request.GET.get(REDIRECT_FIELD_NAME, reverse("admin:index")),
            **(extra_context or {}),
        }
        view = Door.as_view(authentication_form=self.login_form, extra_context=context)
        return view(request)


def _safeguarding(user: User) -> dict[str, Any]:
    """The box of whoever sees the board: what waits, and nothing where all is in order."""
    if not may_see_board(user):
        return {}
    return {"safeguarding": [section for section in board(user) if section.rows]}
