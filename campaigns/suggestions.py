"""Amendments that read like an ask. A person decides."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection, transaction
from django.db.models import F, FloatField, Func, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.aggregates import StringAgg
from django.db.models.functions import Coalesce, Concat, Greatest
from django.utils import timezone

from campaigns.models import (
    Amendment,
    AmendmentLine,
    Ask,
    AskAmendment,
    Confidence,
    Relation,
)
from evidence import review
from evidence.models import ReviewState
from evidence.refusing import Refused

MOST = 10
ALIKE = 0.15  # an ask is told in other words than a clause is drafted in
WORDS_IN_COMMON = 2
EMPTY, SPACE = (Value(text, output_field=TextField()) for text in ("", " "))


@dataclass(frozen=True, slots=True)
class Candidate:
    """An amendment that may be meant, how alike the texts are from 0 to 1, and their words."""

    amendment: Amendment
    similarity: float
    words: tuple[str, ...]

    @property
    def per_cent(self) -> int:
        return round(100 * self.similarity)


def suggested_for(ask: Ask) -> list[Candidate]:
    """Of the bills that its campaign follows, those not linked to it yet, the likest first."""
    text = f"{ask.title}. {ask.change_wanted}"
    amendments = _in_use().filter(stage__bill__campaigns=ask.campaign_id)
    amendments = amendments.exclude(ask_links__ask=ask)
    named = Func(F("title"), Value(text), function="word_similarity", output_field=FloatField())
    similarity: Any = Greatest(TrigramSimilarity("text", text), named)
    alike = amendments.annotate(similarity=similarity).filter(similarity__gte=ALIKE)
    found = list(alike.distinct().order_by("-similarity", "pk")[:MOST])
    shared = _words_in_common(text, [each.text for each in found])
    return [
        Candidate(amendment, round(amendment.similarity, 2), words)
        for amendment, words in zip(found, shared, strict=True)
        if len(words) >= WORDS_IN_COMMON
    ]


@transaction.atomic
def link(
    ask: Ask, amendment: Amendment, *, relation: str, confidence: str, by: User, note: str = ""
) -> AskAmendment:
    """Say what an amendment would do for an ask, in one's own name; a colleague reads the ask."""
    if relation not in Relation.values:
        raise Refused("Say what the amendment would do for the ask.")
    if confidence not in Confidence.values:
        raise Refused("Say how sure you are.")
    made, is_new = AskAmendment.objects.get_or_create(
        ask=ask,
        amendment=amendment,
        defaults={
            "relation": relation,
            "confidence": confidence,
            "note": note,
            "checked_by": by,
            "checked_at": timezone.now(),
            "text_sha256_when_linked": amendment.stands().text_sha256,
        },
    )
    if not is_new:
        raise Refused("It has been linked already: change what it says on the ask's page.")
    review.edit(ask, by=by)
    return made


def _in_use() -> QuerySet[Any]:
    """Amendments that Parliament still lists or we draft, each with all of its words as `text`."""
    lines = (
        AmendmentLine.objects.filter(amendment=OuterRef("pk"))
        .order_by()
        .values("amendment")
        .annotate(words=StringAgg("text", SPACE, order_by="position"))
        .values("words")
    )
    amendments: QuerySet[Any] = (
        Amendment.objects.exclude(review_state=ReviewState.RETIRED)
        .filter(as_published__vanished_at=None)
        .select_related("stage")
        .annotate(
            text=Concat(
                "title",
                SPACE,
                "explanatory_statement",
                SPACE,
                Coalesce("as_published__explanatory_text", EMPTY),
                SPACE,
                Coalesce("as_published__text", Subquery(lines), EMPTY),
                output_field=TextField(),
            )
        )
    )
    return amendments


def _words_in_common(text: str, others: Iterable[str]) -> list[tuple[str, ...]]:
    """Of each other text, the words of the first that it has too, in any of their forms."""
    words = list(dict.fromkeys(re.findall(r"[^\W\d_]{3,}", text.casefold())))
    by_stem: dict[str, str] = {}
    for word, stems in zip(words, _stems(words), strict=True):
        if stems:
            by_stem.setdefault(stems[0], word)
    return [
        tuple(word for stem, word in by_stem.items() if stem in theirs)
        for theirs in map(set, _stems(list(others)))
    ]


def _stems(texts: list[str]) -> list[list[str]]:
    """The words of each text without their endings, and without the and its like."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tsvector_to_array(to_tsvector('english', text)) "
            "FROM unnest(%s::text[]) WITH ORDINALITY AS given (text, place) ORDER BY place",
            [texts],
        )
        return [row[0] for row in cursor.fetchall()]
