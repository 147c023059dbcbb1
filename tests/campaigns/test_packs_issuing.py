"""Issuing: whole or not at all, every account in every copy a use, and nothing changed after."""

import hashlib

import pytest
from django.conf import settings
from django.utils import timezone

from campaigns import issuing
from campaigns.issuing import find_members, issue
from campaigns.manifests import fingerprint, rebuilt
from campaigns.models import Copy, CopyUse, PackFormat, PackVersion
from evidence import consenting, review
from evidence.models import (
    Channel,
    Claim,
    Decision,
    RecallTask,
    RestrictedAccount,
    TestimonyUse,
    Verdict,
)
from evidence.refusing import Refused
from tests import factories as make
from tests.campaigns import packing
from tests.refusing import refused_by_grant, run

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files_of_the_test(settings, tmp_path) -> None:
    settings.PACKS = tmp_path / "packs"


def pack_with(*versions, **fields):
    figures = [packing.figure("1,437", 2016), packing.figure("2,061", 2021)]
    sections = (("problem", figures), ("case_study", versions))
    return packing.approved(packing.pack(*sections, **fields))


def issued(pack, *members) -> PackVersion:
    members = members or (packing.member(),)
    return issue(pack, to=members, by=make.user("campaign lead"))


def nothing_is_issued() -> bool:
    return not any(each.objects.exists() for each in (PackVersion, Copy, CopyUse, TestimonyUse))


# What is refused


@pytest.mark.parametrize("move", [None, review.submit])
def test_a_pack_that_nobody_else_approved_is_not_issued(move) -> None:
    pack = packing.pack(("problem", [packing.figure()]))
    if move:
        move(pack, by=make.user("officer"))

    with pytest.raises(Refused, match="a second person has to approve it first"):
        issued(pack)

    assert nothing_is_issued()


def test_the_approval_of_now_counts_not_the_one_in_memory() -> None:
    pack = pack_with()
    review.edit(type(pack).objects.get(pk=pack.pk), by=make.user("officer"))

    with pytest.raises(Refused, match="is draft"):
        issued(pack)


def test_a_hard_stop_issues_nothing() -> None:
    claim = packing.claim(inputs=[packing.figure()])
    pack = packing.approved(packing.pack(("problem", [claim])))
    Claim.objects.filter(pk=claim.pk).update(verdict=Verdict.INCONSISTENT, reason="It is 12%.")

    with pytest.raises(Refused, match=r"is inconsistent: It is 12%\."):
        issued(pack)

    assert nothing_is_issued()


def test_text_that_cannot_be_printed_issues_nothing() -> None:
    pack = pack_with(about_us="Ring us \U0001f4de.")

    with pytest.raises(Refused, match="TELEPHONE RECEIVER"):
        issued(pack)

    assert nothing_is_issued()


def test_nothing_is_issued_to_nobody() -> None:
    with pytest.raises(Refused, match="at least one member"):
        issue(pack_with(), to=[], by=make.user("lead"))


def test_one_refused_use_takes_everything_back(monkeypatch) -> None:
    """A withdrawal that commits between composing and the second copy's use."""
    covered = make.covered()
    pack = pack_with(covered.version)
    record = issuing.record_use

    def and_then_withdraw(*args, **options):
        use = record(*args, **options)
        consenting.withdraw(covered.consent)
        return use

    monkeypatch.setattr(issuing, "record_use", and_then_withdraw)
    with pytest.raises(Refused, match="is withdrawn"):
        issued(pack, packing.member("Lord One"), packing.member("Lady Two"))

    assert nothing_is_issued()
    assert not RecallTask.objects.exists()


def test_a_pack_does_not_say_read_it_aloud_when_that_was_withdrawn_meanwhile(monkeypatch) -> None:
    covered = make.covered(Channel.BRIEFING_PACK, Channel.SPEECH)
    pack = pack_with(covered.version)
    record = issuing.record_use

    def and_then_narrow(*args, **options):
        make.scope(covered.consent, Channel.SPEECH, decision=Decision.DENY)
        return record(*args, **options)

    monkeypatch.setattr(issuing, "record_use", and_then_narrow)
    with pytest.raises(Refused, match="narrowed just now"):
        issued(pack)

    assert nothing_is_issued()


@pytest.mark.parametrize("name", ["Lord Nobody", "4711", "Lord Exam%", ""])
def test_a_member_is_never_guessed_at(name) -> None:
    packing.member(parliament_id=471)

    with pytest.raises(Refused, match=f"There is no member “{name}”"):
        find_members(["Lord Example", name])


def test_members_are_found_by_name_and_by_their_id_in_parliament() -> None:
    one, two = packing.member("Lord One", parliament_id=471), packing.member("Lady Two")

    assert find_members(["lady two", "471"]) == [two, one]


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("campaigns_packversion", "sha256 = repeat('0', 64)"),
        ("campaigns_packversion", "manifest = '{}'"),
        ("campaigns_copy", "issued_at = now()"),
        ("campaigns_copyuse", "use_id = use_id"),
    ],
)
def test_what_was_issued_is_neither_changed_nor_deleted(table, change) -> None:
    issued(pack_with(make.covered().version))

    with refused_by_grant():
        run(f"UPDATE {table} SET {change}")
    with refused_by_grant():
        run(f"DELETE FROM {table}")


