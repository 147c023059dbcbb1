"""Bibliographies on the desk: looked at, then brought in as drafts, and taken out."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from evidence.models import Organisation, ReviewState, Source
from tests import factories as make
from tests.evidence.test_source_admin import client_of, told

pytestmark = pytest.mark.django_db

ENTRIES = [
    {"type": "report", "title": "A new report", "publisher": "NSPCC"},
    {"type": "report", "title": "Report example-2023", "publisher": "The example-charity"},
    {"type": "report", "title": "", "publisher": "NSPCC"},
]
PREVIEW = reverse("admin:evidence_source_preview")


@pytest.fixture
def officer():
    return client_of("officer")


@pytest.fixture
def reader():
    return client_of("reader")


@pytest.fixture
def source():
    return make.source()


def bibliography(*entries: object) -> SimpleUploadedFile:
    return SimpleUploadedFile("zotero.json", json.dumps(entries).encode())


def look_at(client: Client, *entries: object):
    sent = {"file": bibliography(*entries)}
    return client.post(reverse("admin:evidence_source_import"), sent, follow=True)


def test_a_reader_brings_nothing_in(reader) -> None:
    assert look_at(reader, *ENTRIES).status_code == reader.get(PREVIEW).status_code == 403
    assert not Source.objects.exists()


@pytest.mark.parametrize("page", ["import", "preview", "export"])
def test_a_stranger_is_shown_the_door(client, page: str) -> None:
    answer = client.get(reverse(f"admin:evidence_source_{page}"))

    assert answer.headers["Location"].startswith("/admin/login/")


def test_a_bibliography_is_shown_before_anything_is_written(officer, source) -> None:
    answer = look_at(officer, *ENTRIES)

    shown = [(entry.title, bool(why), ticked) for _, entry, why, ticked in answer.context["rows"]]
    assert shown == [("A new report", False, True), ("Report example-2023", True, False)]
    assert "has no title" in answer.context["shown"].unreadable[0]
    assert Source.objects.count() == Organisation.objects.count() == 1


def test_what_is_ticked_comes_in_as_drafts(officer, source) -> None:
    sha256 = look_at(officer, *ENTRIES).context["sha256"]

    answer = officer.post(PREVIEW, {"file": sha256, "chosen": ["0"]}, follow=True)

    made = Source.objects.get(title="A new report")
    assert (made.review_state, made.last_edited_by.username) == (ReviewState.DRAFT, "officer")
    assert told(answer) == ["1 source came in as drafts: complete each, then submit it."]


def test_what_came_in_since_is_not_written_again(officer, source) -> None:
    sha256 = look_at(officer, *ENTRIES).context["sha256"]
    make.source("meanwhile", title="A new report")

    answer = officer.post(PREVIEW, {"file": sha256, "chosen": ["0"]})

    assert "has come in since it was shown" in answer.context["form"].non_field_errors()[0]
    assert Source.objects.filter(title="A new report").count() == 1


@pytest.mark.parametrize("chosen", [[], ["7"], ["-1"], ["x"]])
def test_only_what_was_shown_can_be_ticked(officer, source, chosen: list[str]) -> None:
    sha256 = look_at(officer, *ENTRIES).context["sha256"]

    answer = officer.post(PREVIEW, {"file": sha256, "chosen": chosen})

    assert answer.context["form"].errors["chosen"]
    assert Source.objects.count() == 1


def test_ticks_for_another_file_are_refused(officer, source) -> None:
    first = look_at(officer, *ENTRIES).context["sha256"]
    look_at(officer, ENTRIES[1], ENTRIES[0])

    answer = officer.post(PREVIEW, {"file": first, "chosen": ["0"]})

    assert "another file since" in answer.context["form"].non_field_errors()[0]
    assert Source.objects.count() == 1


def test_a_file_that_is_no_bibliography_is_told_at_its_field(officer) -> None:
    sent = {"file": SimpleUploadedFile("a.txt", b"Dear colleague")}

    answer = officer.post(reverse("admin:evidence_source_import"), sent)

    assert "none of CSL-JSON, RIS and BibTeX" in answer.context["form"].errors["file"][0]


def test_the_file_is_chosen_again_once_the_session_has_none(officer) -> None:
    answer = officer.post(PREVIEW, {"file": "", "chosen": ["0"]}, follow=True)

    assert told(answer) == ["The file that you looked at is no longer here: choose it again."]


@pytest.mark.parametrize(
    ("action", "start"),
    [("export_csl", b"["), ("export_ris", b"TY  - "), ("export_bibtex", b"@")],
)
def test_chosen_sources_are_exported(officer, source, action: str, start: bytes) -> None:
    make.source("another")
    sent = {"action": action, "_selected_action": [source.pk]}

    answer = officer.post(reverse("admin:evidence_source_changelist"), sent)

    assert answer.content.lstrip().startswith(start)
    assert b"Report example-2023" in answer.content
    assert b"another" not in answer.content


def test_a_reader_takes_every_source_out(reader, source) -> None:
    address = reverse("admin:evidence_source_export")

    assert b"Report example-2023" in reader.get(address, {"format": "ris"}).content
    assert reader.get(address, {"format": "xlsx"}).status_code == 404
