"""Full-text search over what is published, best first, with its hits marked."""

import html
from typing import Any

from django.db import connections
from django.http import HttpRequest, HttpResponse

from publishing.api import parameters
from publishing.api.endpoint import conditional, endpoint
from publishing.api.head import read_head
from publishing.api.problems import bad_parameter
from publishing.documents import PROSE
from publishing.encoding import as_stored, encode
from publishing.models import Kind

TOP = 20
KEYS = "search"
# Private-use characters, so that the words themselves can be escaped before hits are marked.
HIT, END = "\ue000", "\ue001"
_MARKS = f"StartSel={HIT}, StopSel={END}"
# Ranking every hit of a common word takes many times as long as ranking the newest ones.
_SEARCH = """
WITH asked AS (
    SELECT websearch_to_tsquery('english', %(q)s) AS words
), newest AS MATERIALIZED (
    SELECT seq, search FROM feed.items, asked
    WHERE search @@ words ORDER BY seq DESC LIMIT 2000
), best AS (
    SELECT seq, ts_rank(search, words) AS rank FROM newest, asked
    ORDER BY rank DESC, seq DESC LIMIT %(top)s
)
SELECT body,
    ts_headline('english', title, words, %(whole)s),
    CASE WHEN kind = %(testimony)s THEN '' ELSE ts_headline('english', (
        SELECT coalesce(string_agg(document ->> prose, ' '), '')
        FROM unnest(%(prose)s::text[]) AS prose
    ), words, %(parts)s) END
FROM best JOIN feed.items USING (seq)
    CROSS JOIN LATERAL (SELECT convert_from(body, 'UTF8')::jsonb AS document) AS parsed, asked
ORDER BY rank DESC, seq DESC
"""


@endpoint
def search(request: HttpRequest) -> HttpResponse:
    values = parameters.read(request.GET, {"q"})
    words = values.get("q", "").strip()
    if not words:
        raise bad_parameter("q", "Say what to search for.")
    return conditional(
        request, etag=read_head().etag(f"search {words}"), render=lambda: _found(words), keys=KEYS
    )


def _found(words: str) -> bytes:
    asked: dict[str, Any] = {
        "q": words,
        "top": TOP,
        "testimony": Kind.TESTIMONY,
        "prose": list(PROSE),
        "whole": f"{_MARKS}, HighlightAll=true",
        "parts": f"{_MARKS}, MaxFragments=2, MaxWords=24, MinWords=8, FragmentDelimiter=' … '",
    }
    with connections["feed"].cursor() as cursor:
        cursor.execute(_SEARCH, asked)
        rows: list[tuple[Any, str, str]] = cursor.fetchall()
    return encode(
        {
            "items": [
                {
                    "document": as_stored(body),
                    # An account is shown whole or not at all: consent seldom covers trimming.
                    "highlights": {"title": _marked(title), "text": _marked(text) or None},
                }
                for body, title, text in rows
            ]
        }
    )


def _marked(text: str) -> str:
    """HTML: escaped, with <mark> around the hits."""
    return html.escape(text).replace(HIT, "<mark>").replace(END, "</mark>")
