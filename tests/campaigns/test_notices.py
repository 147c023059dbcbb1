"""After the issue: what happened to a version is found, told to each who holds it, and closed.

What was answered about an account goes with it: notices_forget_the_erased.
"""

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.utils import timezone

from campaigns import issuing, notices, sending
from campaigns.models import ChangeKind, Notice, NoticeMark, SyncChange, VersionMark, Why
from campaigns.rebuilding import WITHDRAWN, as_sent
from evidence import clearing, consenting, erasing, recalling, review, website
from evidence.models import Channel, Consent, ConsentTestimony, Correction, Outcome, RecallTask
from evidence.refusing import Refused
from tests import factories as make
from tests.campaigns import packing
from tests.campaigns.sending_world import issued, pack, reached
from tests.refusing import refused_by, refused_by_grant, run

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files_of_the_test(settings, tmp_path) -> None:
    settings.PACKS = tmp_path / "packs"


@pytest.fixture
def lead() -> User:
    return make.user("campaign lead")


def drafted() -> list[tuple[str, str]]:
    found = Notice.objects.select_related("copy__member").order_by("copy__member", "drafted_at")
    return [(str(each.copy.member), each.why) for each in found]


def corrected(version) -> Correction:
    figure = version.pack.sections.get(kind="problem").items.get().statistic
    review.edit(figure, by=make.user("officer"))
    figure.value_printed, figure.value = "1,447", 1447
    figure.approved_wording = "Police in Wales recorded 1,447 offences."
    figure.correction_note = "A force sent its count again."
    figure.save()
    packing.approved(figure)
    return Correction.objects.get()


def changed(amendment, kind, before="", after="", *, is_ours=True) -> SyncChange:
    return SyncChange.objects.create(
        bill=amendment.stage.bill,
        stage=amendment.stage,
        amendment=amendment,
        kind=kind,
        before=before,
        after=after,
        is_ours=is_ours,
        raised_at=timezone.now(),
    )


def test_where_nothing_happened_nobody_is_written_to() -> None:
    issued(pack(make.covered()))

    assert (notices.draft(), drafted(), VersionMark.objects.count()) == (0, [], 0)


# Called back


@pytest.mark.parametrize("end", ["withdraw", "erase"])
def test_each_holder_is_asked_to_destroy_it_and_never_told_why(end) -> None:
    account = make.covered(title="An account of hers")
    issued(
        pack(account), reached("Lord One", "1@example.org"), reached("Lady Two", "2@example.org")
    )
    if end == "withdraw":
        consenting.withdraw(account.consent)
    else:
        erasing.erase(account.consent.contributor)

    assert notices.draft() == 2

    assert drafted() == [("Lady Two", Why.RECALL), ("Lord One", Why.RECALL)]
    for notice in Notice.objects.all():
        assert notice.text.startswith("Please destroy your copy of “A voice for children”")
        words = notice.text.lower()
        for telling in ("withdr", "eras", "consent", "account", "testimony", "hers", "one", "two"):
            assert f" {telling}" not in words.replace("tell us when this is done", "").replace(
                "new one", ""
            ).replace("if you need one", "")


def test_it_is_drafted_once_however_often_it_is_looked_for() -> None:
    account = make.covered()
    issued(pack(account))
    consenting.withdraw(account.consent)

    assert [notices.draft(), notices.draft()] == [1, 0]
    assert (Notice.objects.count(), NoticeMark.objects.count()) == (1, 1)


def test_two_accounts_of_one_copy_are_one_message() -> None:
    one, two = make.covered(), make.covered(title="Another account", text="Other words.")
    issued(pack(one, two))
    consenting.withdraw(one.consent)
    notices.draft()
    consenting.withdraw(two.consent)
    notices.draft()

    assert (Notice.objects.count(), NoticeMark.objects.count()) == (1, 2)


