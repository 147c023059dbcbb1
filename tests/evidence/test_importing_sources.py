"""Sources from a bibliography: shown first, then written as drafts; and out again."""

import json
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evidence import review
from evidence.bibliography.entries import Entry
from evidence.bibliography.importing import bring_in, preview
from evidence.bibliography.reading import read
from evidence.bibliography.sources import draft_of, entry_of, kind_of
from evidence.bibliography.writing import write
from evidence.models import Organisation, Source, SourceKind
from evidence.refusing import Refused
from tests import factories

NEWS = {
    "id": "http://zotero.org/users/1/items/AB", "type": "article-newspaper",
    "title": "Calls rise by a half", "container-title": "Example Post",
    "author": [{"family": "Jones", "given": "Mary"}, {"literal": "Press Office"}],
    "issued": {"date-parts": [[2018, 9]]}, "accessed": {"date-parts": [[2023, 2, 22]]},
    "URL": "https://post.example/1", "language": "en_gb", "note": "Licence: OGL v3.0\nA copy.",
}  # fmt: skip
RELEASE = {"type": "report", "genre": "Press release", "title": "A half more calls",
           "publisher": "Example Charity", "issued": {"date-parts": [[2018, 9, 13]]}}  # fmt: skip

pytestmark = pytest.mark.django_db


def packed(*items: object) -> bytes:
    return json.dumps(items).encode()


def test_nothing_is_written_by_looking() -> None:
    shown = preview(packed(NEWS, {"title": ""}, NEWS, {"title": "Nobody's"}))

    assert [entry.title for entry in shown.entries] == ["Calls rise by a half"] * 2
    assert [(match.position, match.reason) for match in shown.duplicates] == [
        (1, "Same web address as entry 1 of this file, “Calls rise by a half”.")
    ]
    assert shown.new == [0]
    assert shown.unreadable == (
        "Entry 2 (line 1) has no title.",
        "“Nobody's” (line 1) names no publisher, author or web address.",
    )
    assert not Source.objects.exists()
    assert not Organisation.objects.exists()


def test_a_chosen_entry_becomes_a_draft_of_whoever_brought_it_in() -> None:
    post = Organisation.objects.create(key="post", name="The EXAMPLE-Post")
    Organisation.objects.create(key="example-post", name="Another")
    officer = factories.user("officer")

    [source] = bring_in(preview(packed(NEWS)), [0], by=officer)

    source.refresh_from_db()
    kept = {field.attname: getattr(source, field.attname) for field in Source._meta.fields}
    told = {
        "key": "example-post-2018", "kind": "news_report", "title": "Calls rise by a half",
        "authors": "Mary Jones; Press Office", "url": "https://post.example/1", "doi": "",
        "published_on": None, "published_label": "September 2018",
        "accessed_on": date(2023, 2, 22), "language": "en-GB", "licence": "OGL v3.0",
        "reliability_note": "A copy.", "review_state": "draft", "last_edited_by_id": officer.pk,
        "approved_by_id": None, "summary": "",
    }  # fmt: skip
    assert {name: kept[name] for name in told} == told
    assert source.publisher.key == "example-post"
    assert post.published_sources.count() == 0


def test_a_publisher_is_found_by_its_name_or_made() -> None:
    known = factories.organisation()  # "The example-charity"
    known.name = "EXAMPLE: Charity"
    known.save()

    sources = bring_in(preview(packed(NEWS, RELEASE)), [0, 1], by=factories.user("officer"))

    assert [(each.publisher.name, each.key) for each in sources] == [
        ("Example Post", "example-post-2018"),
        ("EXAMPLE: Charity", "example-charity-2018"),
    ]
    assert Organisation.objects.count() == 2


def test_keys_stay_short_readable_and_apart() -> None:
    long = "The National Society for the Prevention of Very Long Names in Every Part of Wales"
    items = [
        {"type": "report", "title": title, "publisher": publisher}
        for title, publisher in [("One", long), ("Two", long), ("Three", "大象传媒")]
    ]

    sources = bring_in(preview(packed(*items)), [0, 1, 2], by=factories.user("officer"))

    assert [source.key for source in sources] == [
        "the-national-society-for-the-prevention-of-very-long-names-undated",
        "the-national-society-for-the-prevention-of-very-long-names-undated-2",
        "publisher-undated",
    ]


def test_an_entry_that_came_in_meanwhile_is_refused_and_nothing_written() -> None:
    shown = preview(packed(RELEASE, NEWS))
    factories.source("post-2018", title="Elsewhere", url="https://post.example/1")

    with pytest.raises(Refused) as refused:
        bring_in(shown, [0, 1], by=factories.user("officer"))

    assert str(refused.value) == (
        "“Calls rise by a half” has come in since it was shown. "
        "Same web address as “Elsewhere” (post-2018)."
    )
    assert [each.key for each in Source.objects.all()] == ["post-2018"]


def test_a_duplicate_may_be_chosen_knowingly() -> None:
    factories.source("post-2018", title="Elsewhere", url="https://post.example/1")

    [source] = bring_in(preview(packed(NEWS)), [0], by=factories.user("officer"))

    assert source.title == "Calls rise by a half"


def test_what_was_not_shown_cannot_be_chosen() -> None:
    with pytest.raises(Refused, match=r"^Choose among the entries that were shown\.$"):
        bring_in(preview(packed(NEWS)), [1], by=factories.user("officer"))


