"""An access request: all that is held, opened and readable, and nothing that could warn others."""

import json
from base64 import b64decode
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command

from evidence import consenting, erasing, identities
from evidence.identities import Person, RawWords
from evidence.models import Contributor, IdentifyingFeature, VaultLook
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def covered() -> make.Covered:
    made = make.covered(text="What I let you tell.")
    officer = make.user("officer")
    contributor = made.consent.contributor
    identities.record_identity(contributor, Person("Anna Exämple", None), by=officer)
    identities.record_raw_account(made.version.testimony, RawWords("All of it."), by=officer)
    identities.attach_evidence(made.consent, b"%PDF-1.7", "application/pdf", by=officer)
    return made


def exported(contributor: Contributor, *arguments: str) -> dict:
    out = StringIO()
    call_command("export_contributor", str(contributor.pk), *arguments, stdout=out)
    return json.loads(out.getvalue())


def test_everything_is_in_it(covered) -> None:
    make.raw_use(covered)
    consenting.withdraw(covered.consent)

    told = exported(covered.consent.contributor)

    [testimony], [consent] = told["testimonies"], told["consents"]
    [version], [use] = testimony["versions"], testimony["uses"]
    assert told["identity"]["name"] == "Anna Exämple"
    assert testimony["raw_account"]["words"] == "All of it."
    assert (version["text"], version["attribution"]) == (
        "What I let you tell.",
        "Robin (a pseudonym)",
    )
    assert consent["notice"]["text"] == covered.consent.notice.text
    assert b64decode(consent["evidence"]["base64"]) == b"%PDF-1.7"
    assert [each["to"] for each in consent["moves"]] == ["requested", "given", "withdrawn"]
    assert [each["channel"] for each in consent["scopes"]] == ["Briefing pack"]
    assert use["recalled_at"] is not None
    assert use["recall"]["asked_at"] is None


def test_it_is_itself_a_look_and_looks_are_told_by_role(covered) -> None:
    contributor = covered.consent.contributor
    lead = make.user("Olivia Officer")
    lead.groups.add(Group.objects.get_or_create(name="safeguarding lead")[0])
    identities.write_look(contributor, "identity", by=lead, because="To ring back")

    told = exported(contributor)

    assert [(each["because"], each["role"]) for each in told["looks"]] == [
        ("To ring back", ["safeguarding lead"]),
        ("An access request", ["command line"]),
    ]
    assert "Olivia" not in json.dumps(told)
    assert VaultLook.objects.filter(what="export", by=None).count() == 1


@pytest.mark.parametrize("hold", ["none", "police", "safeguarding_referral"])
def test_a_hold_that_could_warn_somebody_is_not_told_in_any_way(covered, hold) -> None:
    contributor = covered.consent.contributor
    Contributor.objects.update(retention_hold=hold)
    if hold != "none":
        erasing.ask_for_erasure(contributor, by=None)

    told = json.dumps(exported(contributor))

    assert "retention_hold" not in told
    assert "police" not in told.lower().replace("policy", "")
    assert "told_of_a_hold_at" not in told


def test_a_hold_for_a_legal_claim_is_told(covered) -> None:
    Contributor.objects.update(retention_hold="legal_claim")

    told = exported(covered.consent.contributor)

    assert told["contributor"]["retention_hold"] == "Legal claim"


def test_nobody_elses_words_are_in_it(covered) -> None:
    other = make.covered(title="Another account", text="Somebody else's words.")
    IdentifyingFeature.objects.create(
        version=make.version(other.version.testimony), kind="place", told="Cardiff"
    )

    told = json.dumps(exported(covered.consent.contributor))

    assert not any(each in told for each in ("Another account", "Somebody else", "Cardiff"))


def test_into_a_file_that_only_its_owner_reads(covered, tmp_path: Path) -> None:
    output, out = tmp_path / "anna.json", StringIO()
    arguments = [str(covered.consent.contributor_id), "--output", str(output)]

    call_command("export_contributor", *arguments, stdout=out)

    assert json.loads(output.read_text())["identity"]["name"] == "Anna Exämple"
    assert output.stat().st_mode & 0o777 == 0o600
    assert out.getvalue() == f"Written to {output}: delete it once it was handed over.\n"
    with pytest.raises(CommandError, match="File exists"):
        call_command("export_contributor", *arguments)


def test_nobody_and_somebody_erased_are_refused(covered) -> None:
    contributor = covered.consent.contributor
    erasing.ask_for_erasure(contributor, by=None)

    for whose, why in ((uuid4(), "There is no contributor"), (contributor.pk, "was erased")):
        with pytest.raises(CommandError, match=why):
            call_command("export_contributor", str(whose))