def test_asking_answering_and_closing_are_written_to_the_recall(lead) -> None:
    account = make.covered()
    version = issued(pack(account))
    consenting.withdraw(account.consent)
    notices.draft()
    [notice] = Notice.objects.all()

    notices.send(notice, by=lead)
    sending.send_due()

    task = RecallTask.objects.get()
    notice.refresh_from_db()
    assert (task.asked_at is None, task.chase_on) == (False, notice.chase_on)
    assert task.use.outcome == Outcome.ASKED
    [message] = mail.outbox
    assert (message.to, message.attachments) == (["lord@example.org"], [])
    assert message.body == f"Dear Lord Example,\n\n{notice.text}\n"

    notices.reply(notice, "Shredded on Tuesday.")
    with pytest.raises(Refused, match="what became of the copy"):
        notices.close(notice)
    notices.close(notice, Outcome.DESTROYED)

    task = RecallTask.objects.get()
    assert (task.closed_at is None, task.use.outcome) == (False, Outcome.DESTROYED)
    assert version.copies.get().uses.get().outcome == Outcome.DESTROYED
    with pytest.raises(Refused, match="closed"):
        notices.send(notice, by=lead)


def two_who_hold_it(*accounts: make.Covered) -> tuple[Notice, Notice]:
    issued(
        pack(*accounts), reached("Lord One", "1@example.org"), reached("Lady Two", "2@example.org")
    )
    consenting.withdraw(accounts[0].consent)
    notices.draft()
    one, two = Notice.objects.order_by("copy__member__name")
    return one, two


def test_its_words_are_an_officers_until_it_is_sent(lead) -> None:
    one, two = two_who_hold_it(make.covered())
    drafted_text = two.text

    notices.rewrite(one, "  Please burn it. ")
    with pytest.raises(Refused, match="Write what is to be told"):
        notices.rewrite(one, " ")
    notices.send(one, by=lead)
    notices.rewrite(one, "Please destroy it.")
    sending.send_due()
    with pytest.raises(Refused, match="sent already"):
        notices.rewrite(one, "Other words.")
    with pytest.raises(Refused, match="what they answered"):
        notices.reply(one, " ")
    notices.reply(one, " Done. ")

    told = Notice.objects.order_by("copy__member__name").values_list("text", "reply")
    assert list(told) == [("Please destroy it.", "Done."), (drafted_text, "")]
    notices.close(one, Outcome.DESTROYED)
    with pytest.raises(Refused, match="closed"):
        notices.reply(one, "Really.")


def test_what_became_of_one_copy_is_said_of_no_other_and_of_nothing_twice() -> None:
    one, _ = two_who_hold_it(make.covered(), make.covered(title="Another", text="Other words."))
    consenting.withdraw(Consent.objects.exclude(state="withdrawn").get())
    notices.draft()
    said_before = RecallTask.objects.filter(use__copy_use__copy=one.copy_id).first()
    recalling.close(said_before, Outcome.UNREACHABLE)

    notices.close(one, Outcome.DESTROYED)
    with pytest.raises(Refused, match="closed"):
        notices.close(one, Outcome.NO_REPLY)

    tasks = RecallTask.objects.values_list("use__copy_use__copy", "use__outcome", "closed_at")
    told = sorted((copy == one.copy_id, outcome, bool(closed)) for copy, outcome, closed in tasks)
    assert told == [
        (False, "", False),
        (False, "", False),
        (True, Outcome.DESTROYED, True),
        (True, Outcome.UNREACHABLE, True),
    ]


def test_a_recall_is_not_closed_without_an_outcome_though_its_tasks_are() -> None:
    one, _ = two_who_hold_it(make.covered())
    recalling.close(RecallTask.objects.get(use__copy_use__copy=one.copy_id), Outcome.NO_REPLY)

    with pytest.raises(Refused, match="what became of the copy"):
        notices.close(one)
    one.refresh_from_db()
    assert one.closed_at is None


def test_what_leaves_the_website_alone_is_no_recipients_news() -> None:
    account = make.covered(Channel.WEBSITE_FEED)
    website.put_on_website(account.version.testimony)
    issued(pack())
    consenting.withdraw(account.consent)

    assert (notices.draft(), VersionMark.objects.count()) == (0, 0)


