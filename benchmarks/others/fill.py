"""Pages below the home page, written at once: what is measured is reading."""

import json
from pathlib import Path

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils import timezone
from django.utils.text import slugify
from others.models import PARTS, TEXTS, Record
from wagtail.models import Page

LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def step(number: int) -> str:
    """Four letters, as Wagtail's tree numbers the children of a page."""
    made = ""
    for _ in range(4):
        number, place = divmod(number, len(LETTERS))
        made = LETTERS[place] + made
    return made


records = json.loads(Path("records.json").read_text())
home = Page.objects.get(depth=2)
of_record = ContentType.objects.get_for_model(Record)
now = timezone.now()
pages = Page.objects.bulk_create(
    (
        Page(path=home.path + step(number), depth=3, title=each["title"], draft_title=each["title"],
             slug=slugify(each["id"]), url_path=f"{home.url_path}{each['id']}/", live=True,
             content_type=of_record, locale=home.locale, first_published_at=now)
        for number, each in enumerate(records, start=1)
    ),
    batch_size=500,
)  # fmt: skip
Page.objects.filter(pk=home.pk).update(numchild=len(pages))
columns = ["page_ptr_id", "public_id", "value", *TEXTS, *PARTS]
with connection.cursor() as cursor:
    cursor.executemany(
        f"INSERT INTO others_record ({', '.join(columns)}) "  # noqa: S608 - our own names
        f"VALUES ({', '.join(['%s'] * len(columns))})",
        [
            [page.pk, each["id"].replace("-", ""), each.get("value"),
             *(each.get(name) for name in TEXTS), *(json.dumps(each.get(name)) for name in PARTS)]
            for page, each in zip(pages, records, strict=True)
        ],
    )  # fmt: skip
