"""A world with a canary in every hidden text, and who asks for every page of it.

A canary says where it was planted: `zq-testimonyversion-text-withdrawn-17z` stands in the text of a
version whose consent was withdrawn. So a page that holds one says which permission it took.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.handlers.base import BaseHandler
from django.db import DatabaseError, connection, models, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from campaigns.models import MemberContact, PackItem, PackSection
from config.roles import ROLES, ensure_roles
from evidence import consenting, identities
from evidence.identities import Person, RawWords
from evidence.models import Channel, Contributor, Testimony
from evidence.own_page import links
from evidence.website import put_on_website
from tests import factories as make
from tests.campaigns import packing
from tests.config import desk_rows as rows
from tests.prove.planting import RULES
from tests.publishing import making
from tests.refusing import run, run_as_owner, run_past_the_rules

STATES = [
    *("requested", "deferred", "refused", "given", "not_yet_valid", "expired", "suspended"),
    *("withdrawn", "revoked", "invalidated", "replaced", "listing_withdrawn"),
]
NEVER_GIVEN = ("requested", "deferred", "refused")
NOBODY = "nobody"  # not logged in
NO_ROLE = "without a role"
WHO = [NOBODY, NO_ROLE, *ROLES]

CANARY = re.compile(rb"zq-([a-z]+)-([a-z0-9_]+)-([a-z_]*)", re.IGNORECASE)
VAULT = ("vaultidentity", "vaultrawaccount", "vaultevidence")

# Rows without a page of their own, read on the page of another.
READ_WITH = {
    "claimacceptance": ("evidence.claim", "evidence.evidencegap"),
    "numberdecision": (
        *("evidence.claim", "evidence.statistic", "evidence.source", "evidence.evidencegap"),
        *("evidence.statement", "campaigns.ask", "campaigns.campaign", "campaigns.pack"),
        *("campaigns.bill", "campaigns.amendment"),
    ),
    "redaction": ("evidence.snapshot",),
    "billaspublished": ("campaigns.bill",),
    "stoppassed": ("campaigns.packversion",),
    "versionmark": ("campaigns.packversion", "campaigns.copy", "campaigns.notice"),
    "versionrecall": ("campaigns.packversion",),
}
# Of these fields nothing is told to anybody; the vault's are sealed besides.
NEVER_TOLD = {"consumer-key_hash", "user-password", "session-session_data"}
# What code reads, not people: a canary would be no such code.
CODES = re.compile(
    r"sha256|fingerprint|etag|hash|slug|^(url|website|language|act|what|codes|doi|from_state|"
    r"to_state|login|schema_version|lawful_basis|special_category_condition|publication|stop|"
    r"value_printed|stated|recomputed|number|name_as_published|session|media_type|gss_code|key|"
    r"level|clause|version|position|task_path|worker|cursor|last_modified|cause|d_num|pgh_\w+)$"
)
# What the public reads: it was published before anything was planted.
PUBLIC = {"publisheditem", "change", "word", "total", "feeditem", "feedchange"}
# Told today to who may not read it, each shown by a test that is expected to fail.
# A malformed key, or the made-up file of a version, is answered with an error of ours today.
BREAKS = re.compile(r"/zq-none/(change|redact|take)/|/packversion/<key>/document/")
APPS = ("config", "evidence", "campaigns", "publishing")


# The world


def build(states: Iterable[str]) -> dict[str, str]:
    """The contributors' states by their keys; and the addresses of their own pages by state."""
    ensure_roles()
    rows.everything()
    _published()
    pages = {}
    keys = {}
    words = []
    for state in states:
        contributor, version, pages[state] = _person(state)
        keys[contributor.pk] = state
        words.append(version)
    pack = rows.pack(2)
    section = PackSection.objects.create(
        pack=pack, position=2, kind="case_study", heading="What happened"
    )
    for version in words:
        PackItem.objects.create(section=section, testimony_version=version)
    rows.issued(pack)
    MemberContact.objects.get_or_create(member=rows.peer())
    with _rules_off():
        _fill_empty_tables()
        _write_in_the_log()
        _plant(keys)
    return pages