def test_a_message_that_still_waits_keeps_nothing_back(lead) -> None:
    """What waits is a notice, not the copy itself, which has left."""
    accounts = make.covered(), make.covered(title="Another", text="Other words.")
    issued(pack(*accounts))
    consenting.withdraw(accounts[0].consent)
    notices.draft()
    notices.send(Notice.objects.get(), by=lead)

    consenting.withdraw(accounts[1].consent)

    assert notices.draft() == 1
    assert NoticeMark.objects.count() == 2


def test_who_did_not_answer_is_asked_once_more(lead) -> None:
    account = make.covered()
    issued(pack(account))
    consenting.withdraw(account.consent)
    notices.draft()
    [notice] = Notice.objects.all()
    notices.send(notice, by=lead)
    with pytest.raises(Refused, match="decide on that first"):
        notices.send(notice, by=lead)
    sending.send_due()

    notices.send(notice, by=lead)
    sending.send_due()

    assert (len(mail.outbox), notice.deliveries.count()) == (2, 2)
    with pytest.raises(Refused, match="sent already"):
        notices.rewrite(notice, "Something else.")
    with refused_by("notice_says_what_was_sent"):
        run("UPDATE campaigns_notice SET text = 'Something else.'")


def test_who_was_never_sent_it_is_not_written_to(lead) -> None:
    account = make.covered()
    version = issued(pack(account), reached(), packing.member("Lady Handed"))
    sending.queue(version, by=lead)
    consenting.withdraw(account.consent)
    sending.send_due()

    notices.draft()

    assert drafted() == [("Lady Handed", Why.RECALL)]


def test_a_version_is_called_back_as_a_whole(lead) -> None:
    version = issued(pack())
    with pytest.raises(Refused, match="Say why"):
        issuing.call_back(version, reason=" ", by=lead)
    issuing.call_back(version, reason="The wrong list.", by=lead)
    with pytest.raises(Refused, match="already"):
        issuing.call_back(version, reason="The wrong list.", by=lead)
    other = issued(version.pack, reached("Lady Two", "2@example.org"))
    assert issuing.call_back(other, reason="The wrong list again.", by=lead).version == other

    notices.draft()

    assert drafted() == [("Lady Two", Why.RECALL), ("Lord Example", Why.RECALL)]
    assert not Notice.objects.filter(text__contains="wrong list").exists()


# Changed


def test_a_correction_says_what_is_right_and_on_which_page() -> None:
    version = issued(pack())
    corrected(version)

    notices.draft()
    notices.draft()

    [notice] = Notice.objects.all()
    assert notice.why == Why.CORRECTION
    assert (
        "- “1,437, Wales, 2016/17” is corrected to “1,447, Wales, 2016/17”. "
        "A force sent its count again. It stands on page 1.\n" in notice.text
    )


def test_a_version_issued_after_the_correction_is_right() -> None:
    of = pack()
    old = issued(of)
    corrected(old)
    from campaigns import gate
    from campaigns.packs import compose

    gate.let_pass(
        compose(type(of).objects.get(pk=of.pk)),
        name="changed since approval",
        reason="It was corrected.",
        by=make.user("campaign lead"),
    )
    new = issued(of, reached("Lady Two", "2@example.org"))

    notices.draft()

    assert not new.marks.exists()
    assert set(old.marks.values_list("why", flat=True)) == {Why.CORRECTION, Why.NEW_VERSION}
    assert drafted() == [("Lord Example", Notice.objects.get().why)]
    assert "Version 2 replaces it: ask us for it at policy@example.org." in (
        Notice.objects.get().text
    )


