"""Full-text search over what is published, best first, with its hits marked."""

import html
from typing import Any

from django.db import connections
from django.http import HttpRequest, HttpResponse

from publishing.api import parameters, suggestions
from publishing.api.endpoint import by_head, endpoint
from publishing.api.problems import bad_parameter
from publishing.documents import PROSE
from publishing.encoding import as_stored, encode
from publishing.models import Kind

TOP = 20
# Ranking every hit of a common word takes many times as long as ranking the newest ones.
RANKED = 200
# Changes back. Most words have their newest hits there, and those are found without fetching all.
RECENT = 32_000
KEYS = "search"
# Private-use characters, so that the words themselves can be escaped before hits are marked.
HIT, END = "\ue000", "\ue001"
_MARKS = f"StartSel={HIT}, StopSel={END}"
_NEWEST = """(
    SELECT seq, search FROM feed.items
    WHERE search @@ websearch_to_tsquery('english', %(q)s)
        AND (%(kind)s = '' OR kind = %(kind)s) AND seq {side} %(recent)s
    ORDER BY seq DESC LIMIT %(ranked)s
)"""
# The query is written out each time: as a constant its words' frequency is known to the planner,
# which walks the newest rows for a common word, and fetches all the hits of a rare one. What is
# not recent is looked at only where the recent ones are too few.
_SEARCH = f"""
WITH newest AS MATERIALIZED (
    {_NEWEST.format(side=">")} UNION ALL {_NEWEST.format(side="<=")} LIMIT %(ranked)s
), best AS MATERIALIZED (
    SELECT seq, ts_rank(search, websearch_to_tsquery('english', %(q)s)) AS rank FROM newest
    ORDER BY rank DESC, seq DESC LIMIT %(top)s
)
SELECT body,
    ts_headline('english', title, websearch_to_tsquery('english', %(q)s), %(whole)s),
    CASE WHEN kind = %(testimony)s THEN '' ELSE ts_headline('english', (
        SELECT coalesce(string_agg(document ->> prose, ' '), '')
        FROM unnest(%(prose)s::text[]) AS prose
    ), websearch_to_tsquery('english', %(q)s), %(parts)s) END
FROM best JOIN feed.items USING (seq)
    CROSS JOIN LATERAL (SELECT convert_from(body, 'UTF8')::jsonb AS document) AS parsed
ORDER BY rank DESC, seq DESC
"""  # noqa: S608 - our own words


@endpoint
def search(request: HttpRequest) -> HttpResponse:
    values = parameters.read(request.GET, {"q", "kind"})
    words = values.get("q", "").strip()
    if not words:
        raise bad_parameter("q", "Say what to search for.")
    kind = values.get("kind", "")
    if "kind" in values and kind not in Kind.values:
        raise bad_parameter("kind", f"One of {', '.join(Kind.values)}.")
    return by_head(
        request,
        page=f"search {kind} {words}",
        render=lambda head: _found(words, kind, head.seq),
        keys=KEYS,
    )


def _found(words: str, kind: str, seq: int) -> bytes:
    asked: dict[str, Any] = {
        "q": words,
        "kind": kind,
        "ranked": RANKED,
        "recent": seq - RECENT,
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
            ],
            "did_you_mean": None if rows else suggestions.did_you_mean(words),
        }
    )


def _marked(text: str) -> str:
    """HTML: escaped, with <mark> around the hits."""
    return html.escape(text).replace(HIT, "<mark>").replace(END, "</mark>")
