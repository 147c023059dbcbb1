"""Is this copy still good? A stranger asks, and learns one of five words and nothing beside it."""

import uuid

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from campaigns import issuing
from campaigns.manifests import is_signed, rebuilt
from campaigns.models import Copy, PackFormat, PackVersion
from campaigns.verifying import Answer, answer_for_copy, answer_for_file
from evidence import consenting, erasing
from evidence.models import Channel, ConsentTestimony
from tests import factories as make
from tests.campaigns import packing
from tests.campaigns.sending_world import issued, pack, reached
from tests.refusing import run_as_owner, run_past_the_rules

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files_of_the_test(settings, tmp_path) -> None:
    settings.PACKS = tmp_path / "packs"


def five() -> dict[Answer, str]:
    """One copy of each kind."""
    gone = make.covered(title="Gone")
    of, member = pack(gone), reached()
    recalled = issued(of, member).copies.get()
    consenting.withdraw(gone.consent)
    old, new = issued(of, member).copies.get(), issued(of, member).copies.get()
    over = issued(of, reached("Lady Two", "2@example.org")).copies.get()
    run_as_owner(
        "UPDATE campaigns_packversion SET not_after = now() WHERE id = %s", over.version_id
    )
    _sign_again(over.version_id)
    return {
        Answer.RECALLED: str(recalled.pk),
        Answer.SUPERSEDED: str(old.pk),
        Answer.VALID: str(new.pk),
        Answer.EXPIRED: str(over.pk),
        Answer.UNKNOWN: str(uuid.uuid4()),
    }


def _sign_again(version: uuid.UUID) -> None:
    """As it would have been issued with that end."""
    import json

    from campaigns import manifests

    of = PackVersion.objects.get(pk=version)
    told = {**of.manifest, "not_after": of.not_after.isoformat() if of.not_after else None}
    told["signature"] = manifests._signature(told)
    run_as_owner(
        "UPDATE campaigns_packversion SET manifest = %s WHERE id = %s", json.dumps(told), version
    )


def answer(copy: str, accept: str = "application/json") -> object:
    return Client().get(f"/verify/{copy}", headers={"accept": accept}).json()["answer"]


def test_a_stranger_learns_one_word() -> None:
    copies = five()

    assert {kind: answer(copy) for kind, copy in copies.items()} == {
        kind: kind.value for kind in copies
    }


