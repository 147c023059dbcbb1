"""An example for every operation of the description, made of its own schemas, so that it fits.

drf-spectacular calls `add_examples` when all paths are there, whoever declared them.
"""

from http import HTTPStatus
from typing import Any

from publishing.addresses import API, absolute
from publishing.api.problems import TITLES
from publishing.formats.described import SECURITY

ID = "5f3e0f58-3c2e-4b9a-9d5f-0a4a8f7f2c11"
FIGURE = f"{API}statistics/{ID}/"
# By the name of a field, wherever it stands; all of it is made up.
SAMPLES: dict[str, Any] = {
    "id": ID,
    "item_id": ID,
    "area": "W92000004",
    "ask": "a-statutory-advocate",
    "bill": "online-safety-bill",
    "period": "2016/17",
    "topic": "image-crimes",
    "source": "example-2023",
    "source_kind": "news_report",
    "fields": "title,display_value",
    "kind": "statistic",
    "op": "upsert",
    "title": "Image crimes, Wales, 2016/17",
    "display_value": "1,437",
    "value": 1437,
    "unit": "offences",
    "measure": "Image crimes",
    "name": "Wales",
    "gss_code": "W92000004",
    "label": "2016/17",
    "start": "2016-04-01",
    "end": "2017-03-31",
    "publisher": "Example Charity",
    "licence": "OGL v3.0",
    "caveat": "Recorded offences only.",
    "url": absolute(FIGURE),
    "date": "February 2023",
    "q": "image crimes",
    "limit": 50,
    "seq": 12,
    "waiting": 0,
    "more": False,
    "next": None,
    "version": "1.0",
    "type": "rich",
    "provider_name": "Attest",
    "cache_age": 60,
    "width": 600,
    "height": 320,
    "html": f'<iframe src="{absolute(f"/embed/statistics/{ID}/")}"></iframe>',
    "token": "WyJlcG9jaCIsMTIsbnVsbF0:signature",
    "citation_text": "Example Charity, ‘Report’ (February 2023).",
}
FORMATS = {
    "uuid": ID,
    "date": "2023-02-22",
    "date-time": "2023-02-22T09:30:00Z",
    "uri": absolute(FIGURE),
}
BASIC: dict[str, Any] = {
    "string": "…",
    "integer": 1,
    "number": 1.0,
    "boolean": False,
    "null": None,
}
# Where the schema says no more than that it is text or an object.
WHOLE: dict[str, Any] = {
    "text/csv": "id,title,measure,display_value\r\n"
    f'{ID},"Image crimes, Wales, 2016/17",Image crimes,"1,437"\r\n',
    "text/html": "<!doctype html>\n<title>Image crimes, Wales, 2016/17</title>",
    "application/atom+xml": '<feed xmlns="http://www.w3.org/2005/Atom"></feed>',
    "application/feed+json": {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Attest: evidence for policy",
        "items": [],
    },
    "application/ld+json": {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": absolute(FIGURE),
        "name": "Image crimes, Wales, 2016/17",
    },
    "application/vnd.vegalite.v6+json": {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "mark": "bar",
        "data": {"values": [{"period": "2016/17", "value": 1437}]},
    },
}
PROBLEMS = {
    400: "parameter",
    401: "key",
    404: "not-found",
    410: "gone",
    429: "throttled",
    501: "format",
}


def add_examples(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    components = result["components"]["schemas"]
    result["components"].setdefault("securitySchemes", {}).update(SECURITY)
    for item in result["paths"].values():
        for operation in item.values():
            _add_to(operation, components)
    return result


def _add_to(operation: dict[str, Any], components: dict[str, Any]) -> None:
    for parameter in operation.get("parameters", []):
        parameter["example"] = _sample(parameter["schema"], components, parameter["name"])
    for form, media in operation.get("requestBody", {}).get("content", {}).items():
        media["example"] = _of_media(form, media, components)
    for status, answer in operation["responses"].items():
        for form, media in answer.get("content", {}).items():
            is_problem = form == "application/problem+json"
            media["example"] = (
                _problem(int(status)) if is_problem else _of_media(form, media, components)
            )


def _of_media(form: str, media: dict[str, Any], components: dict[str, Any]) -> Any:
    return WHOLE[form] if form in WHOLE else _sample(media["schema"], components)


def _problem(status: int) -> dict[str, Any]:
    kind = PROBLEMS.get(status, "error")
    return {
        "type": absolute(f"{API}docs/#{kind}"),
        "title": TITLES[kind],
        "status": status,
        "detail": HTTPStatus(status).description or TITLES[kind],
    }


def _sample(schema: dict[str, Any], components: dict[str, Any], name: str = "") -> Any:
    """The field's own sample where it fits its schema, else what the schema says of it."""
    if "$ref" in schema:
        return _sample(components[schema["$ref"].rpartition("/")[2]], components, name)
    for several in ("allOf", "oneOf", "anyOf"):
        if several in schema:
            return _sample(schema[several][0], components, name)
    if "enum" in schema:
        return SAMPLES[name] if SAMPLES.get(name) in schema["enum"] else schema["enum"][0]
    if name == "document":
        return _sample(components["Statistic"], components)
    return _of_type(schema, components, name)


def _of_type(schema: dict[str, Any], components: dict[str, Any], name: str) -> Any:
    kinds = schema.get("type", "object")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if "array" in kinds:
        return [_sample(schema["items"], components)]
    if "object" in kinds:
        fields = schema.get("properties", {})
        return {field: _sample(told, components, field) for field, told in fields.items()}
    if schema.get("format") in FORMATS and name != "url":
        return FORMATS[schema["format"]]
    if name in SAMPLES and _type_of(SAMPLES[name]) & set(kinds):
        return SAMPLES[name]
    return BASIC[kinds[0]]


def _type_of(value: Any) -> set[str]:
    if value is None:
        return {"null"}
    if isinstance(value, bool):
        return {"boolean"}
    if isinstance(value, int):
        return {"integer", "number"}
    return {"number"} if isinstance(value, float) else {"string"}
