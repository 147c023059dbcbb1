"""The command for letters, and what a deployment is warned of."""

from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from config.checks import check_own_page
from evidence.models import OwnPageLink
from tests import factories as make


@pytest.mark.django_db
def test_it_prints_a_link_that_opens(client, settings):
    person = make.covered().consent.contributor
    printed = StringIO()

    call_command("own_page_link", str(person.pk), stdout=printed)

    address = printed.getvalue().strip()
    assert address.startswith(f"{settings.SITE_URL}/w/")
    assert client.get(address.removeprefix(settings.SITE_URL)).status_code == 200
    assert OwnPageLink.objects.get().contributor == person


@pytest.mark.django_db
def test_it_refuses_in_a_sentence():
    with pytest.raises(CommandError, match="no contributor"):
        call_command("own_page_link", str(uuid4()))
    with pytest.raises(CommandError, match="nothing that a parent may decide"):
        call_command("own_page_link", str(make.covered().consent.contributor_id), "--parent")


def test_a_deployment_without_a_number_to_call_is_warned(settings):
    settings.DEMO, settings.OWN_PAGE_PHONE = False, ""

    (warning,) = check_own_page()

    assert (warning.id, warning.hint) == (
        "attest.W010",
        "Set ATTEST_OWN_PAGE_PHONE; none of them may tell what it is about.",
    )


def test_the_demo_is_not_warned():
    assert check_own_page() == []
