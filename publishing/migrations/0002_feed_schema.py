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
-- Body, title and facets go at once; what stays is id, kind and time.
CREATE FUNCTION publishing_remove(item uuid) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    removed_kind text;
BEGIN
    DELETE FROM publishing_publisheditem WHERE id = item RETURNING kind INTO removed_kind;
    IF removed_kind IS NULL THEN
        RETURN false;
    END IF;
    INSERT INTO publishing_change (seq, op, kind, item_id, at)
    VALUES (publishing_next_seq(), 'remove', removed_kind, item, clock_timestamp());
    RETURN true;
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


LOCK = """
-- Whoever removes several items locks them first and in one order: the counter is taken with the
-- first removal, and nothing may be waited for while it is held.
CREATE FUNCTION publishing_lock(items uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM publishing_publisheditem WHERE id = ANY (items) ORDER BY id FOR UPDATE;
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("publishing", "0001_initial")]

    operations = [
        migrations.RunSQL(NEXT_SEQ, "DROP FUNCTION publishing_next_seq()"),
        migrations.RunSQL(REMOVE, "DROP FUNCTION publishing_remove(uuid)"),
        migrations.RunSQL(LOCK, "DROP FUNCTION publishing_lock(uuid[])"),
        migrations.RunSQL(FEED, "DROP SCHEMA feed CASCADE"),
        migrations.RunSQL(
            APPEND_ONLY, f"GRANT UPDATE, DELETE ON publishing_change TO {settings.APP_LOGIN}"
        ),
    ]
