"""Corrections: what was published and is now another figure gets a number, a date and a reason."""

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Max
from django.utils import timezone

from evidence.models import Correction, Statistic
from evidence.refusing import Refused
from publishing.encoding import decode
from publishing.models import PublishedItem

NUMBERING = 0x436F7272  # "Corr": the lock under which a correction takes its number


def record_correction(statistic: Statistic, *, by: User) -> Correction | None:
    """Number the correction that approving this statistic makes; None if nothing published changes.

    Called within the approval. Raises Refused where the figure on the website is another and
    nobody has said what was wrong.
    """
    was, now = published_figure(statistic), figure(statistic)
    if was is None or was == now:
        return None
    latest = statistic.corrections.first()
    explanation = statistic.correction_note.strip()
    if not explanation or (latest and latest.explanation == explanation):
        raise Refused(
            f"It was published as “{was}” and would now be “{now}”: say under “What was wrong” "
            "what is corrected, and submit it again."
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NUMBERING])
    number = Correction.objects.aggregate(latest=Max("number"))["latest"] or 0
    return Correction.objects.create(
        number=number + 1,
        statistic=statistic,
        was=was,
        now=now,
        explanation=explanation,
        corrected_on=timezone.localdate(),
        corrected_by=by,
    )


def figure(statistic: Statistic) -> str:
    """The figure as a reader knows it: value, area and period."""
    return f"{statistic.display_value}, {statistic.area}, {statistic.period}"


def published_figure(statistic: Statistic) -> str | None:
    """The same of what is on the website now; None where it is not there."""
    item = PublishedItem.objects.filter(pk=statistic.pk).only("body").first()
    if item is None:
        return None
    said = decode(item.body)
    return f"{said['display_value']}, {said['area']['name']}, {said['period']['label']}"
