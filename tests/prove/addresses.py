"""Every address that a visitor may ask for: of the desk, its lists and choosers, and the feed."""

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote, urlencode

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests import factories as make
from tests.prove.canary_planting import APPS, PUBLIC, models_of_ours, texts_of
from tests.refusing import run

CONVERTER = re.compile(r"<(?:\w+:)?(\w+)>")


def routes(below: str = "admin/") -> list[tuple[str, str]]:
    """Each route of the resolver that starts so, with its name."""

    def walk(patterns: Iterable[Any], prefix: str) -> Iterator[tuple[str, str]]:
        for each in patterns:
            route = prefix + str(each.pattern)
            if isinstance(each, URLResolver):
                yield from walk(each.url_patterns, route)
            elif isinstance(each, URLPattern) and route.startswith(below):
                yield route, each.name or ""

    return list(walk(get_resolver().url_patterns, ""))


def desk(many: int = 14, few: int = 2) -> list[str]:
    """Each page of the desk: of people's rows as many as there are states, of others a few."""
    found = ["/admin/no-such-page/", "/admin/"]
    keys = {
        model._meta.model_name: list(
            model._default_manager.values_list("pk", flat=True)[
                : many if _is_about_people(model) else few
            ]
        )
        for model in admin.site._registry
    }
    for route, name in routes():
        if "^" in route or "(?P" in route:
            continue
        if not CONVERTER.search(route):
            found.append(f"/{route}")
        elif name == "evidence_excerpt_place":
            found += [f"/{CONVERTER.sub(str(key), route)}" for key in keys["excerpt"]]
        elif "<format>" in route:
            pack = str(keys["pack"][-1])
            found += [
                f"/{route}".replace("<uuid:object_id>", pack).replace("<format>", each)
                for each in ("txt", "html", "docx", "nonsense")
            ]
        elif "object_id>" in route and route.count("<") == 1:
            model = route.split("/")[2]
            found += [f"/{CONVERTER.sub(quote(str(key)), route)}" for key in keys.get(model, ())]
            found.append(f"/{CONVERTER.sub('zq-none', route)}")
    found += [f"/admin/{label}/" for label in ("evidence", "auth", "config", "campaigns")]
    return list(dict.fromkeys([*found, *_others()]))


def _is_about_people(model: type[models.Model]) -> bool:
    names = "testimony testimonyversion consent contributor recalltask vaultlook anonymitywaiver"
    return model._meta.model_name in names.split()


def _others() -> Iterator[str]:
    for model in apps.get_models():
        if model._meta.app_label in APPS and model._meta.managed:
            row = model._base_manager.first()
            if row is not None:
                yield f"/admin/where-used/{model._meta.model_name}/{row.pk}/"
                kind = ContentType.objects.get_for_model(model).pk
                yield f"/admin/r/{kind}/{row.pk}/"
    for row in apps.get_model("campaigns.Bill").objects.all():
        yield f"/admin/timeline/{row.pk}/"
    yield f"/admin/series/{make.measure().key}/"
    yield f"/admin/excerpt/text/?snapshot={apps.get_model('evidence.Snapshot').objects.first().pk}"


def choosers() -> Iterator[str]:
    """The list to choose from for each key of each model, with and without a canary's start."""
    for model in (*models_of_ours(), User):
        for field in model._meta.get_fields():
            if isinstance(field, models.ForeignKey | models.ManyToManyField):
                asked = {
                    "app_label": model._meta.app_label,
                    "model_name": model._meta.model_name,
                    "field_name": field.name,
                }
                for term in ("", "zq-"):
                    yield f"/admin/autocomplete/?{urlencode({**asked, 'term': term})}"


def lists(model: type[models.Model]) -> Iterator[str]:
    """A list of the desk: searched, and by each of its columns and each field of its model."""
    address = list_of(model)
    yield f"{address}?q=zq-"
    yield f"{address}?all="
    yield from (f"{address}?o={sign}{number}" for number in range(1, 6) for sign in ("", "-"))
    for field in model._meta.get_fields():
        yield f"{address}?{field.name}=zq-x"
        yield f"{address}?{field.name}__isnull=False"


def searches() -> list[str]:
    return [f"/admin/search/?s={words}" for words in ("zq-", "zq-&extended=1", "Account")]


def oracles(model: type[models.Model]) -> Iterator[tuple[str, str, str]]:
    """A list asked of the text of another model: what would match, and what cannot."""
    address = list_of(model)
    for way, other in _ways(model):
        name = other._meta.model_name
        for field in texts_of(other)[:2]:
            if name in PUBLIC or isinstance(field, models.BinaryField | models.JSONField):
                continue
            asked = f"{address}?{way}__{field.name}__contains="
            yield name, f"{asked}zq-", f"{asked}zy-"
            asked = f"{address}?q="
            yield name, f"{asked}zq-{name}-{field.name}", f"{asked}zy-none-none"


def _ways(model: type[models.Model]) -> Iterator[tuple[str, type[models.Model]]]:
    for field in model._meta.get_fields():
        if field.is_relation and field.related_model:
            yield field.name, field.related_model
            for further in field.related_model._meta.get_fields():
                if isinstance(further, models.ForeignKey) and further.related_model is not model:
                    yield f"{field.name}__{further.name}", further.related_model


def list_of(model: type[models.Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def feed(full: bool = True) -> list[str]:
    """Every address of the public side: lists, items, formats, embeds, searches, errors."""
    ids = [str(key) for key in _public_keys()]
    found = ["/", "/feed.json", "/feed.atom", "/verify/zq-none", "/verify/a/b", "/healthz"]
    found += ["/readyz", "/oembed/", "/oembed/?url=zq-x", "/no-such-page", "/accounts/2fa/"]
    found += [f"/verify/{key}" for key in run("SELECT id FROM campaigns_copy") for key in key]
    lists_of_api = []
    for prefix in ("api/v1/", "embed/", "oembed/"):
        for route, _ in routes(prefix):
            if "^" in route:
                continue
            if "<" in route:
                found += [f"/{CONVERTER.sub(key, route)}" for key in ids]
            else:
                found.append(f"/{route}")
                lists_of_api.append(f"/{route}")
    for address in lists_of_api if full else lists_of_api[:2]:
        for words in ("zq-", "q=zq testimony", "testimony text", "zq-contributor-label"):
            found.append(f"{address}?q={quote(words)}")
        for name in ("ordering", "search", "fields", "format", "limit", "cursor", "since", "page"):
            found += [f"{address}?{name}={value}" for value in ("zq-x", "text", "json", "-1")]
        found += [f"{address}?{name}=zq-x" for name in _field_names()]
        found += [f"{address}?ordering={name}" for name in _field_names()[::4]]
    return list(dict.fromkeys(found))


def _public_keys() -> Iterator[object]:
    """Of what is in the feed and of what hides: accounts by both of their ids."""
    wanted = ("Source", "Statistic", "Claim"), ("Ask", "Bill", "Amendment", "Campaign", "Pack")
    for label, names in zip(("evidence", "campaigns"), wanted, strict=True):
        for name in names:
            model = apps.get_model(label, name)
            yield from model._default_manager.values_list("pk", flat=True)[:3]
    for model in ("Testimony", "TestimonyVersion"):
        for pair in apps.get_model("evidence", model).objects.values_list("pk", "public_id")[:14]:
            yield from pair


def _field_names() -> list[str]:
    wanted = ("testimony", "testimonyversion", "contributor", "consent", "statistic", "pack")
    return sorted(
        {
            field.name
            for model in models_of_ours()
            if model._meta.model_name in wanted
            for field in model._meta.get_fields()
        }
    )
