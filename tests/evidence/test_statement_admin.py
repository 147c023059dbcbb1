"""A statement is somebody's who speaks for an organisation or office, at the desk and below it."""

import re

import pytest

from evidence.models import RestrictedAccount, Statement
from tests import factories as make
from tests.config import desk_rows as rows
from tests.evidence.test_review_admin import client_of
from tests.refusing import refused_by, run

pytestmark = pytest.mark.django_db

ADD = "/admin/evidence/statement/add/"
SAID = {"speaker": "A mother", "gist": "It happened.", "words": "She cried", "said_in": "2018"}


@pytest.fixture
def officer():
    return client_of(rows.person("officer"))


@pytest.fixture
def source():
    return make.source()


def errors(client, **sent: object):
    return client.post(ADD, {**SAID, **sent}).context["adminform"].form.errors


def test_the_field_says_whose_words_are_a_statement(officer) -> None:
    page = officer.get(ADD).content.decode()

    assert "speaking for an organisation or an office" in page


@pytest.mark.parametrize("missing", ["role", "organisation"])
def test_words_of_nobody_in_office_lead_to_a_restricted_account(officer, source, missing) -> None:
    given = {"role": "Minister", "organisation": source.publisher.pk, "source": source.pk}

    found = errors(officer, **{**given, missing: ""})

    [link] = re.findall('href="([^"]+)"', str(found[missing]))
    assert list(found) == [missing]
    assert not Statement.objects.exists()
    assert not RestrictedAccount.objects.exists()
    form = officer.get(link.replace("&amp;", "&")).context["adminform"].form
    assert form["source"].value() == str(source.pk)


def test_the_link_carries_none_of_the_words(officer, source) -> None:
    found = str(errors(officer, source=source.pk)["role"])

    assert not any(words in found for words in ("mother", "cried", "happened"))


def test_who_may_record_no_restricted_account_is_offered_none(source) -> None:
    administrator = client_of(rows.person("administrator"))

    found = str(errors(administrator, source=source.pk)["role"])

    assert "Anyone else’s words become a restricted account." in found
    assert "href" not in found


def test_a_minister_makes_a_statement(officer, source) -> None:
    officer.post(
        ADD,
        {**SAID, "role": "Minister", "organisation": source.publisher.pk, "source": source.pk},
    )

    assert Statement.objects.get().role == "Minister"


@pytest.mark.parametrize("role", ["", "  "])
def test_the_database_keeps_no_statement_without_an_office(source, role) -> None:
    made = Statement.objects.create(
        **SAID,
        role="Minister",
        organisation=source.publisher,
        source=source,
        last_edited_by=make.user("officer"),
    )

    with refused_by("statement_speaks_for_someone"):
        run("UPDATE evidence_statement SET role = %s WHERE id = %s", role, made.pk)
