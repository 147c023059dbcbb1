"""One door for review on this floor too, and what was issued is never changed."""

from django.db import migrations

from evidence.migrations._review import append_only, covered_line, one_door

REVIEWED = ["campaign", "ask", "bill", "amendment", "pack"]
LINES = [
    ("objection", "ask", "ask_id"),
    ("ministerquestion", "ask", "ask_id"),
    ("amendmentline", "amendment", "amendment_id"),
    ("packsection", "pack", "pack_id"),
]


ITEMS = """
CREATE FUNCTION review_covers_pack_items() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    item campaigns_packitem := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    state text;
BEGIN
    SELECT pack.review_state INTO state FROM campaigns_pack AS pack
        JOIN campaigns_packsection AS section ON section.pack_id = pack.id
        WHERE section.id = item.section_id FOR SHARE OF pack;
    IF state <> 'draft' THEN
        RAISE EXCEPTION 'Its lines can be edited only while the record is a draft.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'review_covers_pack_items';
    END IF;
    RETURN item;
END
$$;
CREATE TRIGGER review_covers_pack_items BEFORE INSERT OR UPDATE OR DELETE ON campaigns_packitem
    FOR EACH ROW EXECUTE FUNCTION review_covers_pack_items();
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0002_initial"), ("evidence", "0004_use_rules")]

    operations = [
        *[one_door(f"campaigns_{name}") for name in REVIEWED],
        *[
            covered_line(f"campaigns_{table}", f"campaigns_{record}", column)
            for table, record, column in LINES
        ],
        migrations.RunSQL(ITEMS, "DROP FUNCTION review_covers_pack_items() CASCADE"),
        append_only(
            *[f"campaigns_{name}event" for name in [*REVIEWED, "evidencelink"]],
            "campaigns_packversion",
            "campaigns_copy",
            "campaigns_copyuse",
        ),
    ]
