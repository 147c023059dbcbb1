"""Addresses: the desk, the feed, contributors' own pages, and what monitoring asks."""

from allauth.account import views as account
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from campaigns.views import verify
from config import health
from publishing.api import syndication

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/", admin.site.urls),
    # Of allauth's pages only those for the second factor: there is one door, and no sign-up.
    path("accounts/login/", RedirectView.as_view(pattern_name="admin:login"), name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("api/v1/", include("publishing.urls")),
    path("", include("publishing.formats.urls")),  # cards for other pages, and oEmbed
    path("feed.json", syndication.json_feed, name="feed.json"),
    path("feed.atom", syndication.atom_feed, name="feed.atom"),
    path("w/", include("evidence.own_page.urls")),  # evidence.own_page.logs knows it by this name
    path("verify/<path:copy>", verify, name="verify"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
