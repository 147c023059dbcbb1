"""schema.org JSON-LD: whole answers, and no word that schema.org does not know."""

from typing import Any

import orjson
import pytest
from rdflib import RDF, SDO, Graph

from publishing.formats.linked_data import WRITERS
from publishing.models import Kind
from tests import factories as make
from tests.publishing import making

pytestmark = pytest.mark.django_db

NEWER = {"observationAbout"}  # schema.org has it since version 22, rdflib's copy is older


def known_words(told: dict[str, Any]) -> set[str]:
    """What rdflib, which has schema.org's vocabulary, reads in it."""
    local = {**told, "@context": {"@vocab": str(SDO)}}
    graph = Graph().parse(data=orjson.dumps(local), format="json-ld")
    words = {str(predicate) for predicate in graph.predicates() if predicate != RDF.type}
    words |= {str(kind) for kind in graph.objects(predicate=RDF.type)}
    assert words
    names = {word.removeprefix(str(SDO)) for word in words}
    return {name for name in names if name not in SDO} - NEWER


def test_a_figure(read) -> None:
    figure = making.approved(
        make.statistic(
            caveat="Recorded offences only.",
            source=make.source(licence="OGL v3.0", url="https://example.org/report"),
        )
    )
    told = making.body_of(figure)

    response = read(f"/api/v1/statistics/{figure.pk}/jsonld/")

    place = {"@type": "AdministrativeArea", "name": "Wales", "identifier": "W92000004"}
    assert response["Content-Type"] == "application/ld+json"
    assert response.json() == {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": told["url"],
        "identifier": str(figure.pk),
        "name": "Image crimes, Wales, 2016/17",
        "description": "1,437: Image crimes, Wales, 2016/17. Recorded offences only.",
        "dateModified": told["updated_at"],
        "license": ("https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"),
        "url": told["url"],
        "isBasedOn": {
            "@type": "CreativeWork",
            "name": "Report example-2023",
            "url": "https://example.org/report",
            "publisher": {"@type": "Organization", "name": "The example-charity"},
        },
        "citation": told["citation_text"],
        "spatialCoverage": place,
        "temporalCoverage": "2016-04-01/2017-03-31",
        "variableMeasured": "Image crimes",
        "distribution": {
            "@type": "DataDownload",
            "contentUrl": told["url"],
            "encodingFormat": "application/json",
        },
        "mainEntity": {
            "@type": "Observation",
            "name": "1,437",
            "value": 1437,
            **({"unitText": told["unit"]} if told["unit"] else {}),
            "measuredProperty": {"@type": "Property", "name": "Image crimes"},
            "observationAbout": place,
            "observationDate": "2017-03-31",
        },
    }


def test_a_checked_claim_that_is_published_with_its_figure() -> None:
    claim = {
        "id": "c1",
        "wording": "Offences rose by 43%.",
        "verdict": "inconsistent",
        "approved_on": "2026-02-01",
        "reason": "They rose by 34%.",
    }
    told = WRITERS[Kind.STATISTIC]({"url": "https://a.test/1/", "title": "T", "claims": [claim]})

    assert told["subjectOf"] == [
        {
            "@type": "ClaimReview",
            "@id": "https://a.test/1/#c1",
            "url": "https://a.test/1/#c1",
            "claimReviewed": "Offences rose by 43%.",
            "author": {
                "@type": "Organization",
                "name": "Attest",
                "url": "http://localhost:8000/",
            },
            "datePublished": "2026-02-01",
            "reviewBody": "They rose by 34%.",
            "reviewRating": {
                "@type": "Rating",
                "alternateName": "Does not hold",
                "ratingValue": 1,
                "worstRating": 1,
                "bestRating": 2,
            },
            "itemReviewed": {"@type": "Claim"},
        }
    ]
    assert known_words(told) == set()


def test_what_cannot_be_tested_has_no_place_on_the_scale() -> None:
    claim = {"id": "c1", "wording": "Many.", "verdict": "not_testable"}
    told = WRITERS[Kind.STATISTIC]({"url": "https://a.test/1/", "title": "T", "claims": [claim]})

    assert told["subjectOf"][0]["reviewRating"] == {
        "@type": "Rating",
        "alternateName": "Cannot be tested",
    }


def test_a_statement_that_is_published_with_its_source() -> None:
    said = {"words": "We will act.", "speaker": "The Minister", "said_in": "2023"}
    gist = {"words": None, "speaker": "Another", "said_in": "2023"}
    told = WRITERS[Kind.SOURCE](
        {"url": "https://a.test/1/", "title": "T", "statements": [said, gist]}
    )

    assert told["hasPart"] == [
        {
            "@type": "Quotation",
            "text": "We will act.",
            "spokenByCharacter": {"@type": "Thing", "name": "The Minister"},
            "dateCreated": "2023",
        }
    ]


def test_a_bill_and_an_amendment_are_legislation(read) -> None:
    bill = making.bill()
    report = making.stage(bill, "Report")
    making.approved(bill)
    amendment = making.approved(making.amendment(report, number="98A"))

    bills = read(f"/api/v1/bills/{bill.pk}/jsonld/").json()
    amendments = read(f"/api/v1/amendments/{amendment.pk}/jsonld/").json()

    assert {name: bills[name] for name in ("@type", "legislationType", "legislationDate")} == {
        "@type": "Legislation",
        "legislationType": "Act",
        "legislationDate": "2023-10-26",
    }
    assert amendments["@type"] == "Legislation"
    assert amendments["legislationChanges"] == {"@type": "Legislation", "name": bill.title}


def test_schema_org_knows_every_word(read) -> None:
    figure = making.approved(make.statistic(caveat="C", source=make.source(licence="CC BY 4.0")))
    making.approved(figure.source)
    bill = making.bill()
    report = making.stage(bill, "Report")
    making.approved(bill)
    amendment = making.approved(making.amendment(report))
    ask = making.ask()
    making.approved(ask.campaign)
    making.approved(ask)
    published = {
        "statistics": figure,
        "sources": figure.source,
        "bills": bill,
        "amendments": amendment,
        "asks": ask,
        "campaigns": ask.campaign,
    }

    unknown = {
        segment: known_words(read(f"/api/v1/{segment}/{record.pk}/jsonld/").json())
        for segment, record in published.items()
    }

    assert unknown == {segment: set() for segment in published}


def test_testimony_has_none(read) -> None:
    testimony = making.on_website(text="canary").version.testimony

    response = read(f"/api/v1/testimonies/{testimony.public_id}/jsonld/")

    assert (response.status_code, b"canary" in response.content) == (404, False)


def test_gone_with_its_document_and_unchanged_before(read) -> None:
    making.written()
    address = f"/api/v1/bills/{making.item_id('one')}/jsonld/"
    etag = read(address)["ETag"]

    unchanged = read(address, **{"If-None-Match": etag})
    making.removed()
    gone = read(address, **{"If-None-Match": etag})

    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert (gone.status_code, gone["Content-Type"]) == (410, "application/problem+json")


def test_parameters_are_refused(read) -> None:
    making.written()

    assert read(f"/api/v1/bills/{making.item_id('one')}/jsonld/?a=1").status_code == 400