# What is written


def test_each_account_in_each_copy_is_a_use_of_those_very_bytes() -> None:
    covered = make.covered()
    version = issued(pack_with(covered.version), packing.member("A"), packing.member("B"))

    assert version.copies.count() == 2
    for copy in version.copies.all():
        [use] = copy.uses.all()
        assert (use.version, use.consent, use.scope) == (
            covered.version,
            covered.consent,
            covered.scopes[Channel.BRIEFING_PACK],
        )
        assert (use.used_on, use.artefact_sha256) == (version.used_on, version.sha256)
    assert hashlib.sha256(bytes(version.content)).hexdigest() == version.sha256


def test_an_account_printed_twice_in_a_copy_is_one_use() -> None:
    words = make.covered().version
    pack = packing.pack(("problem", [words]), ("case_study", [words]))

    [copy] = issued(packing.approved(pack)).copies.all()

    assert copy.uses.count() == 1


def test_a_member_named_twice_holds_one_copy() -> None:
    member = packing.member()

    assert issued(pack_with(), member, member).copies.count() == 1


def test_the_manifest_names_what_the_version_rests_on() -> None:
    covered = make.covered(text="One day.")
    gone = make.covered(title="Another account")
    consenting.withdraw(gone.consent)
    pack = pack_with(covered.version, gone.version)
    [figure, *_] = pack.sections.get(kind="problem").items.order_by("position")
    account = RestrictedAccount.objects.create(source=figure.statistic.source)

    version = issued(pack)

    manifest = version.manifest
    [testimony] = manifest["testimonies"]
    item = next(each for each in manifest["items"] if each["id"] == str(figure.statistic_id))
    assert item == {
        "kind": "statistic",
        "id": str(figure.statistic_id),
        "sha256": fingerprint(figure.statistic),
    }
    assert testimony["sha256"] == hashlib.sha256(b"One day.").hexdigest()
    assert manifest["consents"] == [str(covered.consent.pk)]
    assert manifest["documents"]["pdf"] == version.sha256
    assert manifest["approved_by"] == make.user("lead").pk
    assert [each.split(" is left out")[0] for each in manifest["refusals"]] == [
        "Testimony “Another account, version 1”",
        str(account).capitalize().replace("a personal", "A personal"),
    ]


def test_a_fingerprint_outlives_a_review_and_not_an_edit() -> None:
    figure = packing.figure()
    before = fingerprint(figure)

    review.edit(figure, by=make.user("officer"))
    assert fingerprint(figure) == before
    figure.caveat = "Since corrected."
    assert fingerprint(figure) != before


def test_the_same_manifest_makes_the_same_bytes_in_every_format() -> None:
    pack = pack_with(make.covered().version)
    version = issued(pack)
    review.edit(pack, by=make.user("officer"))
    type(pack).objects.update(title="Edited since", updated_at=make.moment(-3))
    stored = PackVersion.objects.get(pk=version.pk)

    assert rebuilt(stored, PackFormat.PDF) == bytes(stored.content)
    for format in PackFormat:
        again = hashlib.sha256(rebuilt(stored, format)).hexdigest()
        assert again == stored.manifest["documents"][format]


def test_an_issued_pack_is_labelled_with_its_version_and_not_as_a_preview() -> None:
    pack = pack_with()

    first, second = issued(pack), issued(pack, packing.member("Lady Two"))

    assert (first.number, second.number) == (1, 2)
    words = packing.words_of(bytes(second.content))
    day = timezone.localdate()
    assert f"Version 2, issued {day:%-d %B %Y}" in words
    assert "PREVIEW" not in words.upper()


# What comes after


def test_a_withdrawal_calls_back_every_copy_that_holds_the_account() -> None:
    covered, other = make.covered(), make.covered(title="Another account")
    pack = pack_with(covered.version, other.version)
    version = issued(pack, packing.member("Lord One"), packing.member("Lady Two"))

    consenting.withdraw(covered.consent)

    tasks = RecallTask.objects.all()
    assert {task.use.copy_use.copy for task in tasks} == set(version.copies.all())
    assert {task.use.version for task in tasks} == {covered.version}
    assert issued(pack, packing.member("Lady Three")).manifest["consents"] == [
        str(other.consent.pk)
    ]


def test_the_files_are_written_only_once_the_issue_is_committed(
    django_capture_on_commit_callbacks,
) -> None:
    pack, member = pack_with(), packing.member("Lord O'Example")
    folder = settings.PACKS / "issued"

    with django_capture_on_commit_callbacks() as callbacks:
        version = issued(pack, member)
        assert not folder.exists()
    [write] = callbacks
    write()

    [file] = folder.iterdir()
    [copy] = version.copies.all()
    assert file.name == f"example-pack-v1-lord-oexample-{copy.pk.hex[:8]}.pdf"
    assert file.read_bytes() == bytes(version.content)