@pytest.mark.parametrize("count", [1, 3])
def test_the_queries_do_not_grow_with_the_entries(count: int) -> None:
    items = [
        {"type": "report", "title": f"Title {'x' * number}", "publisher": f"Body {number}"}
        for number in range(count)
    ]
    officer = factories.user("officer")

    with CaptureQueriesContext(connection) as queries:
        bring_in(preview(packed(*items)), range(count), by=officer)

    # preview; savepoint and release; duplicates, organisations, keys; two writes
    assert len(queries) == 8


@pytest.mark.parametrize(
    ("entry", "kind"),
    [
        (Entry(type="article-newspaper", title="x"), SourceKind.NEWS_REPORT),
        (Entry(type="post-weblog", title="x"), SourceKind.NEWS_REPORT),
        (Entry(type="webpage", title="x"), SourceKind.REPORT),
        (Entry(type="webpage", title="x", genre="Press release"), SourceKind.CHARITY_RELEASE),
        (Entry(type="bill", title="x"), SourceKind.LEGISLATION),
        (Entry(type="hearing", title="x"), SourceKind.COMMITTEE_EVIDENCE),
        (Entry(type="hearing", title="x", publisher="Hansard"), SourceKind.HANSARD),
        (Entry(type="dataset", title="x"), SourceKind.OFFICIAL_STATISTICS),
        (Entry(type="report", title="x", genre="Opinion poll"), SourceKind.SURVEY),
        (Entry(type="document", title="x", genre="FOI disclosure"), SourceKind.FOI_RESPONSE),
        (Entry(type="song", title="x"), SourceKind.REPORT),
    ],
)
def test_kinds(entry: Entry, kind: SourceKind) -> None:
    assert kind_of(entry) is kind


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        ({"title": "x" * 301}, "cannot be kept: title: Ensure this value has at most 300"),
        ({"URL": "https://no host/"}, "cannot be kept: web address: Enter a valid URL"),
        ({"publisher": "x" * 201}, "has a publisher of more than 200 characters"),
    ],
)
def test_what_our_records_cannot_hold_is_told_before(field: dict[str, str], sentence: str) -> None:
    shown = preview(packed({**RELEASE, **field}))

    assert shown.entries == ()
    assert sentence in shown.unreadable[0]


@pytest.mark.parametrize("kind", SourceKind)
@pytest.mark.parametrize("format", ["csl-json", "ris", "bibtex"])
def test_a_source_goes_out_and_comes_in_as_it_was(kind: SourceKind, format: str) -> None:
    source = factories.source(
        kind=kind, title="A & B: 43% of {all}", authors="Mary Jones; Home Office", doi="10.1000/1",
        url="https://a.example/b_c?d=%20", published_on=None, published_label="Spring 2018",
        accessed_on=date(2023, 1, 2), language="cy", licence="OGL v3.0", reliability_note="Old.",
    )  # fmt: skip

    [entry] = read(write([source], format), format)

    assert entry == entry_of(source)
    back = draft_of(entry)
    for name in ("kind", "title", "authors", "doi", "url", "published_on", "published_label",
                 "accessed_on", "language", "licence", "reliability_note"):  # fmt: skip
        assert getattr(back, name) == getattr(source, name)


def ran(*arguments: object) -> str:
    out = StringIO()
    call_command(*map(str, arguments), stdout=out)
    return out.getvalue()


def test_the_import_command_only_shows_unless_told_to_write(tmp_path: Path) -> None:
    officer = factories.user("officer")
    factories.source("half-2018", title="A half more calls", published_on=date(2018, 9, 13))
    file = tmp_path / "zotero.json"
    file.write_bytes(packed(NEWS, RELEASE, {}))
    listed = (
        "1. Calls rise by a half: new\n"
        "2. A half more calls: not written. Same title as “A half more calls” (half-2018).\n"
        "Unreadable: Entry 3 (line 1) has no title.\n"
        "1 new, 1 known, 1 unreadable.\n"
    )

    assert ran("import_sources", file, "--by", officer) == (
        listed + "Nothing is written: add --write to bring in what is new.\n"
    )
    assert ran("import_sources", file, "--by", officer, "--write") == (
        listed + "Written as a draft: example-post-2018\n"
    )
    assert "Written as a draft: example-charity-2018\n" in (
        ran("import_sources", file, "--by", officer, "--write", "--also", "2")
    )


def test_the_import_command_refuses_in_a_sentence(tmp_path: Path) -> None:
    User.objects.create(username="gone", is_active=False)
    factories.user("officer")
    broken = tmp_path / "broken.json"
    broken.write_text("[{]")

    for arguments, sentence in [
        ((broken, "--by", "gone"), "There is no active user “gone”."),
        ((broken, "--by", "officer"), "Line 1 is not JSON: "),
        ((tmp_path / "none", "--by", "officer"), "cannot be read: No such file or directory."),
    ]:
        with pytest.raises(CommandError) as refused:
            ran("import_sources", *arguments)
        assert sentence in str(refused.value)
        assert refused.value.returncode == 1


def test_the_export_command_leaves_out_what_is_retired(tmp_path: Path) -> None:
    source = factories.source("b-2023")
    review.retire(factories.source("a-2023"), by=factories.user("officer"))

    assert ran("export_sources", "--format", "ris") == write([source], "ris").decode()
    assert ran("export_sources", "--output", tmp_path / "out.json") == ""
    assert (tmp_path / "out.json").read_bytes() == write([source], "csl-json")
