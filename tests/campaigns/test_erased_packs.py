"""What was issued with an account that was erased since: the words are gone, the record stays.

The database does it by itself: pack_versions_forget_the_erased.
"""

import html
import json
import os
import time

import pytest
from django.contrib.auth.models import User

from campaigns.filing import forget, keep_files
from campaigns.issuing import issue
from campaigns.manifests import rebuilt
from campaigns.models import JigsawReview, PackVersion
from evidence import consenting, disclosing, erasing
from evidence.models import Channel, RecallTask, TestimonyUse
from evidence.refusing import Refused
from tests import factories as make
from tests.campaigns import packing
from tests.config import desk_rows as rows
from tests.evidence.test_review_admin import address_of, client_of
from tests.refusing import refused_by, run, run_as_owner

pytestmark = pytest.mark.django_db

GONE = "so its documents are gone. Who holds a copy stays on record."


@pytest.fixture(autouse=True)
def files_of_the_test(settings, tmp_path) -> None:
    settings.PACKS = tmp_path / "packs"


def covered(title: str = "An account", text: str = "Words that are erased.") -> make.Covered:
    return make.covered(title=title, text=text)


def issued(*accounts: make.Covered) -> PackVersion:
    versions = [each.version for each in accounts]
    pack = packing.pack(("summary", [packing.ask()]), ("case_study", versions))
    pack.sections.filter(kind="case_study").update(text="An officer wrote this.")
    return issue(packing.approved(pack), to=[packing.member()], by=make.user("lead"))


def erase(account: make.Covered) -> None:
    erasing.erase(account.consent.contributor)


def test_bytes_and_words_go_and_what_it_rests_on_stays() -> None:
    account = covered()
    version = issued(account)
    before = version.manifest

    erase(account)

    version.refresh_from_db()
    blocks = version.manifest["briefing"]["blocks"]
    [box] = [each for each in blocks if each["kind"] == "testimony_box"]
    assert (bytes(version.content), version.erased_at is None) == (b"", False)
    assert box["paragraphs"] == [] == [each for each in (box["attribution"],) if each]
    for kept in ("testimonies", "consents", "items", "documents"):
        assert version.manifest[kept] == before[kept]
    assert "Words that are erased" not in json.dumps(version.manifest)


def test_words_that_stood_in_the_speaking_note_too_go_from_there_as_well() -> None:
    channels = (Channel.BRIEFING_PACK, Channel.SPEECH)
    account = make.covered(*channels, title="Aloud", text="Words that are erased")
    version = issued(account)
    assert json.dumps(version.manifest).count("Words that are erased") == 2

    erase(account)

    version.refresh_from_db()
    assert "Words that are erased" not in json.dumps(version.manifest)


def test_what_an_officer_wrote_just_before_an_account_stays() -> None:
    account = covered()
    version = issued(account)

    erase(account)

    version.refresh_from_db()
    assert "An officer wrote this." in json.dumps(version.manifest)


def test_a_content_warning_goes_with_its_account() -> None:
    words = make.version(make.testimony("Warned"), content_warning="Of that very night")
    consent = make.requested_consent(words.testimony.contributor)
    make.ConsentTestimony.objects.create(consent=consent, testimony=words.testimony)
    make.scope(consent)
    consenting.give(consent)
    make.clearing.clear(words, by=make.user("lead"))
    version = issued(make.Covered(words, consent, {}))
    assert "Of that very night" in json.dumps(version.manifest)

    erasing.erase(consent.contributor)

    version.refresh_from_db()
    assert "Of that very night" not in json.dumps(version.manifest)


def test_a_version_without_that_account_is_left_as_it_is() -> None:
    other = covered("Another account", "Words that stay.")
    version = issued(other)

    erase(covered())

    version.refresh_from_db()
    assert version.erased_at is None
    assert version.content
    assert "Words that stay." in json.dumps(version.manifest)


