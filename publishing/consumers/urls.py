"""The consumers' one address."""

from django.urls import URLPattern, path

from publishing.consumers.views import applied

urlpatterns: list[URLPattern] = [path("me/applied/", applied, name="applied")]