def test_a_correction_is_told_where_what_rests_on_the_figure_is_printed() -> None:
    """Not where a claim is that rests on others."""
    figures = [packing.figure(*each) for each in (("1,437", 2016), ("2,061", 2021))]
    others = [packing.figure(*each) for each in (("500", 2011), ("600", 2012))]
    claims = [packing.claim(inputs=figures), packing.claim("others", inputs=others)]
    versions = [
        issued(packing.approved(packing.pack(("problem", [each]), slug=each.key)), to)
        for each, to in zip(claims, (reached(), reached("Lady Two", "2@e.org")), strict=True)
    ]
    review.edit(figures[0], by=make.user("officer"))
    figures[0].value_printed, figures[0].value = "1,447", 1447
    figures[0].approved_wording = "Police in Wales recorded 1,447 offences."
    figures[0].correction_note = "A force sent its count again."
    figures[0].save()
    packing.approved(figures[0])

    notices.draft()

    whys = [set(each.marks.values_list("why", flat=True)) for each in versions]
    assert whys == [{Why.CORRECTION}, set()]


@pytest.mark.parametrize(
    ("kind", "before", "after", "told"),
    [
        (ChangeKind.NUMBERED, "", "270A", "numbered, 270A."),
        (ChangeKind.RENUMBERED, "270", "270A", "renumbered, 270 → 270A."),
        (ChangeKind.TEXT_CHANGED, "leave out", "insert", "wording changed."),
        (ChangeKind.DECIDED, "NoDecision", "Agreed", "decided, NoDecision → Agreed."),
        (ChangeKind.GROUPED, "", "Group 4", "grouped, Group 4."),
    ],
)
def test_what_parliament_changed_is_told(kind, before, after, told) -> None:
    draft = packing.own_draft(packing.stage())
    issued(packing.approved(packing.pack(("summary", [packing.ask()]), ("amendment", [draft]))))
    changed(draft, kind, before, after)

    notices.draft()

    [notice] = Notice.objects.all()
    assert f"- {draft}: {told}\n" in notice.text


def test_what_else_parliament_does_is_nobodys_news() -> None:
    draft = packing.own_draft(packing.stage())
    issued(packing.approved(packing.pack(("summary", [packing.ask()]), ("amendment", [draft]))))
    changed(draft, ChangeKind.SPONSORS_CHANGED)
    changed(draft, ChangeKind.NUMBERED, "", "270A", is_ours=False)

    assert notices.draft() == 0


def test_who_holds_the_older_version_is_told_of_the_newer() -> None:
    of, member = pack(), reached()
    issued(of, member)
    issued(of, member)

    notices.draft()

    [notice] = Notice.objects.all()
    assert (notice.why, notice.copy.version.number) == (Why.NEW_VERSION, 1)
    assert "Version 2, which we gave you since, replaces it." in notice.text


def test_who_has_the_newer_version_hears_of_no_change_in_the_older() -> None:
    of, member = pack(), reached()
    old = issued(of, member)
    notices.draft()
    issued(of, member)
    notices.draft()
    corrected(old)

    notices.draft()

    told = NoticeMark.objects.filter(mark__why=Why.CORRECTION)
    assert [each.copy.version.number for each in told] == [2]


def test_a_newer_copy_speaks_for_an_older_of_the_same_pack_in_the_same_hands() -> None:
    of = pack()
    one, two = reached("Lord One", "1@example.org"), reached("Lady Two", "2@example.org")
    old = issued(of, one, two)
    issued(of, one)
    same_ask = of.sections.get(kind="summary").items.get().ask
    another = packing.approved(packing.pack(("summary", [same_ask]), slug="another"))
    for _ in range(2):
        issued(another, two)
    notices.draft()
    corrected(old)

    notices.draft()

    told = NoticeMark.objects.filter(mark__why=Why.CORRECTION).values_list(
        "copy__member__name", "copy__version__pack__slug", "copy__version__number"
    )
    assert sorted(told) == [("Lady Two", "example-pack", 1), ("Lord One", "example-pack", 2)]
    lady = Notice.objects.get(copy__member=two, why=Why.CORRECTION)
    assert "Version 2 replaces it: ask us for it" in lady.text
    lord = Notice.objects.get(copy__member=one, why=Why.CORRECTION)
    assert "There is no newer version yet." in lord.text


