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


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0002_initial"), ("evidence", "0004_use_rules")]

    operations = [
        *[one_door(f"campaigns_{name}") for name in REVIEWED],
        *[
            covered_line(f"campaigns_{table}", f"campaigns_{record}", column)
            for table, record, column in LINES
        ],
        append_only(
            *[f"campaigns_{name}event" for name in [*REVIEWED, "evidencelink"]],
            "campaigns_packversion",
            "campaigns_copy",
            "campaigns_copyuse",
        ),
    ]
