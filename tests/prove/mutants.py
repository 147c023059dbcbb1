"""Every guard of the database as the catalogue has it, and how to take it out and put it back.

Whole constraints, triggers, policies and revoked rights, and the parts of each: one rule of a
function, one condition of a rule, one half of a CHECK.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import CodeType

import psycopg
from django.conf import settings
from psycopg import sql

from tests.prove.weakening import weakened, weakened_function

OURS = "^(evidence|campaigns|publishing)_"
MANY = 12  # parts: then it says "exactly one of these", and one test of the whole will do
# With the foreign keys that point at it, and go where it goes.
CONSTRAINTS = """
    SELECT conrelid::regclass::text, conname, contype, pg_get_constraintdef(oid),
        cardinality(conkey), array(SELECT other.conname FROM pg_constraint AS other
            WHERE pg_constraint.contype IN ('u', 'x') AND other.contype = 'f'
                AND other.conindid = pg_constraint.conindid)
    FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'u', 'x', 'f')
        AND conrelid::regclass::text ~ %s
    ORDER BY contype = 'f', 1, 2
"""
INDEXES = """
    SELECT indrelid::regclass::text, indexrelid::regclass::text, pg_get_indexdef(indexrelid)
    FROM pg_index WHERE indisunique AND indrelid::regclass::text ~ %s
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
    ORDER BY 1, 2
"""
TRIGGERS = """
    SELECT tgrelid::regclass::text, tgname, proname FROM pg_trigger
    JOIN pg_proc ON pg_proc.oid = tgfoid
    WHERE NOT tgisinternal AND tgrelid::regclass::text ~ %s AND tgname !~ '^pgtrigger_'
    ORDER BY 1, 2
"""
# The function, its text, and the tables whose triggers call it.
FUNCTIONS = """
    SELECT proname, pg_get_functiondef(pg_proc.oid), prosrc,
        array(SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE tgfoid = pg_proc.oid)
    FROM pg_proc JOIN pg_language ON pg_language.oid = prolang
    WHERE pronamespace = 'public'::regnamespace AND lanname IN ('plpgsql', 'sql')
        AND proname !~ '^(pgtrigger|_pgh)_'
        AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
    ORDER BY 1
"""
RIGHTS = """
    SELECT relname, kind FROM pg_class, unnest(%s::text[]) AS kind
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relname ~ %s
        AND NOT has_table_privilege(%s, pg_class.oid, kind)
    ORDER BY 1, 2
"""
COLUMNS = """
    SELECT attrelid::regclass::text, attname, has_column_privilege(%s, attrelid, attnum, 'UPDATE')
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relname ~ %s
        AND attnum > 0 AND NOT attisdropped AND NOT has_table_privilege(%s, attrelid, 'UPDATE')
    ORDER BY 1, 2
"""
CLOSED_FUNCTIONS = """
    SELECT oid::regprocedure::text, proname FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace
        AND NOT has_function_privilege('public', oid, 'EXECUTE')
    ORDER BY 1
"""
ROW_SECURITY = """
    SELECT oid::regclass::text, relforcerowsecurity FROM pg_class
    WHERE relrowsecurity AND relnamespace = 'public'::regnamespace ORDER BY 1
"""
POLICIES = """
    SELECT polrelid::regclass::text, polname, pg_get_expr(polqual, polrelid),
        pg_get_expr(polwithcheck, polrelid)
    FROM pg_policy ORDER BY 1, 2
"""
VIEWS = """
    SELECT oid::regclass::text, pg_get_viewdef(oid) FROM pg_class
    WHERE relkind = 'v' AND relnamespace = 'feed'::regnamespace ORDER BY 1
"""
FINGERPRINT = """
    SELECT md5(string_agg(DISTINCT line, E'\\n' ORDER BY line)) FROM (
        SELECT conrelid::text || conname || regexp_replace(pg_get_constraintdef(oid),
            '::(text|character varying)|[][()]', '', 'g')  -- put back, it is written in another way
            FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT pg_get_indexdef(indexrelid) FROM pg_index
        UNION ALL SELECT tgrelid::text || tgname || tgenabled::text FROM pg_trigger
            WHERE NOT tgisinternal
        UNION ALL SELECT proname || prosrc || coalesce((SELECT string_agg(acl::text, ',' ORDER BY
            acl::text) FROM unnest(proacl) AS acl), '') FROM pg_proc
            WHERE pronamespace = 'public'::regnamespace
        UNION ALL SELECT oid::text || relrowsecurity::text || relforcerowsecurity::text || coalesce(
            (SELECT string_agg(acl::text, ',' ORDER BY acl::text) FROM unnest(relacl) AS acl), '')
            FROM pg_class WHERE relnamespace = 'public'::regnamespace
        UNION ALL SELECT attrelid::text || attname || attacl::text FROM pg_attribute
            WHERE attacl IS NOT NULL AND cardinality(attacl) > 0
        UNION ALL SELECT polname || pg_get_expr(polqual, polrelid) FROM pg_policy
        UNION ALL SELECT pg_get_viewdef(oid) FROM pg_class
            WHERE relkind = 'v' AND relnamespace = 'feed'::regnamespace
    ) AS lines (line)
