"""What is on the website is rendered anew after an upgrade, and nothing unread leaves with it."""

from io import StringIO

import pytest
from django.core.management import call_command

from evidence import review
from evidence.models import Source
from publishing.models import PublishedItem
from tests import factories as make
from tests.publishing import making

pytestmark = pytest.mark.django_db


def publish_again() -> str:
    said = StringIO()
    call_command("publish_again", stdout=said)
    return said.getvalue()


def test_a_document_of_an_older_program_is_rendered_anew() -> None:
    older, same = (making.approved(make.source(key)) for key in ("older", "same"))
    covered = making.on_website()
    as_it_is = making.body_of(older)
    PublishedItem.objects.filter(pk=older.pk).update(body=b'{"updated_at": "2023-01-01"}')
    before = dict(PublishedItem.objects.values_list("pk", "seq"))

    assert publish_again() == "Documents that changed: 1\n"
    assert making.body_of(older) | {"updated_at": ""} == as_it_is | {"updated_at": ""}
    after = dict(PublishedItem.objects.values_list("pk", "seq"))
    assert {pk for pk, seq in after.items() if seq != before[pk]} == {older.pk}
    assert {same.pk, covered.version.testimony.public_id} <= set(after)
    assert publish_again() == "Documents that changed: 0\n"


def test_what_is_being_edited_waits_for_its_approval() -> None:
    source = making.approved(make.source())
    review.edit(source, by=make.user("officer"))
    Source.objects.filter(pk=source.pk).update(title="An unread title")

    assert publish_again() == "Documents that changed: 0\n"
    assert making.body_of(source)["title"] == "Report example-2023"
