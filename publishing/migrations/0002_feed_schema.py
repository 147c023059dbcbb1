"""The counter, the one way to remove an item, and the schema that the website's login reads."""

from django.conf import settings
from django.db import migrations

NEXT_SEQ = """
-- The counter row is the transaction's last lock: changes become visible in the order of seq, so a
-- reader that follows it never skips one. Made on first use, since a test's flush empties it.
CREATE FUNCTION publishing_next_seq() RETURNS bigint LANGUAGE sql AS $$
    INSERT INTO publishing_counter AS counter (id, epoch, seq) VALUES (1, gen_random_uuid(), 1)
    ON CONFLICT (id) DO UPDATE SET seq = counter.seq + 1
    RETURNING seq
$$;
"""

REMOVE = """
-- Body, title and facets go at once; what stays is id, kind and time. Written by a trigger, so that
-- nothing goes without a word to those who hold a copy.
CREATE FUNCTION publishing_removal_is_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO publishing_change (seq, op, kind, item_id, at)
    VALUES (publishing_next_seq(), 'remove', OLD.kind, OLD.id, clock_timestamp());
    RETURN NULL;
END
$$;
CREATE TRIGGER publishing_removal_is_told AFTER DELETE ON publishing_publisheditem
    FOR EACH ROW EXECUTE FUNCTION publishing_removal_is_told();

CREATE FUNCTION publishing_remove(item uuid) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM publishing_publisheditem WHERE id = item;
    RETURN FOUND;
END
$$;
"""

COUNTED = """
-- What is published is in the log under its number.
ALTER TABLE publishing_publisheditem ADD CONSTRAINT published_item_is_in_the_log
    FOREIGN KEY (seq) REFERENCES publishing_change (seq);

CREATE FUNCTION publishing_counter_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.seq NOT IN (OLD.seq, OLD.seq + 1) THEN
        RAISE EXCEPTION 'The number of the last change only ever grows by one.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'publishing_counter_goes_on';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER publishing_counter_goes_on BEFORE UPDATE ON publishing_counter
    FOR EACH ROW EXECUTE FUNCTION publishing_counter_goes_on();
"""

LOCK = """
-- Whoever publishes or removes takes the items' turns first and in one order: the counter is taken
-- with the first of them, and nothing may be waited for while it is held. A row and no advisory
-- lock, which the website's login could take as well; an item has its turn before it has a row.
CREATE TABLE publishing_turn (id uuid PRIMARY KEY);

CREATE FUNCTION publishing_lock(items uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO publishing_turn (id) SELECT DISTINCT item FROM unnest(items) AS item ORDER BY item
        ON CONFLICT (id) DO UPDATE SET id = excluded.id;
END
$$;
"""

FEED = f"""
CREATE SCHEMA feed;
REVOKE ALL ON SCHEMA feed FROM PUBLIC;

CREATE VIEW feed.items AS
    SELECT id, kind, title, body, etag, facets, search, seq, updated_at, expires_at
    FROM publishing_publisheditem
    WHERE expires_at IS NULL OR expires_at > now();

CREATE VIEW feed.changes AS
    SELECT seq, op, kind, item_id AS id, at, expires_at FROM publishing_change;

CREATE VIEW feed.head AS
    SELECT epoch, seq, now() AS now,
        (SELECT max(expires_at) FROM publishing_change WHERE expires_at <= now()) AS expired_at
    FROM publishing_counter;

GRANT USAGE ON SCHEMA feed TO {settings.FEED_LOGIN};
GRANT SELECT ON feed.items, feed.changes, feed.head TO {settings.FEED_LOGIN};
"""

APPEND_ONLY = f"""
REVOKE UPDATE, DELETE ON publishing_change FROM {settings.APP_LOGIN};
REVOKE DELETE ON publishing_counter FROM {settings.APP_LOGIN};
"""


class Migration(migrations.Migration):
    dependencies = [("publishing", "0001_initial")]

    operations = [
        migrations.RunSQL(NEXT_SEQ, "DROP FUNCTION publishing_next_seq()"),
        migrations.RunSQL(
            REMOVE,
            "DROP FUNCTION publishing_remove(uuid); "
            "DROP FUNCTION publishing_removal_is_told() CASCADE",
        ),
        migrations.RunSQL(
            COUNTED,
            "ALTER TABLE publishing_publisheditem DROP CONSTRAINT published_item_is_in_the_log; "
            "DROP FUNCTION publishing_counter_goes_on() CASCADE",
        ),
        migrations.RunSQL(
            LOCK, "DROP FUNCTION publishing_lock(uuid[]); DROP TABLE publishing_turn"
        ),
        migrations.RunSQL(FEED, "DROP SCHEMA feed CASCADE"),
        migrations.RunSQL(
            APPEND_ONLY, f"GRANT UPDATE, DELETE ON publishing_change TO {settings.APP_LOGIN}"
        ),
    ]