def test_the_title_of_an_account_that_was_left_out_goes_even_if_it_was_another_then() -> None:
    account, gone = covered(), covered("What it was called then")
    consenting.withdraw(gone.consent)
    version = issued(account, gone)
    assert "What it was called then" in json.dumps(version.manifest)
    run("UPDATE evidence_testimonyversion SET state = 'recalled' WHERE id = %s", gone.version.pk)
    testimony = gone.version.testimony
    testimony.title = "What it is called now"
    testimony.save(update_fields=["title"])

    erase(gone)

    version.refresh_from_db()
    assert "What it was called then" not in json.dumps(version.manifest)
    assert version.manifest["refusals"] == ["An account is left out."]
    assert version.erased_at is None


def test_it_cannot_be_printed_again_and_says_why() -> None:
    account = covered()
    version = issued(account)
    erase(account)
    version.refresh_from_db()

    with pytest.raises(Refused, match=GONE):
        rebuilt(version, "txt")


def test_the_desk_says_so_instead_of_a_document(client) -> None:
    account = covered()
    version = issued(account)
    erase(account)
    client.force_login(User.objects.create_superuser("root"))

    document = client.get(f"/admin/campaigns/packversion/{version.pk}/document/")
    page = client.get(f"/admin/campaigns/packversion/{version.pk}/change/")

    assert document.status_code == 410
    assert document.content.decode().endswith(GONE)
    assert page.status_code == 200
    assert GONE in page.content.decode()


def test_copies_and_uses_stay_and_are_called_back() -> None:
    account = covered()
    version = issued(account)

    erase(account)

    [copy] = version.copies.all()
    use = TestimonyUse.objects.get()
    assert (list(copy.uses.all()), use.recalled_at is None) == ([use], False)
    assert RecallTask.objects.get().use == use


def test_reasons_of_a_jigsaw_review_go() -> None:
    account = covered()
    version = issued(account)
    JigsawReview.objects.create(
        pack=version.pack,
        findings=[],
        fingerprint="0" * 64,
        decision="acceptable",
        reason="Her school is not told.",
        decided_by=make.user("lead"),
    )

    erase(account)

    assert JigsawReview.objects.get().reason == "Erased with an account that it was about."


def test_files_go_with_it_and_none_is_written_again(settings) -> None:
    account = covered()
    issued(account)
    keep_files(settings.PACKS)
    torn = settings.PACKS / ".torn"
    torn.write_text("Words that are erased.")
    os.utime(torn, (time.time() - 600,) * 2)
    erase(account)

    forget(settings.PACKS)
    keep_files(settings.PACKS)

    left = [file for file in settings.PACKS.rglob("*") if file.is_file()]
    assert left
    assert not [file.name for file in left if file.parent.name == "issued"]
    assert not any(b"Words that are erased" in packing.everything_in(f.read_bytes()) for f in left)
    assert not torn.exists()


def test_the_owner_cannot_bring_content_back(settings) -> None:
    account = covered()
    issued(account)
    erase(account)

    with refused_by("pack_version_erased_has_no_content"):
        run_as_owner("UPDATE campaigns_packversion SET content = 'again'")


def test_an_access_request_tells_who_holds_a_copy() -> None:
    account = covered()
    version = issued(account)

    told = disclosing.everything_about(account.consent.contributor)

    [use] = told["testimonies"][0]["uses"]
    assert use["held_by"] == [f"{version}, held by Lord Example"]
    assert use["publication"] == "pack:example-pack"


def test_an_access_request_tells_of_each_copy_its_own_holder() -> None:
    account = covered()
    pack = packing.approved(packing.pack(("case_study", [account.version])))
    members = [packing.member(name) for name in ("Lord Example", "Lady Example")]
    version = issue(pack, to=members, by=make.user("campaign lead"))

    told = disclosing.everything_about(account.consent.contributor)

    uses = told["testimonies"][0]["uses"]
    assert sorted(use["held_by"] for use in uses) == [
        [f"{version}, held by Lady Example"],
        [f"{version}, held by Lord Example"],
    ]


def test_the_record_of_a_version_shows_no_account_that_was_taken_back_meanwhile() -> None:
    account = covered(text="Words that are taken back.")
    version = issued(account)
    consenting.withdraw(account.consent)

    page = client_of(rows.person("officer")).get(address_of(version, "change"))

    said = html.unescape(page.content.decode())
    assert account.version.text not in said
    assert f'"version": "{account.version.pk}"' in said
