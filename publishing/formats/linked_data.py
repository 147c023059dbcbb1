"""schema.org JSON-LD of one document. Testimony has none: those who copy it cannot take it back."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from publishing.addresses import absolute
from publishing.api import parameters
from publishing.api.endpoint import endpoint
from publishing.encoding import encode
from publishing.formats.finding import Document, answer
from publishing.models import Kind

CONTENT_TYPE = "application/ld+json"
CONTEXT = "https://schema.org"
LICENCES = {
    "OGL v3.0": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    "Open Parliament Licence v3.0": "https://www.parliament.uk/site-information/copyright-parliament/open-parliament-licence/",
    "CC BY 4.0": "https://creativecommons.org/licenses/by/4.0/",
}
SOURCES = {
    "news_report": "NewsArticle",
    "official_statistics": "Dataset",
    "legislation": "Legislation",
    "report": "Report",
    "survey": "Report",
    "charity_release": "Report",
}
# Verdicts as a scale from wrong to right; what cannot be tested has no place on it.
RATINGS = {"inconsistent": 1, "consistent": 2}
VERDICTS = {
    "inconsistent": "Does not hold",
    "consistent": "Holds",
    "not_testable": "Cannot be tested",
}


@endpoint
def linked_data(request: HttpRequest, kind: Kind, item_id: UUID) -> HttpResponse:
    parameters.read(request.GET, ())

    def write(told: Document) -> bytes:
        return encode({"@context": CONTEXT, **_known({**_common(told), **WRITERS[kind](told)})})

    return answer(request, kind, item_id, form="jsonld", content_type=CONTENT_TYPE, write=write)


def _common(told: Document) -> Document:
    return {
        "@id": told["url"],
        "identifier": told["id"],
        "name": told["title"],
        "dateModified": told["updated_at"],
        "license": _licence(told.get("licence")),
    }


def _statistic(told: Document) -> Document:
    """The figure as an observation, in the data set of one that holds how it may be used."""
    area, period = told.get("area") or {}, told.get("period") or {}
    place = _known({"@type": "AdministrativeArea", "name": area.get("name")})
    place |= _known({"identifier": area.get("gss_code")})
    return {
        "@type": "Dataset",
        "description": _described(told),
        "url": told["url"],
        "isBasedOn": _cited(told.get("source")),
        "citation": told.get("citation_text"),
        "spatialCoverage": place if area else None,
        "temporalCoverage": f"{period['start']}/{period['end']}" if period else None,
        "variableMeasured": told.get("measure"),
        "distribution": {
            "@type": "DataDownload",
            "contentUrl": told["url"],
            "encodingFormat": "application/json",
        },
        "mainEntity": _known(
            {
                "@type": "Observation",
                "name": told.get("display_value"),
                "value": told.get("value"),
                "unitText": told.get("unit"),
                "measuredProperty": _property(told.get("measure")),
                "observationAbout": place if area else None,
                "observationDate": period.get("end"),
            }
        ),
        "subjectOf": [_claim_review(told, each) for each in told.get("claims") or []] or None,
    }


def _described(told: Document) -> str:
    """Whoever lists the figure shows its caveat with it."""
    said = f"{told.get('display_value') or ''}: {told['title']}."
    return f"{said} {told['caveat']}" if told.get("caveat") else said


def _property(measure: str | None) -> Document | None:
    return {"@type": "Property", "name": measure} if measure else None


def _claim_review(told: Document, claim: Document) -> Document:
    """A checked claim that is published with the figure it rests on."""
    rating = {
        "@type": "Rating",
        "alternateName": VERDICTS[claim["verdict"]],
        "ratingValue": RATINGS.get(claim["verdict"]),
        "worstRating": min(RATINGS.values()),
        "bestRating": max(RATINGS.values()),
    }
    if claim["verdict"] not in RATINGS:
        rating = {"@type": "Rating", "alternateName": VERDICTS[claim["verdict"]]}
    return _known(
        {
            "@type": "ClaimReview",
            "@id": f"{told['url']}#{claim['id']}",
            "url": f"{told['url']}#{claim['id']}",
            "claimReviewed": claim["wording"],
            "author": {"@type": "Organization", "name": "Attest", "url": absolute("/")},
            "datePublished": claim.get("approved_on"),
            "reviewBody": claim.get("reason"),
            "reviewRating": rating,
            "itemReviewed": _known({"@type": "Claim", "appearance": _cited(claim.get("source"))}),
        }
    )


def _source(told: Document) -> Document:
    return {
        "@type": SOURCES.get(told.get("source_kind", ""), "CreativeWork"),
        "url": told.get("original_url") or told["url"],
        "publisher": _organisation(told.get("publisher")),
        "author": _person_or_body(told.get("authors")),
        "datePublished": told.get("published_on"),
        "inLanguage": told.get("language"),
        "abstract": told.get("summary"),
        "description": told.get("summary") or told["title"],
        "sameAs": f"https://doi.org/{told['doi']}" if told.get("doi") else None,
        "isBasedOn": [_cited(each) for each in told.get("chain") or []] or None,
        "hasPart": [_quotation(each) for each in told.get("statements") or [] if each["words"]]
        or None,
    }


def _quotation(said: Document) -> Document:
    """A statement that is published with the source that prints it."""
    return _known(
        {
            "@type": "Quotation",
            "text": said["words"],
            "spokenByCharacter": _person_or_body(said.get("speaker")),
            "dateCreated": said.get("said_in"),
        }
    )


def _bill(told: Document) -> Document:
    return {
        "@type": "Legislation",
        "url": told.get("original_url") or told["url"],
        "alternateName": told.get("act_title"),
        "legislationType": "Act" if told.get("royal_assent_on") else "Bill",
        "legislationIdentifier": _number(told.get("parliament_id")),
        "legislationDate": told.get("royal_assent_on"),
        "legislationJurisdiction": "United Kingdom",
    }


def _amendment(told: Document) -> Document:
    bill = told.get("bill")
    amends = {"@type": "Legislation", "name": bill["title"]} if bill else None
    return {
        "@type": "Legislation",
        "url": told.get("original_url") or told["url"],
        "alternateName": told.get("number"),
        "legislationType": "Amendment",
        "legislationIdentifier": _number(told.get("parliament_id")),
        "legislationChanges": amends,
        "creativeWorkStatus": told.get("decision"),
        "text": told.get("text"),
        "abstract": told.get("explanatory_statement"),
    }


def _ask(told: Document) -> Document:
    return {
        "@type": "CreativeWork",
        "url": told["url"],
        "text": told.get("change_wanted"),
        "abstract": told.get("rationale"),
        "creativeWorkStatus": told.get("status"),
    }


def _campaign(told: Document) -> Document:
    return {"@type": "CreativeWork", "url": told["url"], "abstract": told.get("summary")}


def _cited(source: Document | None) -> Document | None:
    if not source:
        return None
    cited = {"@type": "CreativeWork", "name": source.get("title"), "url": source.get("url")}
    return _known({**cited, "publisher": _organisation(source.get("publisher"))})


def _organisation(name: str | None) -> Document | None:
    return {"@type": "Organization", "name": name} if name else None


def _person_or_body(name: str | None) -> Document | None:
    """Our sources name authors as printed, and not whether these are people."""
    return {"@type": "Thing", "name": name} if name else None


def _licence(name: str | None) -> str | Document | None:
    if not name:
        return None
    return LICENCES.get(name) or {"@type": "CreativeWork", "name": name}


def _number(number: int | None) -> str | None:
    return None if number is None else str(number)


def _known(told: Document) -> Document:
    """Without what nobody knows: JSON-LD says nothing where we say null."""
    return {name: value for name, value in told.items() if value not in (None, "")}


WRITERS: dict[Kind, Any] = {
    Kind.STATISTIC: _statistic,
    Kind.SOURCE: _source,
    Kind.BILL: _bill,
    Kind.AMENDMENT: _amendment,
    Kind.ASK: _ask,
    Kind.CAMPAIGN: _campaign,
}
