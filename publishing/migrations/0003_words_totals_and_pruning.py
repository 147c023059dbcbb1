"""Words to suggest, totals to show, and how old a removal has to be before it is forgotten."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.conf import settings
from django.db import migrations, models

WORDS = """
-- A document stays in its row and unpacked, up to a page's length: whoever asks for a list waits for
-- fifty of them.
ALTER TABLE publishing_publisheditem SET (toast_tuple_target = 8160);

ALTER TABLE publishing_publisheditem ALTER COLUMN words SET DEFAULT '{}';
-- What someone told us is found by searching, and never offered to those who mistyped.
ALTER TABLE publishing_publisheditem ADD CONSTRAINT published_item_testimony_lends_no_words
    CHECK (kind <> 'testimony' OR words = '{}');

-- A word and all that is left of it without one letter: two words that are one slip apart share one
-- of these, and an index finds what is shared.
CREATE FUNCTION publishing_cuts(word text) RETURNS text[] LANGUAGE sql IMMUTABLE
    SET search_path = pg_catalog, pg_temp AS $$
    SELECT array_agg(DISTINCT overlay(word PLACING '' FROM place FOR 1)) || word
    FROM generate_series(1, length(word)) AS place
$$;
"""

COUNTED = """
-- One row for the kind as a whole, whose name is empty, and one for each value that lists can be
-- filtered by; ids stand beside a readable key and need no total.
CREATE FUNCTION publishing_pairs(kind text, facets jsonb)
    RETURNS TABLE (name text, value text) LANGUAGE sql IMMUTABLE
    SET search_path = pg_catalog, pg_temp AS $$
    SELECT '', '' WHERE kind IS NOT NULL
    UNION
    SELECT listed.name, told.value FROM jsonb_each(facets) AS listed (name, entries),
        jsonb_array_elements_text(listed.entries) AS told (value)
    WHERE listed.name <> 'items' AND told.value !~ '^[0-9a-f]{8}-[0-9a-f]{4}-'
$$;

-- Whoever writes an item holds the counter by then, so nobody waits for anybody here. Its name
-- comes after that of the trigger that takes the counter when an item is deleted.
CREATE FUNCTION publishing_totals_are_kept() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
DECLARE
    lost text[];
BEGIN
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO publishing_word AS known (word, cuts, items)
            SELECT word, publishing_cuts(word), 1
            FROM (SELECT unnest(NEW.words) EXCEPT SELECT unnest(OLD.words)) AS gained (word)
            ON CONFLICT (word) DO UPDATE SET items = known.items + 1;
        INSERT INTO publishing_total AS known (kind, name, value, items)
            SELECT NEW.kind, name, value, 1 FROM (
                SELECT * FROM publishing_pairs(NEW.kind, NEW.facets)
                EXCEPT SELECT * FROM publishing_pairs(OLD.kind, OLD.facets)
            ) AS gained
            ON CONFLICT (kind, name, value) DO UPDATE SET items = known.items + 1;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        SELECT array_agg(word) INTO lost
            FROM (SELECT unnest(OLD.words) EXCEPT SELECT unnest(NEW.words)) AS lost (word);
        UPDATE publishing_word SET items = items - 1 WHERE word = ANY (lost);
        DELETE FROM publishing_word WHERE word = ANY (lost) AND items = 0;
        UPDATE publishing_total AS known SET items = items - 1 FROM (
                SELECT * FROM publishing_pairs(OLD.kind, OLD.facets)
                EXCEPT SELECT * FROM publishing_pairs(NEW.kind, NEW.facets)
            ) AS lost
            WHERE known.kind = OLD.kind AND known.name = lost.name AND known.value = lost.value;
        DELETE FROM publishing_total WHERE kind = OLD.kind AND items = 0;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER publishing_totals_are_kept AFTER INSERT OR UPDATE OR DELETE
    ON publishing_publisheditem FOR EACH ROW EXECUTE FUNCTION publishing_totals_are_kept();
"""

# What was published before there was a column for its words; each row goes through the trigger.
FILLED = """
ALTER TABLE publishing_publisheditem DISABLE TRIGGER publishing_totals_are_kept;
UPDATE publishing_publisheditem SET words = coalesce((
    SELECT array_agg(DISTINCT told[1] ORDER BY told[1]) FROM regexp_matches(lower(title || ' ' || (
        SELECT coalesce(string_agg(convert_from(body, 'UTF8')::jsonb ->> name, ' '), '')
        FROM unnest(ARRAY['summary', 'text', 'caveat', 'change_wanted', 'rationale', 'precedent',
            'outcome', 'explanatory_statement', 'note']) AS name
    )), '[[:alpha:]]{4,40}', 'g') AS told
), '{}') WHERE kind <> 'testimony';
ALTER TABLE publishing_publisheditem ENABLE TRIGGER publishing_totals_are_kept;
INSERT INTO publishing_word (word, cuts, items)
    SELECT word, publishing_cuts(word), count(*)
    FROM publishing_publisheditem, unnest(words) AS word GROUP BY word;
INSERT INTO publishing_total (kind, name, value, items)
    SELECT item.kind, pair.name, pair.value, count(*)
    FROM publishing_publisheditem AS item, publishing_pairs(item.kind, item.facets) AS pair
    GROUP BY item.kind, pair.name, pair.value;
