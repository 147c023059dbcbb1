"""Makes the demo's campaign from the fixtures, or brings it up to date, and tells what is there."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command
from django.db import connections
from django.db.models import Count

from campaigns.building import BuiltPack, build_all
from config.fixtures import load_fixtures
from config.health import waiting_migrations, why_not_to_serve
from config.logins import as_owner, create_logins
from config.roles import ensure_roles
from evidence import erasing
from evidence.checking import check_claims
from evidence.models import Claim, Verdict
from evidence.permission import may_be_used
from evidence.website import put_on_website, website_use

Say = Callable[[str], object]


@dataclass(frozen=True)
class Account:
    """One of the demo's accounts; its password is made once and kept under var/."""

    username: str
    groups: tuple[str, ...]
    does: str


ACCOUNTS = (
    Account("officer", ("officer",), "edits sources, figures, asks and packs"),
    Account(
        "lead",
        ("reviewer", "safeguarding lead", "campaign lead", "administrator"),
        "approves, clears testimony, issues packs",
    ),
    Account("lawyer", ("legal reviewer",), "ends restrictions, signs waivers"),
    Account("dpo", ("data-protection officer",), "holds, erasures, who looked at whom"),
)


def prepare(say: Say) -> None:
    """All between a fresh clone and a desk to work at; a second run keeps what was edited."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    create_logins()
    _migrate()
    if reason := why_not_to_serve():
        raise CommandError(reason)
    erasing.finish_erasures()
    ensure_roles()
    passwords = _ensure_accounts()
    say("Loading the Online Safety Bill campaign ...")
    officer, lead, *_ = (User.objects.get(username=account.username) for account in ACCOUNTS)
    load_fixtures(settings.BASE_DIR / "fixtures", officer=officer, lead=lead)
    check_claims(Claim.objects.all())
    for version in may_be_used(website_use()):
        put_on_website(version.testimony)
    packs = build_all(settings.PACKS)
    for line in [*_about_figures(), *_about_packs(packs), *_where_to_look(passwords)]:
        say(line)


def _migrate() -> None:
    connection = connections["default"]
    with as_owner(connection):
        waiting = waiting_migrations(connection)
    if waiting:
        call_command("migrate", verbosity=0)


def _ensure_accounts() -> dict[str, str]:
    """Make the accounts that are missing; a password that somebody changed stays changed."""
    path = settings.VAR / "demo_accounts.json"
    passwords: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    for account in ACCOUNTS:
        user, made = User.objects.get_or_create(
            username=account.username,
            defaults={"is_staff": True, "first_name": f"Demo {account.username}"},
        )
        if made or account.username not in passwords:
            passwords[account.username] = f"{account.username}-{secrets.token_hex(4)}"
            user.set_password(passwords[account.username])
            user.save()
        user.groups.add(*Group.objects.filter(name__in=account.groups))
    path.touch(mode=0o600)
    path.write_text(json.dumps(passwords, indent=2) + "\n")
    return passwords


def _about_figures() -> list[str]:
    printed = Claim.objects.exclude(source=None)  # a computation of our own always holds
    counts = dict(printed.order_by().values_list("verdict").annotate(Count("pk")))
    held, broken, untested = (
        counts.get(verdict, 0)
        for verdict in (Verdict.CONSISTENT, Verdict.INCONSISTENT, Verdict.NOT_TESTABLE)
    )
    return [
        "",
        f"Figures    {held} claims hold, {broken} do not, {untested} cannot be tested",
        "           .venv/bin/python manage.py check_evidence shows each with its working",
    ]


def _about_packs(packs: list[BuiltPack]) -> list[str]:
    lines = []
    for pack in packs:
        first, *others = [*map(_shown, pack.files)] or [f"{pack.slug} cannot be printed as it is"]
        lines += [f"Briefing   {first}", *(f"           {path}" for path in others)]
        lines += [f"  without  {refusal}" for refusal in pack.refusals]
    return lines


def _shown(path: Path) -> str:
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def _where_to_look(passwords: dict[str, str]) -> list[str]:
    site = settings.SITE_URL
    return [
        f"Feed       {site}/api/v1/statistics/  {site}/api/v1/docs/  {site}/feed.json",
        f"Desk       {site}/admin/",
        *[
            f"           {account.username} / {passwords[account.username]}  ({account.does})"
            for account in ACCOUNTS
        ],
        "",
    ]
