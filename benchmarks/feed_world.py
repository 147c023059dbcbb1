"""A database full of made-up figures, published and not, and the naive API over the latter.

    ATTEST_VAR=... python -m benchmarks.feed_world ITEMS [--naive]

Rows are written past the triggers: what is measured is reading. The words are made of syllables and
fall off in frequency as those of a language do.
"""

import argparse
import json
import os
import random
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

VOCABULARY = 50_000
WORDS_EACH = 40
ABSENT = "qqqqqqqq"
_SYLLABLES = [a + b for a in "bcdfghjklmnprstvwz" for b in "aeiou"]
_TOTALS = """
INSERT INTO publishing_word (word, cuts, items)
    SELECT word, publishing_cuts(word), count(*)
    FROM publishing_publisheditem, unnest(words) AS word GROUP BY word
ON CONFLICT DO NOTHING;
INSERT INTO publishing_total (kind, name, value, items)
    SELECT item.kind, pair.name, pair.value, count(*) FROM publishing_publisheditem AS item,
    publishing_pairs(item.kind, item.facets) AS pair GROUP BY 1, 2, 3
ON CONFLICT DO NOTHING;
"""
_COPY = """
COPY staged (id, seq, title, body, prose) FROM STDIN
"""
_PUBLISH = """
INSERT INTO publishing_change (seq, op, kind, item_id, at)
    SELECT seq, 'upsert', 'statistic', id, now() FROM staged;
INSERT INTO publishing_publisheditem (id, kind, title, body, etag, facets, search, words, seq,
        published_at, updated_at)
    SELECT id, 'statistic', title, convert_to(body, 'UTF8'), encode(sha256(id::text::bytea), 'hex'),
        jsonb_build_object('area', ARRAY['W92000004'], 'source', ARRAY['made-up-' || seq % 500]),
        setweight(to_tsvector('english', title), 'A')
            || setweight(to_tsvector('english', prose), 'B'),
        string_to_array(prose, ' '), seq, now(), now()
    FROM staged;
"""


def word(rank: int) -> str:
    """Each rank its own, of six letters or more."""
    made = ""
    rank += len(_SYLLABLES) ** 2
    while rank:
        rank, syllable = divmod(rank, len(_SYLLABLES))
        made += _SYLLABLES[syllable]
    return made


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("items", type=int)
    parser.add_argument("--naive", action="store_true", help="Fill the naive API's tables as well.")
    chosen = parser.parse_args()
    import django

    django.setup()
    from django.db import connection

    _as_superuser(connection)
    pattern = _records(chosen.items) if chosen.naive else {}
    _publish(connection, chosen.items, pattern)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def _as_superuser(connection: Any) -> None:
    from config.embedded_postgres import hold

    server = hold()
    chosen = connection.settings_dict | {"USER": server.user, "PASSWORD": server.password}
    connection.close()
    connection.settings_dict = chosen
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute("SET synchronous_commit = off")


def _publish(connection: Any, items: int, pattern: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(seq), 0) FROM publishing_counter")
        (last,) = cursor.fetchone()
        cursor.execute("DROP INDEX IF EXISTS published_item_search, published_item_facets")
        cursor.execute(
            "CREATE TEMP TABLE staged (id uuid, seq bigint, title text, body text, prose text)"
        )
        with cursor.copy(_COPY) as copy:
            for row in _documents(last, items, pattern):
                copy.write_row(row)
        cursor.execute(_PUBLISH)
        cursor.execute("INSERT INTO publishing_counter (id, epoch, seq) VALUES (1, %s, %s) "
                       "ON CONFLICT (id) DO UPDATE SET seq = excluded.seq",
                       [uuid.uuid4(), items])  # fmt: skip
        cursor.execute(
            "CREATE INDEX published_item_search ON publishing_publisheditem USING gin (search);"
            "CREATE INDEX published_item_facets ON publishing_publisheditem "
            "USING gin (facets jsonb_path_ops)"
        )
        cursor.execute(_TOTALS)


def _documents(last: int, items: int, pattern: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    chance = random.Random(last)
    known = [word(rank) for rank in range(VOCABULARY)]
    for seq in range(last + 1, items + 1):
        item = uuid.UUID(int=seq)
        prose = " ".join(known[int(VOCABULARY ** chance.random()) - 1] for _ in range(WORDS_EACH))
        title = f"Made-up figure {seq}"
        body = {**(pattern or _short()), "id": str(item), "title": title, "caveat": prose}
        body["url"] = f"http://localhost:8000/api/v1/statistics/{item}/"
        yield item, seq, title, json.dumps(body, sort_keys=True, separators=(",", ":")), prose


def _short() -> dict[str, Any]:
    return {
        "kind": "statistic",
        "updated_at": "2026-01-01T00:00:00Z",
        "licence": "OGL v3.0",
        "display_value": "1,437",
        "value": 1437,
    }


def _records(items: int) -> dict[str, Any]:
    """The same figures as rows of the desk; returns the public form of one of them."""
    from django.contrib.auth import get_user_model
    from django.utils import timezone

    from evidence.models import Area, Measure, Organisation, Period, Source, Statistic

    users = [get_user_model().objects.create(username=name) for name in ("one", "two")]
    approved = {
        "review_state": "approved",
        "last_edited_by": users[0],
        "approved_by": users[1],
        "approved_at": timezone.now(),
    }
    publisher = Organisation.objects.create(name="A made-up office")
    area = Area.objects.create(gss_code="W92000004", name="Wales")
    measures = Measure.objects.bulk_create(
        Measure(key=f"made-up-{number}", name=f"Made-up offences {number}", definition="None")
        for number in range(items // 500 + 1)
    )
    period = Period.objects.create(
        label="2017/18", kind="financial_year", start=date(2017, 4, 1), end=date(2018, 3, 31)
    )
    sources = Source.objects.bulk_create(
        Source(key=f"made-up-{number}", kind="news_report", title=f"Source {number}",
               publisher=publisher, url="https://example.org/", published_on=date(2018, 9, 1),
               licence="OGL v3.0", **approved)
        for number in range(500)
    )  # fmt: skip
    statistics = (
        Statistic(id=uuid.UUID(int=number), measure=measures[number // 500], area=area,
                  period=period,
                  source=sources[number % 500], value_printed="1,437", value=1437,
                  caveat="Forces count in different ways. " * 8, wording_to_avoid="As a rate.",
                  approved_wording="There were 1,437.", spoken="Over fourteen hundred", **approved)
        for number in range(1, items + 1)
    )  # fmt: skip
    while batch := [row for _, row in zip(range(10_000), statistics, strict=False)]:
        Statistic.objects.bulk_create(batch)
    return _public_form(Statistic.objects.get(pk=uuid.UUID(int=1)))


def _public_form(record: Any) -> dict[str, Any]:
    from evidence.documents import StatisticDocument

    form = StatisticDocument(record)
    form.fields.pop("chart")  # the naive API would draw it anew for each
    now = datetime.now(UTC).isoformat()
    told = {**form.data, "kind": "statistic", "updated_at": now, "chart": None}
    return json.loads(json.dumps(told, default=str))


def naive() -> Any:
    """The same fields as anyone would serve them: a ModelSerializer over prefetched rows."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.handlers.wsgi import WSGIHandler

    settings.ROOT_URLCONF = "benchmarks.feed_naive"
    return WSGIHandler()


def __getattr__(name: str) -> Any:
    if name == "application":
        return naive()
    raise AttributeError(name)


if __name__ == "__main__":
    main()