"""

PRUNED = f"""
CREATE OR REPLACE FUNCTION publishing_counter_goes_on() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.seq NOT IN (OLD.seq, OLD.seq + 1) OR NEW.pruned_seq < OLD.pruned_seq THEN
        RAISE EXCEPTION 'The number of the last change only ever grows by one.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'publishing_counter_goes_on';
    END IF;
    RETURN NEW;
END
$$;

-- The log is append-only for everybody; this alone forgets, and how late is not for its caller to
-- say. Up to the newest removal that is old enough, all goes that is not an item's live state: of
-- whatever was removed by then nothing stays that could be taken for its last word.
CREATE FUNCTION publishing_prune() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
DECLARE
    newest bigint;
    forgotten bigint;
BEGIN
    SELECT max(seq) INTO newest FROM publishing_change
        WHERE op = 'remove' AND at < clock_timestamp() - interval '400 days';
    DELETE FROM publishing_change AS change WHERE change.seq <= newest
        AND NOT EXISTS (SELECT FROM publishing_publisheditem AS item WHERE item.seq = change.seq);
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    UPDATE publishing_counter SET pruned_seq = newest WHERE pruned_seq < newest;
    RETURN forgotten;
END
$$;
REVOKE ALL ON FUNCTION publishing_prune() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION publishing_prune() TO {settings.APP_LOGIN};
CREATE INDEX change_removals ON publishing_change (at) WHERE op = 'remove';
"""

FEED = f"""
CREATE OR REPLACE VIEW feed.head AS
    SELECT epoch, seq, now() AS now,
        (SELECT max(expires_at) FROM publishing_change WHERE expires_at <= now()) AS expired_at,
        pruned_seq,
        pg_is_in_recovery() AS is_replica,
        clock_timestamp() - (SELECT at FROM publishing_heartbeat WHERE id = 1) AS silent_for
    FROM publishing_counter;

CREATE VIEW feed.words AS SELECT word, cuts, items FROM publishing_word;

-- What has expired counts no more, though its row is there until the worker comes by.
CREATE VIEW feed.totals AS
    SELECT total.kind, total.name, total.value, total.items - expired.items AS items
    FROM publishing_total AS total CROSS JOIN LATERAL (
        SELECT count(*) AS items FROM publishing_publisheditem AS item
        WHERE item.expires_at <= now() AND item.kind = total.kind AND (total.name = ''
            OR item.facets @> jsonb_build_object(total.name, jsonb_build_array(total.value)))
    ) AS expired
    WHERE total.items > expired.items;

GRANT SELECT ON feed.words, feed.totals TO {settings.FEED_LOGIN};
"""

WITHOUT_FEED = """
DROP VIEW feed.words;
DROP VIEW feed.totals;
DROP VIEW feed.head;
CREATE VIEW feed.head AS
    SELECT epoch, seq, now() AS now,
        (SELECT max(expires_at) FROM publishing_change WHERE expires_at <= now()) AS expired_at
    FROM publishing_counter;
"""

WITHOUT_PRUNING = """
DROP INDEX change_removals;
DROP FUNCTION publishing_prune();
CREATE OR REPLACE FUNCTION publishing_counter_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.seq NOT IN (OLD.seq, OLD.seq + 1) THEN
        RAISE EXCEPTION 'The number of the last change only ever grows by one.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'publishing_counter_goes_on';
    END IF;
    RETURN NEW;
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("publishing", "0002_feed_schema")]

    operations = [
        migrations.AddField(
            model_name="counter",
            name="pruned_seq",
            field=models.BigIntegerField(db_default=0),
        ),
        migrations.AddField(
            model_name="publisheditem",
            name="words",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(),
                default=list,
                help_text="What may be offered to those who mistyped; testimony lends none.",
                size=None,
            ),
        ),
        migrations.CreateModel(
            name="Word",
            fields=[
                ("word", models.TextField(primary_key=True, serialize=False)),
                (
                    "cuts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), size=None
                    ),
                ),
                ("items", models.BigIntegerField()),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["cuts"], name="word_cuts")
                ],
            },
        ),
        migrations.CreateModel(
            name="Total",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "kind",
                        "name",
                        "value",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("kind", models.CharField(max_length=12)),
                ("name", models.TextField()),
                ("value", models.TextField()),
                ("items", models.BigIntegerField()),
            ],
        ),
        migrations.AddField(
            model_name="feedhead", name="pruned_seq", field=models.BigIntegerField(default=0)
        ),
        migrations.AddField(
            model_name="feedhead", name="is_replica", field=models.BooleanField(default=False)
        ),
        migrations.AddField(
            model_name="feedhead", name="silent_for", field=models.DurationField(null=True)
        ),
        migrations.RunSQL(
            WORDS,
            "DROP FUNCTION publishing_cuts(text); "
            "ALTER TABLE publishing_publisheditem RESET (toast_tuple_target), "
            "DROP CONSTRAINT published_item_testimony_lends_no_words",
        ),
        migrations.RunSQL(
            COUNTED,
            "DROP FUNCTION publishing_totals_are_kept() CASCADE; "
            "DROP FUNCTION publishing_pairs(text, jsonb)",
        ),
        migrations.RunSQL(FILLED, "DELETE FROM publishing_word; DELETE FROM publishing_total"),
        migrations.RunSQL(PRUNED, WITHOUT_PRUNING),
        migrations.RunSQL(
            FEED, WITHOUT_FEED + f"GRANT SELECT ON feed.head TO {settings.FEED_LOGIN}"
        ),
    ]