def _published() -> None:
    source = making.approved(make.source("report", licence="OGL v3.0"))
    figure = making.approved(make.statistic("1,437", source=source))
    bill = making.bill()
    making.approved(making.amendment(making.stage(bill)))
    making.approved(bill)
    ask = making.ask()
    ask.evidence.create(role="shows_problem", statistic=figure, reason="It shows it.")
    making.approved(ask.campaign)
    making.approved(ask)


def _person(state: str) -> tuple[Contributor, Any, str]:
    title = f"Account {state}"
    if state in NEVER_GIVEN:
        account = make.testimony(title)
        words = make.cleared(account)
        consent = make.requested_consent(account.contributor)
        make.ConsentTestimony.objects.create(consent=consent, testimony=account)
        for channel in (Channel.BRIEFING_PACK, Channel.WEBSITE_FEED):
            make.scope(consent, channel)
    else:
        covered = make.covered(Channel.BRIEFING_PACK, Channel.WEBSITE_FEED, title=title)
        words, consent, account = covered.version, covered.consent, covered.version.testimony
        make.raw_use(covered)
        put_on_website(account)
        make.waiver(consent, words)
    officer, contributor = make.user("officer"), account.contributor
    person = Person(f"zq-{VAULT[0]}-name-{state}", None, other_contact=f"zq-{VAULT[0]}-how-{state}")
    identities.record_identity(contributor, person, by=officer)
    raw = RawWords(f"zq-{VAULT[1]}-words-{state}", f"zq-{VAULT[1]}-plan-{state}")
    identities.record_raw_account(account, raw, by=officer)
    form = f"zq-{VAULT[2]}-content-{state}".encode()
    identities.attach_evidence(consent, form, "text/plain", by=officer)
    identities.write_look(contributor, "identity", by=officer, because="They asked.")
    _more_versions(account)
    page = links.make_link(contributor, by=officer)
    _move(consent, account, state)
    return contributor, words, page.removeprefix(settings.SITE_URL)


def _more_versions(account: Testimony) -> None:
    draft = make.version(account, "Words of a draft.")
    draft.features.create(kind="place", told="A town")
    for state in ("recalled", "superseded"):
        version = make.version(account, f"Words that were {state}.")
        run_past_the_rules(
            "evidence_testimonyversion",
            "UPDATE evidence_testimonyversion SET state = %s WHERE id = %s",
            state,
            version.pk,
        )


def _move(consent: Any, account: Testimony, state: str) -> None:
    table = "evidence_consent"
    past = partial(run_past_the_rules, table)
    match state:
        case "deferred" | "refused":
            run(f"UPDATE {table} SET state = %s WHERE record_id = %s", state, consent.pk)
        case "suspended":
            consenting.pause(consent)
        case "withdrawn":
            consenting.withdraw(consent)
        case "replaced":
            newer = make.requested_consent(consent.contributor, replaces=consent)
            make.ConsentTestimony.objects.create(consent=newer, testimony=account)
            make.scope(newer)
            consenting.give(newer)
        case "listing_withdrawn":
            consenting.withdraw_testimony(consent, account)
        case "revoked" | "invalidated":
            consenting.withdraw(consent)
            past(f"UPDATE {table} SET state = %s WHERE record_id = %s", state, consent.pk)
        case "not_yet_valid" | "expired":
            consenting.pause(consent)  # nothing takes it off the website but time
            days = (10, 300) if state == "not_yet_valid" else (-300, -10)
            start, end = (timezone.now() + timedelta(days=each) for each in days)
            sql = (
                f"UPDATE {table} SET state = 'given', validity = tstzrange(%s, %s), "
                "review_due = %s::timestamptz::date WHERE record_id = %s"
            )
            past(sql, start, end, end, consent.pk)


# A row in each table, and a canary in each of its texts


@contextmanager
def _rules_off() -> Iterator[None]:
    """Until the test's transaction is taken back: by the owner, who may write everywhere."""
    connection.check_constraints()
    run_as_owner("SET CONSTRAINTS ALL IMMEDIATE")
    for model in _models():
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


def _models() -> list[type[models.Model]]:
    found = [each for label in APPS for each in apps.get_app_config(label).get_models()]
    return [each for each in found if each._meta.managed and not each._meta.proxy]


