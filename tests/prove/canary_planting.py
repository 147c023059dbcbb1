"""A row in each table, and a canary in each of its texts; the rules are off meanwhile."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from evidence.models import Contributor
from tests import factories as make
from tests.prove.planting import RULES
from tests.refusing import run, run_as_owner

CANARY = re.compile(rb"zq-([a-z]+)-([a-z0-9_]+)-([a-z_]*)", re.IGNORECASE)
VAULT = ("vaultidentity", "vaultrawaccount", "vaultevidence")
APPS = ("config", "evidence", "campaigns", "publishing")
# What code reads, not people: a canary would be no such code.
CODES = re.compile(
    r"sha256|fingerprint|etag|hash|slug|^(url|website|language|act|what|codes|doi|from_state|"
    r"to_state|login|schema_version|lawful_basis|special_category_condition|publication|stop|"
    r"value_printed|stated|recomputed|number|name_as_published|session|media_type|gss_code|key|"
    r"level|clause|version|position|task_path|worker|cursor|last_modified|cause|d_num|pgh_\w+)$"
)
# What the public reads: it was published before anything was planted.
PUBLIC = {"publisheditem", "change", "word", "total", "feeditem", "feedchange"}


def plant_everywhere(keys: dict[object, str]) -> None:
    """By the states of the contributors with these keys."""
    with _rules_off():
        _fill_empty_tables()
        _write_in_the_log()
        _plant(keys)


@contextmanager
def _rules_off() -> Iterator[None]:
    """Until the test's transaction is taken back: by the owner, who may write everywhere."""
    connection.check_constraints()
    run_as_owner("SET CONSTRAINTS ALL IMMEDIATE")
    for model in models_of_ours():
        table = model._meta.db_table
        run_as_owner(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
        for (rule,) in run(RULES.replace("'c', 'f', 'x'", "'c', 'x'"), table):
            run_as_owner(f'ALTER TABLE "{table}" DROP CONSTRAINT "{rule}"')
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        # One login for all: that of the desk, with the rights of the feed's besides.
        for what in ("USAGE ON SCHEMA", "SELECT ON ALL TABLES IN SCHEMA"):
            cursor.execute(f"GRANT {what} feed TO {settings.APP_LOGIN}")
        cursor.execute(f"GRANT EXECUTE ON ALL ROUTINES IN SCHEMA feed TO {settings.APP_LOGIN}")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"SET ROLE {settings.APP_LOGIN}")


def models_of_ours() -> list[type[models.Model]]:
    found = [each for label in APPS for each in apps.get_app_config(label).get_models()]
    return [each for each in found if each._meta.managed and not each._meta.proxy]


def _fill_empty_tables() -> None:
    for _ in range(4):  # a row that points at others comes after them
        for model in models_of_ours():
            if model._meta.model_name not in PUBLIC and not model._base_manager.exists():
                made = _row(model)
                if made is not None:
                    with suppress(DatabaseError), transaction.atomic():
                        model._base_manager.bulk_create([made])


def _row(model: type[models.Model]) -> models.Model | None:
    row = model()
    for field in model._meta.local_fields:
        if isinstance(field, models.ForeignKey):
            other = field.remote_field.model._base_manager.first()
            if other is None and not field.null:
                return None
            setattr(row, field.attname, other.pk if other else None)
        elif isinstance(field, models.UUIDField) and not field.has_default():
            setattr(row, field.attname, make.Statistic.objects.values_list("pk", flat=True)[0])
        elif not (field.has_default() or field.primary_key or field.null):
            setattr(row, field.attname, _some(field))
    return row


def _some(field: models.Field) -> object:
    if field.choices:
        return field.flatchoices[0][0]
    if isinstance(field, models.JSONField):
        return []
    if isinstance(field, models.DateTimeField):
        return timezone.now()
    if isinstance(field, models.DateField):
        return timezone.localdate()
    if isinstance(field, models.BinaryField):
        return b"x"
    if isinstance(field, models.IntegerField | models.DecimalField | models.FloatField):
        return 1
    if isinstance(field, models.BooleanField):
        return False
    if isinstance(field, models.TextField | models.CharField):
        return "a" * 64 if "sha256" in field.name else "Text"
    return None


def _write_in_the_log() -> None:
    for model in (*models_of_ours(), User):
        row = model._base_manager.first()
        if model in admin.site._registry and row is not None:
            name = model._meta.model_name
            LogEntry.objects.create(
                user=make.user("officer"),
                content_type=ContentType.objects.get_for_model(model),
                object_id=str(row.pk),
                object_repr=f"zq-{name}-log-repr",
                action_flag=2,
                change_message=f"zq-{name}-log-message",
            )


def _plant(keys: dict[object, str]) -> None:
    number = 0
    for model in (*models_of_ours(), User):
        name = model._meta.model_name
        if name in PUBLIC:
            continue
        for row in list(model._base_manager.all()):
            told = {}
            for field in texts_of(model):
                number += 1
                canary = f"zq-{name}-{field.name}-{_state_of(row, keys)}-{number}z"
                old = getattr(row, field.attname) or ""
                told[field.attname] = _with(field, canary, old)
            if told:
                model._base_manager.filter(pk=row.pk).update(**told)


def _with(field: models.Field, canary: str, old: Any) -> object:
    if isinstance(field, models.JSONField):
        return [canary]
    if isinstance(field, models.BinaryField):
        return bytes(old) + canary.encode()
    if isinstance(field, models.EmailField):
        return f"{canary}@example.org"
    if field.model._meta.model_name == "snapshot":
        return f"{old} {canary}"  # excerpts count from its start
    return f"{canary} {old}"[: field.max_length]


def texts_of(model: type[models.Model]) -> list[models.Field]:
    if model is User:
        return [model._meta.get_field("email"), model._meta.get_field("password")]
    return [field for field in model._meta.local_fields if _is_text(field)]


def _is_text(field: models.Field) -> bool:
    if f"{field.model._meta.model_name}-{field.name}" in {
        *("consumer-key_hash", "packversion-content"),
        *("deadletter-args", "anonymitywaiver-publication"),
    }:
        return True
    if field.choices or field.primary_key or CODES.search(field.name):
        return False
    if not isinstance(field, models.TextField | models.CharField):
        return False
    needed = len(f"zq-{field.model._meta.model_name}-{field.name}--") + 24
    return field.max_length is None or field.max_length >= needed


def _state_of(row: Any, keys: dict[object, str]) -> str:
    """By the contributor whom the row is about, however far away."""
    for way in ("", "testimony", "version.testimony", "consent", "use.testimony"):
        found = row
        for step in way.split(".") if way else ():
            found = getattr(found, step, None)
        owner = row if isinstance(row, Contributor) else found
        key = getattr(owner, "pk" if isinstance(row, Contributor) else "contributor_id", None)
        if key in keys:
            return keys[key]
    return "other"
