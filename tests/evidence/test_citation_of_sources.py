"""Each kind that OSCOLA has a form for is reached by a source's kind, and copied in one click."""

import datetime

import pytest
from django.urls import reverse
from django.utils.html import escape

from evidence.citing import citation_of
from evidence.models import Organisation, Source, SourceKind
from tests import factories as make
from tests.config import desk_rows as rows
from tests.evidence.test_review_admin import client_of

pytestmark = pytest.mark.django_db

HANSARD = "https://hansard.parliament.uk/Lords/2023-07-19/debates/1/OnlineSafetyBill"
CITED = {
    "news": (
        SourceKind.NEWS_REPORT,
        {"title": "A rise in Wales", "authors": "Jane Doe"},
        "Jane Doe, 'A rise in Wales' House of Lords (19 July 2023)",
    ),
    "press release": (
        SourceKind.CHARITY_RELEASE,
        {"title": "Time to act"},
        "House of Lords, 'Time to act' (press release, 19 July 2023)",
    ),
    "FOI response": (
        SourceKind.FOI_RESPONSE,
        {"title": "FOI response 262/2025"},
        "House of Lords, 'FOI response 262/2025' (19 July 2023)",
    ),
    "Bill": (
        SourceKind.LEGISLATION,
        {"title": "Online Safety Bill"},
        "Online Safety HL Bill",
    ),
    "Hansard": (
        SourceKind.HANSARD,
        {"title": "Online Safety Bill, vol 831, cols 1-5", "url": HANSARD},
        "HL Deb 19 July 2023, vol 831, cols 1-5",
    ),
    "an Act": (
        SourceKind.LEGISLATION,
        {"title": "Online Safety Act 2023"},
        "House of Lords, 'Online Safety Act 2023' (19 July 2023)",
    ),
    "a Bill in our words": (
        SourceKind.LEGISLATION,
        {"title": "First print of the Online Safety Bill", "title_is_ours": True},
        "House of Lords, [First print of the Online Safety Bill] (19 July 2023)",
    ),
    "a debate on a day not known": (
        SourceKind.HANSARD,
        {"title": "Online Safety Bill", "published_on": None, "published_label": "2023"},
        "House of Lords, 'Online Safety Bill' (Hansard, 2023)",
    ),
}


def source(kind: SourceKind, **fields: object) -> Source:
    day = datetime.date(2023, 7, 19)
    lords = Organisation.objects.create(key="lords", name="House of Lords")
    return make.source("cited", **{"kind": kind, "publisher": lords, "published_on": day, **fields})


@pytest.mark.parametrize(("kind", "fields", "told"), CITED.values(), ids=CITED)
def test_a_source_is_cited_by_its_kind_and_its_page_offers_the_citation(kind, fields, told) -> None:
    cited = source(kind, **fields)

    page = (
        client_of(rows.person("officer", "officer"))
        .get(reverse("admin:evidence_source_change", args=[cited.pk]))
        .content.decode()
    )

    assert citation_of(cited) == told
    assert f'<p id="citation">{escape(told)}</p>' in page
    assert 'data-copy="citation"' in page