def _fill_empty_tables() -> None:
    for _ in range(4):  # a row that points at others comes after them
        for model in _models():
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
    for model in (*_models(), User):
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
    for model in (*_models(), User):
        name = model._meta.model_name
        if name in PUBLIC:
            continue
        for row in list(model._base_manager.all()):
            told = {}
            for field in _texts(model):
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


def _texts(model: type[models.Model]) -> list[models.Field]:
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


# Who may read what


def may_read(user: User | None, name: str) -> bool:
    """By the permission to view the model in which it stands; a history's is that of its model."""
    if user is None or name in VAULT:
        return False
    labels = READ_WITH.get(name) or _labels(name) or _labels(name.removesuffix("event"))
    return any(user.has_perm(label.replace(".", ".view_")) for label in labels)


def _labels(name: str) -> list[str]:
    return [
        f"{each._meta.app_label}.{name}"
        for each in apps.get_models()
        if each._meta.model_name == name
    ]


class Visitor:
    """Somebody who asks, and what they were told that they may not know."""

    def __init__(self, who: str) -> None:
        self.who = who
        self.client = Client(raise_request_exception=False)
        self.user: User | None = None
        if who != NOBODY:
            self.user = rows.person(f"a {who}", who) if who in ROLES else make.user(f"a {who}")
            backend = "django.contrib.auth.backends.ModelBackend"
            self.client.force_login(self.user, backend)
            self.user = User.objects.get(pk=self.user.pk)
        self.may: dict[str, bool] = {}
        self.leaks: set[tuple[str, str, str]] = set()
        self.statuses: dict[int, int] = {}
        self.failed: set[str] = set()
        self.seen: set[str] = set()

    def ask(self, address: str, method: str = "get", *, expected: int = 0) -> HttpResponse:
        before = transaction.savepoint_create()  # what it changes, or fails at, is its own
        try:
            response = getattr(self.client, method)(address)
            body = _whole(response)
        finally:
            transaction.savepoint_rollback(before)
            transaction.savepoint_commit(before)  # else they pile up
        self.statuses[response.status_code] = self.statuses.get(response.status_code, 0) + 1
        if response.status_code >= 500 and response.status_code != expected:
            self.failed.add(f"{method} {shape(address)}")
        headers = repr(sorted(response.headers.items())).encode()
        self._look_through(address, headers + body)
        return response

    def _look_through(self, address: str, told: bytes) -> None:
        for asked in {each.group() for each in CANARY.finditer(address.encode())}:
            told = re.sub(re.escape(asked) + rb"[-0-9z]*", b"", told, flags=re.IGNORECASE)
        for found in CANARY.finditer(told):
            name, field, state = (each.decode().lower() for each in found.groups())
            place = f"{name}-{field}"
            if name not in self.may:
                self.may[name] = may_read(self.user, name)
            if self.may[name] and place not in NEVER_TOLD:
                self.seen.add(place)
            else:
                self.leaks.add((shape(address), self.who, f"{place} ({state})"))

    def found_by(self, address: str) -> object:
        """What tells a filter that matches from one that cannot."""
        response = self.ask(address)
        found = response.context.get("cl") if response.context else None
        return response.status_code, getattr(found, "result_count", None)

    @property
    def count(self) -> int:
        return sum(self.statuses.values())


def _whole(response: HttpResponse) -> bytes:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return packing.everything_in(body)


def shape(address: str) -> str:
    """Without keys, so that a leak on a hundred rows is one."""
    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<=/)\d+(?=/)", "<key>", address)


@contextmanager
def everything_breaks() -> Iterator[None]:
    """Each address fails with an error that has the words in its message and its frame."""
    kept = BaseHandler.resolve_request

    def broken(self: BaseHandler, request: object) -> None:
        words = f"zq-{VAULT[1]}-words-broken"
        raise RuntimeError(words)

    BaseHandler.resolve_request = broken
    try:
        yield
    finally:
        BaseHandler.resolve_request = kept


# What is asked for

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
    for model in (*_models(), User):
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
        for field in _texts(other)[:2]:
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
            for model in _models()
            if model._meta.model_name in wanted
            for field in model._meta.get_fields()
        }
    )
