"""Cards and oEmbed: small, without script, gone when the document is; accounts never archived."""

from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from django.db import transaction

from evidence.website import take_off_website
from publishing.models import Kind
from tests import factories as make
from tests.publishing import making

pytestmark = pytest.mark.django_db

POLICY = (
    r"default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]+'; base-uri 'none'; "
    r"form-action 'none'; frame-ancestors \*"
)


class Page(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        if data.strip() and self.tags[-1] not in {"style", "title"}:
            self.words.append(data.strip())


def card(figure) -> str:
    return f"/embed/statistics/{figure.pk}/"


def test_a_figure(read) -> None:
    figure = making.approved(
        make.statistic(
            caveat="Recorded <offences> only.",
            source=make.source(licence="OGL v3.0", url="https://example.org/report"),
        )
    )
    told = making.body_of(figure)

    response = read(f"{card(figure)}?utm_source=x&utm_source=y&%00=1")

    page = Page(response.content.decode())
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert page.words == [
        *["Image crimes, Wales, 2016/17", "1,437", "Recorded <offences> only.", "Source:"],
        *[told["citation_text"], "Licence: OGL v3.0", "From", "Attest"],
        f", as published {told['updated_at'][:10]}",
    ]
    assert len(response.content) < 4_000
    assert read(card(figure)).content == response.content


def test_it_can_do_nothing_but_be_shown(read) -> None:
    import re

    response = read(card(making.approved(make.statistic())))

    page = Page(response.content.decode())
    assert re.fullmatch(POLICY, response["Content-Security-Policy"])
    assert "X-Frame-Options" not in response
    assert "Set-Cookie" not in response
    assert not {"script", "img", "iframe", "form", "object"} & set(page.tags)
    assert not any(name == "src" or name.startswith("on") for name, _ in page.attributes)
    assert ("lang", "en-GB") in page.attributes


def test_an_address_that_is_no_web_page_is_no_link(read) -> None:
    making.written(kind=Kind.STATISTIC)
    with transaction.atomic():
        from publishing import publication

        publication.write(
            kind=Kind.STATISTIC,
            id=making.item_id("bad"),
            title="Bad",
            document={"licence": None, "source": {"title": "S", "url": "javascript:alert(1)"}},
            search_text="",
            facets={},
            expires_at=None,
        )

    response = read(f"/embed/statistics/{making.item_id('bad')}/")

    assert b"javascript" not in response.content


def test_a_checked_figure_says_so(read) -> None:
    with transaction.atomic():
        from publishing import publication

        publication.write(
            kind=Kind.STATISTIC,
            id=making.item_id("checked"),
            title="Checked",
            document={"licence": None, "verdict": "inconsistent"},
            search_text="",
            facets={},
            expires_at=None,
        )

    page = read(f"/embed/statistics/{making.item_id('checked')}/").content.decode()

    assert "Recomputed: not every claim that rests on it holds." in page


def test_it_leads_to_its_oembed(read) -> None:
    response = read(card(figure := making.approved(make.statistic())))

    address = f"http://localhost:8000/embed/statistics/{figure.pk}/"
    oembed = f"http://localhost:8000/oembed/?url={quote(address, safe='')}"
    assert response["Link"] == f'<{oembed}>; rel="alternate"; type="application/json+oembed"'
    assert ("href", oembed) in Page(response.content.decode()).attributes
    assert read(oembed).status_code == 200


def test_an_account_is_shown_and_never_archived(read) -> None:
    testimony = making.on_website("An account", text="First.\n\nThen <b>.").version.testimony

    response = read(f"/embed/testimonies/{testimony.public_id}/")

    page = Page(response.content.decode())
    assert page.words == [
        *["An account", "First.", "Then <b>.", "Robin (a pseudonym)"],
        "A pseudonym; details are changed.",
        "Licence: revocable. Shown for as long as the person who told it agrees; "
        "it may not be copied.",
    ]
    assert response["X-Robots-Tag"] == "noindex, noarchive"
    assert ("content", "noindex, noarchive") in page.attributes
    assert response["Cache-Control"] == "public, max-age=60, must-revalidate"


def test_taken_off_it_is_gone_without_a_word(read) -> None:
    testimony = making.on_website("Account canary", text="canary").version.testimony
    address = f"/embed/testimonies/{testimony.public_id}/"
    etag = read(address)["ETag"]
    take_off_website(testimony)

    response = read(address, **{"If-None-Match": etag})

    assert response.status_code == 410
    assert Page(response.content.decode()).words == [
        "This is no longer published",
        "It was removed or has expired.",
    ]
    assert response["X-Robots-Tag"] == "noindex, noarchive"
    assert "frame-ancestors *" in response["Content-Security-Policy"]


def test_unchanged(read) -> None:
    address = card(making.approved(make.statistic()))

    again = read(address, **{"If-None-Match": read(address)["ETag"]})

    assert (again.status_code, again.content) == (304, b"")


def test_what_never_was_is_a_page_too(read) -> None:
    response = read(f"/embed/statistics/{making.item_id('none')}/")

    assert (response.status_code, response["Content-Type"]) == (404, "text/html; charset=utf-8")


class TestOEmbed:
    def test_a_figure_by_either_of_its_addresses(self, read) -> None:
        figure = making.approved(make.statistic())
        address = f"http://localhost:8000/embed/statistics/{figure.pk}/"
        document = f"http://localhost:8000/api/v1/statistics/{figure.pk}/"

        answers = [
            read(f"/oembed/?url={quote(url, safe='')}&dnt=1&format=json").json()
            for url in (address, document, address.rstrip("/"))
        ]

        assert answers == [answers[0]] * 3
        assert answers[0] == {
            "version": "1.0",
            "type": "rich",
            "title": "Image crimes, Wales, 2016/17",
            "provider_name": "Attest",
            "provider_url": "http://localhost:8000/",
            "cache_age": 60,
            "width": 600,
            "height": 320,
            "html": f'<iframe src="{address}" title="Image crimes, Wales, 2016/17" width="600" '
            'height="320" loading="lazy" '
            'sandbox="allow-popups allow-popups-to-escape-sandbox" '
            'style="border:0;max-width:100%"></iframe>',
        }

    def test_an_account_says_nothing_that_a_page_could_keep(self, read) -> None:
        testimony = making.on_website("Title canary", text="text canary").version.testimony

        url = f"http://localhost:8000/embed/testimonies/{testimony.public_id}/"
        response = read(f"/oembed/?url={url}")

        assert b"canary" not in response.content
        assert response.json()["title"] == "Testimony"
        assert response["X-Robots-Tag"] == "noindex, noarchive"

    def test_no_larger_than_asked(self, read) -> None:
        figure = making.approved(make.statistic())
        url = f"http://localhost:8000/embed/statistics/{figure.pk}/"

        told = read(f"/oembed/?url={url}&maxwidth=200&maxheight=9000").json()

        assert (told["width"], told["height"]) == (200, 320)

    @pytest.mark.parametrize(
        ("asked", "status"),
        [
            ("", 400),
            ("?url=", 400),
            (f"?url={'x' * 3000}", 400),
            ("?url=https://evil.test/embed/statistics/5f3e0f58-3c2e-4b9a-9d5f-0a4a8f7f2c11/", 404),
            ("?url=http://localhost:8000/embed/bills/5f3e0f58-3c2e-4b9a-9d5f-0a4a8f7f2c11/", 404),
            (
                "?url=http://localhost:8000/embed/statistics/------------------------------------/",
                404,
            ),
            ("?url=http://[bad/", 404),
            (
                "?url=http://localhost:8000/embed/statistics/5f3e0f58-3c2e-4b9a-9d5f-0a4a8f7f2c11/",
                404,
            ),
            ("?format=xml", 501),
        ],
    )
    def test_whatever_else_is_a_problem(self, read, asked: str, status: int) -> None:
        response = read(f"/oembed/{asked}")

        assert (response.status_code, response["Content-Type"]) == (
            status,
            "application/problem+json",
        )

    def test_gone_with_its_card(self, read) -> None:
        figure = making.approved(make.statistic())
        making.retired(figure)

        url = f"http://localhost:8000/embed/statistics/{figure.pk}/"
        assert read(f"/oembed/?url={url}").status_code == 410