"""


@dataclass(frozen=True)
class Guard:
    """One guard: `words` find the tests that ought to notice, the most telling ones first."""

    name: str
    table: str
    words: tuple[str, ...]
    remove: Callable[[], object] = field(repr=False)
    restore: Callable[[], object] = field(repr=False)
    is_part: bool = False  # one half of a rule that is taken out as a whole as well
    code: CodeType | None = field(default=None, repr=False)  # of the function in which it stands


def database_guards(owner: psycopg.Connection) -> Iterator[Guard]:
    for part in (_constraints, _indexes, _triggers, _functions, _rights, _policies, _views):
        yield from part(owner)


def _in_sql(owner: psycopg.Connection, *statements: str) -> Callable[[], None]:
    def run() -> None:
        with owner.transaction():
            for statement in statements:
                owner.execute(statement)

    return run


def _constraints(owner: psycopg.Connection) -> Iterator[Guard]:
    for table, name, kind, text, columns, others in owner.execute(CONSTRAINTS, [OURS]).fetchall():
        of_django = name.startswith(table[:20])  # a field's own
        if (kind == "c" and of_django) or (kind == "f" and of_django and columns == 1):
            continue
        add = f"ALTER TABLE {table} ADD CONSTRAINT {name} "
        drop = f"ALTER TABLE {table} DROP CONSTRAINT {name}"
        yield Guard(
            f"constraint {table}.{name}",
            table,
            (name, *others, table),
            *_dropped(owner, drop + " CASCADE"),
        )
        parts = list(weakened(text)) if kind == "c" else []
        for number, weaker in enumerate(parts if len(parts) < MANY else []):
            yield Guard(
                f"part {number + 1} of {table}.{name}: {weaker.what}",
                table,
                (name, table),
                _in_sql(owner, drop, add + weaker.text),
                _in_sql(owner, drop, add + text),
                is_part=True,
            )


def _dropped(owner: psycopg.Connection, drop: str) -> tuple[Callable[[], None], Callable[[], None]]:
    """Take it out with all that hangs on it, and put back whatever is missed."""
    gone: list[str] = []

    def remove() -> None:
        before = owner.execute(CONSTRAINTS, [OURS]).fetchall()
        owner.execute(drop)
        after = {row[:2] for row in owner.execute(CONSTRAINTS, [OURS]).fetchall()}
        gone[:] = [
            f"ALTER TABLE {table} ADD CONSTRAINT {name} {text}"
            for table, name, _, text, *_ in (row for row in before if row[:2] not in after)
        ]

    return remove, lambda: _in_sql(owner, *gone)()


def _indexes(owner: psycopg.Connection) -> Iterator[Guard]:
    for table, name, text in owner.execute(INDEXES, [OURS]).fetchall():
        drop = _in_sql(owner, f"DROP INDEX {name}")
        yield Guard(f"unique {table}.{name}", table, (name, table), drop, _in_sql(owner, text))


def _triggers(owner: psycopg.Connection) -> Iterator[Guard]:
    for table, name, function in owner.execute(TRIGGERS, [OURS]).fetchall():
        yield Guard(
            f"trigger {table}.{name}",
            table,
            (name, function, table),
            _in_sql(owner, f"ALTER TABLE {table} DISABLE TRIGGER {name}"),
            _in_sql(owner, f"ALTER TABLE {table} ENABLE TRIGGER {name}"),
        )


def _functions(owner: psycopg.Connection) -> Iterator[Guard]:
    for name, text, source, tables in owner.execute(FUNCTIONS).fetchall():
        for weaker in weakened_function(source):
            yield Guard(
                f"function {name}: {weaker.what}",
                " ".join(tables) or name,
                (*weaker.rules, *re.findall(r"^no (\w+)\(", weaker.what), name, *tables),
                _in_sql(owner, text.replace(source, weaker.text)),
                _in_sql(owner, text),
                is_part=weaker.is_part,
            )
    for signature, name in owner.execute(CLOSED_FUNCTIONS).fetchall():
        yield Guard(
            f"execute {signature} by everybody",
            name,
            (name, "has_function_privilege"),
            _in_sql(owner, f"GRANT EXECUTE ON FUNCTION {signature} TO PUBLIC"),
            _in_sql(owner, f"REVOKE EXECUTE ON FUNCTION {signature} FROM PUBLIC"),
        )


def _rights(owner: psycopg.Connection) -> Iterator[Guard]:
    app, feed = settings.APP_LOGIN, settings.FEED_LOGIN
    columns = owner.execute(COLUMNS, [app, OURS, app]).fetchall()
    held: dict[str, list[str]] = {}
    for table, column, granted in columns:
        held.setdefault(table, []).extend([column] if granted else [])
    kinds = ["INSERT", "UPDATE", "DELETE", "TRUNCATE"]
    for table, kind in owner.execute(RIGHTS, [kinds, OURS, app]).fetchall():
        back = [f"REVOKE {kind} ON {table} FROM {app}"]
        if kind == "UPDATE" and held.get(table):  # taken with the table's own
            back.append(f"GRANT UPDATE ({', '.join(held[table])}) ON {table} TO {app}")
        yield Guard(
            f"right of the app to {kind} {table}",
            table,
            (f"{kind} {table}", f"{kind} FROM {table}", table, kind),
            _in_sql(owner, f"GRANT {kind} ON {table} TO {app}"),
            _in_sql(owner, *back),
        )
    for table, column, granted in columns:
        if held[table] and not granted:
            yield Guard(
                f"right of the app to UPDATE {table} ({column})",
                table,
                (table, column),
                _in_sql(owner, f"GRANT UPDATE ({column}) ON {table} TO {app}"),
                _in_sql(owner, f"REVOKE UPDATE ({column}) ON {table} FROM {app}"),
            )
    for table, kind in owner.execute(RIGHTS, [["SELECT"], ".", feed]).fetchall():
        yield Guard(
            f"right of the feed to {kind} {table}",
            f"feed {table}",
            ("has_column_privilege", table),
            _in_sql(owner, f"GRANT {kind} ON {table} TO {feed}"),
            _in_sql(owner, f"REVOKE {kind} ON {table} FROM {feed}"),
        )
    for right, login in (("CREATE", app), ("CREATE", feed), ("USAGE", feed)):
        yield Guard(
            f"right of {login} to {right} in the schema",
            "schema",
            ("has_schema_privilege", "CREATE TABLE", "schema"),
            _in_sql(owner, f"GRANT {right} ON SCHEMA public TO {login}"),
            _in_sql(owner, f"REVOKE {right} ON SCHEMA public FROM {login}"),
        )


def _policies(owner: psycopg.Connection) -> Iterator[Guard]:
    for table, forced in owner.execute(ROW_SECURITY).fetchall():
        off = ["DISABLE", *(["NO FORCE"] if forced else [])]
        for word in off:
            back = "ENABLE" if word == "DISABLE" else "FORCE"
            yield Guard(
                f"row security of {table}: {word.lower()}",
                table,
                (table, "row"),
                _in_sql(owner, f"ALTER TABLE {table} {word} ROW LEVEL SECURITY"),
                _in_sql(owner, f"ALTER TABLE {table} {back} ROW LEVEL SECURITY"),
            )
    for table, name, using, check in owner.execute(POLICIES).fetchall():
        change = f"ALTER POLICY {sql.Identifier(name).as_string()} ON {table} "
        for word, text in (("USING", using), ("WITH CHECK", check)):
            if text:
                yield Guard(
                    f"policy {table}.{name}: {word}",
                    table,
                    (name, table),
                    _in_sql(owner, f"{change} {word} (true)"),
                    _in_sql(owner, f"{change} {word} ({text})"),
                )


def _views(owner: psycopg.Connection) -> Iterator[Guard]:
    for name, text in owner.execute(VIEWS).fetchall():
        for weaker in weakened(text):
            yield Guard(
                f"view {name}: {weaker.what}",
                name,
                (name, "expires_in", "as_feed"),
                _in_sql(owner, f"CREATE OR REPLACE VIEW {name} AS {weaker.text}"),
                _in_sql(owner, f"CREATE OR REPLACE VIEW {name} AS {text}"),
            )
