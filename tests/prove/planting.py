"""Rows that were never published: made by hand as the desk makes them, and one in every table."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection, transaction
from psycopg import sql

from campaigns.models import Stage
from evidence import consenting, review
from evidence.models import (
    Channel,
    ConsentTestimony,
    RestrictedAccount,
    Snapshot,
    SourceKind,
    Statistic,
    Testimony,
)
from publishing.models import Kind
from tests import factories as make
from tests.publishing import making
from tests.refusing import run, run_as_owner

CANARY = "canary"
# Save what has left the building, and what Django keeps for itself.
TABLES = """
    SELECT relname FROM pg_class WHERE relkind IN ('r', 'p')
        AND relnamespace = 'public'::regnamespace AND relname !~ '^(django_migrations|publishing_)'
    ORDER BY 1
"""
RULES = """
    SELECT conname FROM pg_constraint
    WHERE conrelid = %s::regclass AND contype IN ('c', 'f', 'x')
"""
COLUMNS = """
    SELECT attname, format_type(atttypid, NULL), atttypmod - 4, attnotnull,
        attidentity <> '' OR attgenerated <> '', EXISTS (
            SELECT FROM pg_index
            WHERE indrelid = attrelid AND indisunique AND attnum = ANY (indkey))
    FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped
    ORDER BY attnum
"""
# A copy of a published row is a draft of it.
DRAFTS = {"review_state": "draft", "state": "draft"}


@contextmanager
def undone() -> Iterator[None]:
    """What is done within is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def published_world() -> None:
    """Something of every kind, one thing that was taken down, and one that ran out."""
    source = making.approved(make.source("report", title="A rise in Wales", licence="OGL v3.0"))
    figure = making.approved(make.statistic("1,437", source=source))
    making.approved(make.statistic("2,061", source=source, period=make.financial_year(2021)))
    first = making.on_website("An account", "What happened to me.")
    making.on_website("Another account", "What happened to me then.")
    bill = making.bill()
    making.approved(making.amendment(making.stage(bill)))
    making.approved(bill)
    ask = making.ask()
    ask.evidence.create(role="shows_problem", statistic=figure, reason="It shows it.")
    ask.evidence.create(role="shows_problem", testimony_version=first.version)
    ask.sources.add(source)
    making.approved(ask.campaign)
    making.approved(ask)
    making.retired(
        making.approved(make.statistic("9", source=source, area=make.area("E92000001", "England")))
    )
    consenting.withdraw(making.on_website("A third account", "It was taken back.").consent)
    making.written("expired", kind=Kind.BILL, expires_in=timedelta(seconds=-1))
    making.written("removed")
    making.removed("removed")


def plant_by_hand() -> None:
    """Drafts of everything, linked to what is published, and accounts that may not leave."""
    figure = Statistic.objects.filter(review_state="approved").earliest("created_at")
    source = figure.source
    draft = make.source("canary", title=CANARY, kind=SourceKind.CHARITY_RELEASE)
    source.derivatives.add(draft)
    draft.derivatives.add(make.source("canary-2", title=CANARY))
    submitted = make.statistic(
        "77", source=source, area=make.area("S92000003", "Scotland"), caveat=CANARY
    )
    review.submit(submitted, by=make.user("officer"))
    make.statistic("78", source=draft, area=make.area("N92000002", CANARY), caveat=CANARY)
    Snapshot(source=source, text=f"{CANARY} words", taken_at=make.moment(0)).set_hash()
    RestrictedAccount.objects.create(source=source)
    for name, moves in {
        "requested": (),
        "refused": ("refused",),
        "deferred": ("deferred",),
        "withdrawn": ("given", "withdrawn"),
        "paused": ("given", "suspended"),
    }.items():
        account = make.testimony(f"{CANARY} {name}")
        make.cleared(account, CANARY)
        consent = make.requested_consent(account.contributor)
        ConsentTestimony.objects.create(consent=consent, testimony=account)
        make.scope(consent, Channel.WEBSITE_FEED)
        for state in moves:
            run("UPDATE evidence_consent SET state = %s WHERE record_id = %s", state, consent.pk)
    make.version(make.testimony(f"{CANARY} draft"), CANARY)
    make.covered(title=f"{CANARY}, in packs alone", text=CANARY)
    for live in Testimony.objects.filter(title__in=["An account", "Another account"]):
        make.version(live, f"{CANARY}: newer words, not cleared")
    ask = making.ask("canary", change_wanted=CANARY)
    ask.evidence.create(role="shows_problem", statistic=figure, reason=CANARY)
    stage = Stage.objects.first()
    making.amendment(stage, slug="canary", title=CANARY, note=CANARY)
    making.campaign("canary")
    make.user("canary")