def test_what_happened_is_never_changed() -> None:
    account = make.covered()
    issued(pack(account))
    consenting.withdraw(account.consent)
    notices.draft()

    for table in ("campaigns_versionmark", "campaigns_noticemark"):
        with refused_by_grant():
            run(f"DELETE FROM {table}")
    with refused_by_grant():
        run("UPDATE campaigns_versionmark SET told = 'x'")
    with refused_by_grant():
        run("UPDATE campaigns_notice SET copy_id = copy_id")


def test_a_recall_closes_what_waits_for_that_copy_alone(lead) -> None:
    """What was sent stays with its holder, and another copy's news is still theirs to hear."""
    account = make.covered()
    of = pack(account)
    version = issued(of, reached("Lord One", "1@example.org"), reached("Lady Two", "2@example.org"))
    corrected(version)
    notices.draft()
    sent, waits = Notice.objects.order_by("-copy__member__name")
    notices.send(sent, by=lead)
    sending.send_due()
    run(
        "UPDATE evidence_testimonyuse SET recalled_at = now() WHERE id IN (SELECT use_id "
        "FROM campaigns_copyuse WHERE copy_id = %s)",
        sent.copy_id,
    )

    notices.draft()

    found = Notice.objects.order_by("copy__member__name", "drafted_at")
    told = found.values_list("copy__member__name", "why", "outcome")
    assert list(told) == [
        ("Lady Two", Why.CORRECTION, ""),
        ("Lord One", Why.CORRECTION, ""),
        ("Lord One", Why.RECALL, ""),
    ]
    consenting.withdraw(account.consent)
    notices.draft()
    waits.refresh_from_db()
    assert waits.outcome == Outcome.SUPERSEDED


def test_what_was_answered_goes_with_an_erased_account(lead) -> None:
    account = make.covered()
    version = issued(pack(account))
    consenting.withdraw(account.consent)
    notices.draft()
    notice = Notice.objects.get()
    notices.reply(notice, "I know her school.")
    issuing.call_back(version, reason="It names her school.", by=lead)

    erasing.erase(account.consent.contributor)

    notice.refresh_from_db()
    version.recall.refresh_from_db()
    assert notice.reply == ""
    assert version.recall.reason == "Erased with an account that it was about."


# As it was sent


def test_a_version_is_rebuilt_as_it_was_sent_without_what_was_withdrawn() -> None:
    gone = make.covered(text="Words that go back.")
    stays = make.covered(title="Another", text="Words that stay.")
    version = issued(pack(gone, stays))
    assert as_sent(version) == bytes(version.content)

    consenting.withdraw(gone.consent)

    for format in ("pdf", "docx", "html"):
        words = packing.words_of(as_sent(version, format))
        assert "Words that go back" not in words
        assert "Words that stay" in words
        assert WITHDRAWN in words
    assert as_sent(version) == as_sent(version)


def test_a_warning_goes_with_its_account_and_another_versions_accounts_stay() -> None:
    account = make.testimony()
    words = make.version(account, "Words that go back.", content_warning="It tells of harm.")
    clearing.clear(words, by=make.user("lead"))
    consent = make.requested_consent(account.contributor)
    ConsentTestimony.objects.create(consent=consent, testimony=account)
    make.scope(consent)
    consenting.give(consent)
    stays = make.covered(title="Another", text="Words that stay.")
    version = issued(pack(make.Covered(words, consent, {})))
    beside = packing.approved(
        packing.pack(("case_study", [stays.version]), slug="beside", title="Another pack")
    )
    kept = issued(beside, version.copies.get().member)
    assert "It tells of harm." in packing.words_of(as_sent(version))

    consenting.withdraw(consent)

    told = packing.words_of(as_sent(version))
    assert ("It tells of harm." in told, WITHDRAWN in told) == (False, True)
    assert as_sent(kept) == bytes(kept.content)