def test_the_pages_differ_in_that_word_and_in_nothing_else() -> None:
    copies = five()

    pages = {kind: Client().get(f"/verify/{copy}") for kind, copy in copies.items()}

    alike = {
        (page.status_code, page.content.decode().replace(kind.ljust(10), "WORD"))
        for kind, page in pages.items()
    }
    headers = {tuple(sorted(page.headers.items())) for page in pages.values()}
    assert (len(alike), len(headers)) == (1, 1)
    [(status, page)] = alike
    assert status == 200
    for telling in ("voice", "children", "Example", "Lady", "Attest", "charity", "pack"):
        assert telling not in page
    [told] = headers
    assert dict(told)["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in dict(told)


def test_each_answer_takes_as_many_queries(django_assert_num_queries) -> None:
    copies = {**five(), "malformed": "../../etc/passwd", "long": "9" * 5000}

    for copy in copies.values():
        with django_assert_num_queries(1):
            Client().get(f"/verify/{copy}")


@pytest.mark.parametrize(
    "written", ["x", "1", "a/b", "%00", "’", "0" * 32, "{00000000-0000-0000-0000-000000000000}"]
)
def test_what_is_no_copy_is_unknown(written) -> None:
    answer = Client().get(f"/verify/{written}", headers={"accept": "application/json"})

    assert (answer.status_code, answer.json()) == (200, {"answer": "unknown"})


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_it_is_asked_and_nothing_else(method) -> None:
    assert getattr(Client(), method)(f"/verify/{uuid.uuid4()}").status_code == 405


def test_a_consent_that_ended_by_itself_makes_it_expired() -> None:
    account = make.covered()
    copy = issued(pack(account)).copies.get()
    assert answer_for_copy(str(copy.pk)) == Answer.VALID

    run_past_the_rules(
        "evidence_consent",
        "UPDATE evidence_consent SET review_due = lower(validity)::date, "
        "validity = tstzrange(lower(validity), now() - interval '2 days')",
    )

    assert answer_for_copy(str(copy.pk)) == Answer.EXPIRED
    later = make.requested_consent(
        account.consent.contributor, validity=(make.moment(-1), make.moment(300))
    )
    ConsentTestimony.objects.create(consent=later, testimony=account.version.testimony)
    make.scope(later, Channel.WEBSITE_FEED)
    consenting.give(later)
    assert answer_for_copy(str(copy.pk)) == Answer.EXPIRED


def test_a_renewed_consent_keeps_it_valid() -> None:
    account = make.covered()
    copy = issued(pack(account)).copies.get()
    consenting.give(make.renewal(account))

    assert answer_for_copy(str(copy.pk)) in {Answer.VALID, Answer.RECALLED}


def test_what_was_erased_stays_called_back() -> None:
    account = make.covered()
    version = issued(pack(account))
    copy = version.copies.get()

    erasing.erase(account.consent.contributor)

    version.refresh_from_db()
    assert answer_for_copy(str(copy.pk)) == Answer.RECALLED
    assert is_signed(version)


def test_what_became_of_another_account_is_not_said_of_this_copy() -> None:
    mine, other = make.covered(), make.covered(title="Another", text="Other words.")
    member = reached()
    this = issued(pack(mine), member).copies.get()
    of_other = packing.approved(packing.pack(("case_study", [other.version]), slug="another"))
    that, newer = (issued(of_other, member).copies.get() for _ in range(2))

    assert answers(this, that, newer) == [Answer.VALID, Answer.SUPERSEDED, Answer.VALID]
    issuing.call_back(that.version, reason="The wrong list.", by=make.user("lead"))
    assert answers(this, that, newer) == [Answer.VALID, Answer.RECALLED, Answer.VALID]
    run_past_the_rules(
        "evidence_consent",
        "UPDATE evidence_consent SET validity = tstzrange(lower(validity), now()), "
        "review_due = lower(validity)::date + 1 WHERE record_id = %s",
        mine.consent.pk,
    )
    assert answers(this, that, newer) == [Answer.EXPIRED, Answer.RECALLED, Answer.VALID]


def answers(*copies: Copy) -> list[Answer]:
    return [answer_for_copy(str(copy.pk)) for copy in copies]


def test_a_version_called_back_as_a_whole_is_recalled() -> None:
    version = issued(pack())
    issuing.call_back(version, reason="The wrong list.", by=make.user("lead"))

    assert answer_for_copy(str(version.copies.get().pk)) == Answer.RECALLED


def test_who_was_not_given_the_newer_version_holds_a_valid_one() -> None:
    of = pack()
    old = issued(of, reached()).copies.get()
    issued(of, reached("Lady Two", "2@example.org"))

    assert answer_for_copy(str(old.pk)) == Answer.VALID


# A file


@pytest.mark.parametrize("format", PackFormat.values)
def test_a_file_is_known_in_every_format(tmp_path, capsys, format) -> None:
    version = issued(pack())
    file = tmp_path / "received"
    file.write_bytes(rebuilt(version, format))

    call_command("verify_pack", str(file))

    assert capsys.readouterr().out == "valid\n"


def test_a_changed_file_is_unknown(tmp_path) -> None:
    file = tmp_path / "received.pdf"
    file.write_bytes(bytes(issued(pack()).content) + b"\n")

    assert answer_for_file(file) == Answer.UNKNOWN


def test_of_several_copies_with_the_same_bytes_the_gravest_answer_holds(tmp_path) -> None:
    of, one, two = pack(), reached("Lord One", "1@example.org"), packing.member("Lady Two")
    version = issued(of, one, two)
    file = tmp_path / "received.pdf"
    file.write_bytes(bytes(version.content))
    assert answer_for_file(file) == Answer.VALID

    issued(of, one)

    assert answer_for_file(file) == Answer.SUPERSEDED


def test_a_file_that_is_not_there_is_refused(tmp_path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("verify_pack", str(tmp_path / "nothing"))


# The signature


@pytest.mark.parametrize(
    "change",
    [
        """manifest = jsonb_set(manifest, '{documents,pdf}', to_jsonb(repeat('0', 64)))""",
        """manifest = manifest - 'signature'""",
        """manifest = jsonb_set(manifest, '{signature,value}', '"00"')""",
        """manifest = jsonb_set(manifest, '{signature,value}', '7')""",
        """manifest = jsonb_set(manifest, '{signature}', '"x"')""",
        """manifest = jsonb_set(manifest, '{consents}', '["another"]')""",
        """number = 7""",
        """sha256 = repeat('0', 64)""",
        """not_after = now() + interval '1 day'""",
    ],
)
def test_what_was_changed_behind_our_back_is_vouched_for_by_nobody(change) -> None:
    copy = issued(pack()).copies.get()

    run_as_owner(f"UPDATE campaigns_packversion SET {change}")

    assert answer_for_copy(str(copy.pk)) == Answer.UNKNOWN


def test_an_earlier_key_still_vouches_where_it_is_named(settings) -> None:
    version = issued(pack())
    key = version.manifest["signature"]["key"]
    settings.PACK_SIGNING_KEY = "11" * 32
    assert not is_signed(version)

    settings.PACK_SIGNED_BEFORE = [key]

    assert is_signed(version)