def plant_in_every_table() -> tuple[list[str], list[str]]:
    """A row in each, whatever its rules say: tables that were planted, and that could not be.

    A copy of a row of the published world where there is one, else a row of canaries. Rules and
    triggers are taken off first, within the transaction.
    """
    tables = [name for (name,) in run(TABLES)]
    run_as_owner("SET CONSTRAINTS ALL IMMEDIATE")
    for table in tables:
        run_as_owner(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
        for (rule,) in run(RULES, table):
            run_as_owner(f'ALTER TABLE "{table}" DROP CONSTRAINT IF EXISTS "{rule}" CASCADE')
    planted, left = [], []
    for number, table in enumerate(tables, 1):
        (planted if _plant(table, number) else left).append(table)
    return planted, left


def _plant(table: str, number: int) -> bool:
    columns = [column for column in run(COLUMNS, table) if not column[4]]
    copied = bool(run(f'SELECT FROM "{table}" LIMIT 1'))
    values = [_value(*column, number=number, table=table, copied=copied) for column in columns]
    names = sql.SQL(", ").join(sql.Identifier(name) for name, *_ in columns)
    source = sql.SQL("FROM {} LIMIT 1").format(sql.Identifier(table)) if copied else sql.SQL("")
    insert = sql.SQL("INSERT INTO {} ({}) SELECT {} {}").format(
        sql.Identifier(table), names, sql.SQL(", ").join(values), source
    )
    before = run(f'SELECT count(*) FROM "{table}"')
    if columns:
        run_as_owner(insert.as_string(connection.connection))
    else:
        run_as_owner(f'INSERT INTO "{table}" DEFAULT VALUES')
    return run(f'SELECT count(*) FROM "{table}"') != before


def _value(
    name: str,
    kind: str,
    size: int,
    needed: bool,
    _: bool,
    unique: bool,
    *,
    number: int,
    table: str,
    copied: bool,
) -> sql.Composable:
    if copied and name in DRAFTS:
        return sql.Literal(DRAFTS[name])
    long = kind in {"text", "character varying"} and (size < 0 or size > 30)
    if copied and not unique and not long:
        return sql.Identifier(name)
    words = f"{CANARY} {table} {name}"
    made: dict[str, object] = {
        "text": words,
        "character varying": words[:size] if size > 0 else words,
        "integer": 900_000 + number,
        "bigint": 900_000 + number,
        "smallint": 70,
        "boolean": True,
        "numeric": 7,
        "double precision": 7,
        "date": "2026-01-01",
    }
    if kind in made:
        return sql.SQL("{}::{}").format(sql.Literal(str(made[kind])), sql.SQL(kind))
    if kind.endswith("[]"):
        return sql.SQL(f"'{{}}'::{kind}")
    in_sql = {
        "uuid": "gen_random_uuid()",
        "timestamp with time zone": "now()",
        "jsonb": '\'{"canary": ["canary"]}\'::jsonb',
        "bytea": "'canary'::bytea",
        "tstzrange": "tstzrange(now(), now() + interval '1 year')",
        "interval": "interval '1 day'",
        "inet": "'192.0.2.1'::inet",
        "tsvector": "to_tsvector('canary')",
    }
    return sql.SQL(in_sql.get(kind, f"NULL::{kind}" if not needed else f"''::{kind}"))
