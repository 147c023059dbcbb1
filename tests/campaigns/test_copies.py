"""Personalised copies: each greets its reader, is numbered and hashed, and can be made again."""

import hashlib

import pytest
from django.conf import settings as now
from django.core import mail

from campaigns import personal, sending
from campaigns.filing import keep_files
from campaigns.issuing import issue, write_copies
from campaigns.models import Copy, CopyUse, Member, PackVersion
from campaigns.verifying import Answer, answer_for_file
from evidence import consenting
from evidence.refusing import Refused
from tests import factories as make
from tests.campaigns import packing
from tests.campaigns.sending_world import issued, pack, reached
from tests.refusing import refused_by

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files_of_the_test(settings, tmp_path) -> None:
    settings.PACKS = tmp_path / "packs"


def two() -> list[Member]:
    greeted = reached("Lord One", "one@example.org", salutation="Dear Lord One of Somewhere")
    return [greeted, reached("Lady Two", "two@example.org")]


def copies(version: PackVersion) -> list[Copy]:
    return list(version.copies.order_by("number").select_related("version__pack", "member"))


def test_it_is_off_by_itself() -> None:
    [copy] = copies(issued(pack()))

    assert (copy.sha256, copy.salutation, copy.named_as) == ("", "", "")


def test_each_copy_is_its_readers_own_and_hashed_on_its_row_and_its_uses() -> None:
    version = issued(pack(make.covered(), personalised=True), *two())

    one, other = copies(version)
    documents = [personal.bytes_of(copy) for copy in (one, other)]
    words = [packing.words_of(document) for document in documents]
    assert "Dear Lord One of Somewhere," in words[0]
    assert "Dear Lady Two," in words[1]
    assert ("Copy 1" in words[0], "Copy 2" in words[1]) == (True, True)
    assert "Two" not in words[0]
    assert "Lord One" not in words[1]
    for copy, document in zip((one, other), documents, strict=True):
        made = hashlib.sha256(document).hexdigest()
        assert (copy.sha256, copy.uses.get().artefact_sha256) == (made, made)


def test_the_code_leads_to_where_one_may_ask() -> None:
    [copy] = copies(issued(pack(personalised=True)))

    code = personal.code(f"{now.SITE_URL}/verify/{copy.pk}", 1)

    assert str(copy.pk) in code.description
    made = personal.addressed(
        personal.briefing_of(copy.version),
        personal.reader_of(copy),
        verify_at=copy.version.manifest["verify_at"],
    )
    assert made.blocks[-1] == code


def test_what_they_signed_stands_first_for_them_alone() -> None:
    first, second = (
        personal.AmendmentBlock(label=label, lines=(), names=names)
        for label, names in (("1", ("LORD X", "LADY TWO")), ("2", ("LORD ONE",)))
    )
    between = personal.Paragraph(personal.runs("Between."))
    blocks = (first, between, second)

    assert personal._own_first(blocks, "Lord One") == (second, between, first)
    assert personal._own_first(blocks, "Lady Two") == blocks
    assert personal._own_first(blocks, "Lord Nobody") == blocks


def test_the_same_bytes_whenever_it_is_made_again() -> None:
    [copy] = copies(issued(pack(personalised=True)))
    Member.objects.update(name="Lord Renamed")
    again = Copy.objects.select_related("version__pack").get(pk=copy.pk)

    assert hashlib.sha256(personal.bytes_of(again)).hexdigest() == copy.sha256


def test_the_file_and_the_message_are_those_bytes(tmp_path) -> None:
    version = issued(pack(personalised=True), *two())
    files = write_copies(version)
    sending.queue(version, by=make.user("lead"))
    sending.send_due()

    wanted = sorted(copy.sha256 for copy in copies(version))
    assert sorted(hashlib.sha256(each.read_bytes()).hexdigest() for each in files) == wanted
    sent = [message.attachments[0].content for message in mail.outbox]
    assert sorted(hashlib.sha256(each).hexdigest() for each in sent) == wanted
    assert {answer_for_file(each) for each in files} == {Answer.VALID}
    assert not list((now.PACKS / "making").glob("*"))


def test_what_an_earlier_try_made_is_not_made_again(monkeypatch) -> None:
    of, members = pack(personalised=True), two()
    make_one, made = personal._make, []

    def stops_at_the_second(briefing, reader, **options):
        if made:
            raise KeyboardInterrupt
        made.append(make_one(briefing, reader, **options))
        return made[0]

    monkeypatch.setattr(personal, "_make", stops_at_the_second)
    monkeypatch.setattr(personal.os, "cpu_count", lambda: 1)
    with pytest.raises(KeyboardInterrupt):
        issued(of, *members)
    assert not PackVersion.objects.exists()
    [file] = (now.PACKS / "making").glob("*/*.pdf")
    before = file.stat().st_mtime_ns
    monkeypatch.setattr(personal, "_make", make_one)

    version = issued(of, *members)

    assert copies(version)[0].sha256 == made[0]
    assert file.stat().st_mtime_ns == before


def test_a_pack_that_changed_while_its_copies_were_made_is_not_issued(monkeypatch) -> None:
    account = make.covered()
    of = pack(account, personalised=True)
    ahead = personal.make_ahead

    def and_then_withdraw(*args, **options):
        made = ahead(*args, **options)
        consenting.withdraw(account.consent)
        return made

    monkeypatch.setattr(personal, "make_ahead", and_then_withdraw)
    with pytest.raises(Refused, match="changed while its copies were made"):
        issued(of)

    assert not PackVersion.objects.exists()


def test_what_was_made_for_nothing_is_thrown_away() -> None:
    of = pack(personalised=True)
    issued(of)
    left = now.PACKS / "making" / "abandoned"
    left.mkdir(parents=True)
    (left / "x.pdf").write_bytes(b"Words of an account.")

    keep_files(now.PACKS)
    assert left.exists()
    personal.forget_unfinished(now.PACKS, older_than=0)
    assert not left.exists()


def test_a_member_named_twice_has_one_copy_of_their_own() -> None:
    member = reached()

    version = issue(pack(personalised=True), to=[member, member], by=make.user("campaign lead"))

    assert [copy.number for copy in copies(version)] == [1]


def test_two_copies_never_share_a_number() -> None:
    version = issued(pack())

    with refused_by("copy_number_once_in_a_version"):
        Copy.objects.create(
            version=version, member=packing.member("B"), issued_at=version.issued_at, number=1
        )
    with refused_by("copy_of_its_own_is_hashed"):
        Copy.objects.create(
            version=version,
            member=packing.member("C"),
            issued_at=version.issued_at,
            number=2,
            salutation="Dear",
        )


def test_no_copy_leaves_without_a_use_of_each_account_in_it() -> None:
    """As where somebody writes down another holder of a version whose account is withdrawn."""
    covered = make.covered()
    version = issued(pack(covered))
    consenting.withdraw(covered.consent)
    another = make.raw_use(make.covered(title="Another account"), publication="pack:another")

    with refused_by("copy_has_its_uses"):
        copy = Copy.objects.create(
            version=version, member=packing.member("B"), issued_at=version.issued_at
        )
        CopyUse.objects.create(copy=copy, use=another)
    assert version.copies.count() == 1
