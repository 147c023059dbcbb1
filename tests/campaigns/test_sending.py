"""Sending: one recipient a message, at most once, and a person decides what nobody can know."""

import smtplib
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.mail import mailers
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from campaigns import issuing, mail_folder, notices, sending, tasks
from campaigns.models import Copy, Delivery, DeliveryState, Member, MemberContact, Notice
from evidence import consenting, erasing, recalling
from evidence.models import Outcome, RecallTask
from evidence.refusing import Refused
from tests import factories as make
from tests.campaigns import packing
from tests.campaigns.sending_world import issued, outbox, pack, reached
from tests.refusing import refused_by, refused_by_grant, run, run_as_owner, run_past_the_rules

pytestmark = pytest.mark.django_db


class Crash(BaseException):
    """As kill -9: no handler of ours sees it."""


@pytest.fixture(autouse=True)
def files_of_the_test(settings, tmp_path) -> None:
    settings.PACKS = tmp_path / "packs"


@pytest.fixture
def lead() -> User:
    return make.user("campaign lead")


def states() -> list[str]:
    return sorted(Delivery.objects.values_list("state", flat=True))


# Who is told of before


def test_who_cannot_be_reached_is_told_in_a_sentence_each() -> None:
    left = packing.member("Lord Left", is_current=False, left_on="2024-07-05")
    silent = packing.member("Lady Silent")
    MemberContact.objects.create(member=silent, email="", salutation="Dear Lady Silent")
    retired = reached("Lord Retired")
    Member.objects.filter(pk=retired.pk).update(is_current=False)
    retired.refresh_from_db()

    left.refresh_from_db()
    assert sending.out_of_reach([left, silent, retired]) == [
        "Lord Left left the House on 5 July 2024.",
        "Lord Left has no e-mail address: hand the copy over, or write one down.",
        "Lady Silent has no e-mail address: hand the copy over, or write one down.",
        "Lord Retired does not sit now.",
    ]


# What leaves


def test_two_recipients_never_meet(lead) -> None:
    version = issued(
        pack(contact_email="policy@example.org"),
        reached("Lord One", "one@example.org", salutation="Dear Lord One"),
        reached("Lady Two", "two@example.org"),
    )
    sending.queue(version, by=lead)

    assert sending.send_due()

    name = "example-pack-v1.pdf"
    assert sorted(outbox()) == [
        (["one@example.org"], "A voice for children", [name]),
        (["two@example.org"], "A voice for children", [name]),
    ]
    one, two = sorted(mail.outbox, key=lambda message: message.to)
    assert (one.cc, one.bcc, two.cc, two.bcc) == ([], [], [], [])
    for message, own, other in ((one, "One", "Two"), (two, "Two", "One")):
        assert f"Dear L{'ord' if own == 'One' else 'ady'} {own}," in message.body
        whole = message.message().as_string()
        assert other not in message.body
        assert other.lower() not in whole.split("Content-Disposition")[0].lower()


def test_the_body_asks_first_says_where_to_ask_and_carries_the_very_bytes(lead, settings) -> None:
    version = issued(pack())
    sending.queue(version, by=lead)
    sending.send_due()

    [copy], [message] = version.copies.all(), mail.outbox
    assert message.body.startswith("Dear Lord Example,\n\nA voice for children")
    assert "A statutory advocate" in message.body or "Give children a body" in message.body
    assert f"{settings.SITE_URL}/verify/{copy.pk}" in message.body
    assert message.attachments[0].content == bytes(version.content)
    assert message.from_email == settings.PACKS_FROM


def test_no_word_of_an_account_stands_in_a_message(lead) -> None:
    version = issued(pack(make.covered(text="Words of an account.")))
    sending.queue(version, by=lead)
    sending.send_due()

    assert "Words of an account" not in mail.outbox[0].body


def test_a_newer_version_says_which_it_replaces(lead) -> None:
    of, member = pack(), reached()
    issued(of, member)
    sending.queue(issued(of, member), by=lead)
    sending.send_due()

    assert "This is version 2: it replaces version 1." in mail.outbox[0].body


def test_what_replaces_is_told_of_the_same_pack_in_the_same_hands(lead) -> None:
    """Another reader has held an older version of this pack, and this one has of another pack."""
    of, one = pack(), reached("Lord One", "1@example.org")
    same_ask = of.sections.get(kind="summary").items.get().ask
    another = packing.approved(packing.pack(("summary", [same_ask]), slug="another"))
    for each in (another, another):
        issued(each, one)
    issued(of, reached("Lady Two", "2@example.org"))

    sending.queue(issued(of, one), by=lead)
    sending.send_due()

    [message] = mail.outbox
    assert "it replaces" not in message.body


def test_whoever_is_reached_later_is_sent_it_then_and_nobody_twice(lead) -> None:
    silent = packing.member("Lady Silent")
    version = issued(pack(), reached(), silent)
    sending.queue(version, by=lead)
    sending.send_due()
    MemberContact.objects.create(member=silent, email="2@example.org")

    sending.queue(version, by=lead)
    sending.send_due()

    assert [message.to for message in mail.outbox] == [["lord@example.org"], ["2@example.org"]]


def test_who_was_written_to_about_a_copy_can_still_be_sent_it(lead) -> None:
    of, silent = pack(), packing.member("Lady Silent")
    version = issued(of, silent)
    MemberContact.objects.create(member=silent, email="2@example.org")
    issued(of, reached())
    notices.draft()
    sending.queue_notice(Notice.objects.get(), by=lead)
    sending.send_due()

    sending.queue(version, by=lead)
    sending.send_due()

    assert [bool(message.attachments) for message in mail.outbox] == [False, True]


def test_a_copy_is_queued_once_and_sent_once(lead) -> None:
    version = issued(pack())
    sending.queue(version, by=lead)
    with pytest.raises(Refused, match="nobody left"):
        sending.queue(version, by=lead)

    sending.send_due()
    sending.send_due()

    assert (len(mail.outbox), states()) == (1, ["sent"])
    with refused_by("copy_delivery_once"):
        Delivery.objects.create(copy=version.copies.get(), queued_by=lead)


def test_who_has_no_address_is_left_for_a_person(lead) -> None:
    version = issued(pack(), reached(), packing.member("Lady Silent"))

    [queued] = sending.queue(version, by=lead)

    assert queued.copy.member.name == "Lord Example"


# Stops between any two steps


class Server(EmailBackend):
    """A mail server that ends as the test says."""

    ends: list[BaseException] = []
    takes: bool = True

    def send_messages(self, messages):
        taken = super().send_messages(messages) if self.takes else 1
        if self.ends:
            raise self.ends[0]
        return taken


@pytest.fixture
def server(settings, monkeypatch):
    settings.MAILERS = {"default": {"BACKEND": f"{__name__}.Server"}}
    monkeypatch.setattr(type(mailers), "__getitem__", lambda self, alias: Server(alias=alias))
    monkeypatch.setattr(Server, "ends", [])
    monkeypatch.setattr(Server, "takes", True)
    return Server


def queued(lead: User) -> Delivery:
    [delivery] = sending.queue(issued(pack()), by=lead)
    return delivery


def test_a_stop_before_the_claim_loses_nothing(lead, monkeypatch) -> None:
    queued(lead)
    monkeypatch.setattr(sending, "_claim", _crash)
    with pytest.raises(Crash):
        sending.send_due()
    assert (states(), mail.outbox) == (["waiting"], [])

    monkeypatch.undo()
    sending.send_due()
    assert (states(), len(mail.outbox)) == (["sent"], 1)


@pytest.mark.parametrize("step", ["message_of", "_hand_over"])
def test_a_stop_between_claim_and_message_sends_nothing_by_itself(lead, monkeypatch, step) -> None:
    delivery = queued(lead)
    monkeypatch.setattr(sending, step, _crash)
    with pytest.raises(Crash):
        sending.send_due()
    monkeypatch.undo()

    sending.send_due()
    assert (states(), mail.outbox) == (["sending"], [])

    sending.send_again(delivery, by=lead)
    sending.send_due()
    assert (states(), len(mail.outbox)) == (["sent"], 1)


def test_a_stop_after_the_message_never_sends_it_twice(lead, server) -> None:
    delivery = queued(lead)
    server.ends = [Crash()]
    with pytest.raises(Crash):
        sending.send_due()
    server.ends = []

    sending.send_due()
    assert (states(), len(mail.outbox)) == (["sending"], 1)

    sending.was_sent(delivery, by=lead)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.decided_by) == (DeliveryState.SENT, lead)
    sending.send_due()
    assert len(mail.outbox) == 1


def test_a_line_that_breaks_off_is_not_tried_again(lead, server) -> None:
    queued(lead)
    server.ends = [smtplib.SMTPServerDisconnected("gone")]

    sending.send_due()
    server.ends = []
    sending.send_due()

    assert (states(), len(mail.outbox)) == (["sending"], 1)


def test_what_the_server_refuses_was_not_sent_and_says_so(lead, server) -> None:
    delivery = queued(lead)
    server.takes = False
    server.ends = [smtplib.SMTPRecipientsRefused({"lord@example.org": (550, b"no such box")})]

    sending.send_due()

    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.FAILED
    assert "no such box" in delivery.why
    sending.leave_it(delivery, by=lead)
    assert states() == ["withheld"]


@pytest.mark.parametrize(
    "error",
    [ConnectionRefusedError("refused"), smtplib.SMTPAuthenticationError(535, b"who are you")],
)
def test_where_the_server_cannot_be_reached_it_waits_for_the_next_turn(
    lead, server, monkeypatch, caplog, error
) -> None:
    """No task fails for it: one a minute would bury what failed for a reason of its own."""
    queued(lead)

    def unreachable(self):
        raise error

    with monkeypatch.context() as away:
        away.setattr(server, "open", unreachable)
        tasks.send_waiting.call()

    [told] = caplog.messages
    assert told == f"The mail server cannot be reached ({error}); messages that wait: 1"
    assert (states(), DBTaskResult.objects.count()) == (["waiting"], 0)
    tasks.send_waiting.call()
    assert (states(), len(mail.outbox)) == (["sent"], 1)


# After a restore


def test_what_waited_in_a_backup_is_not_sent_without_a_persons_word(lead) -> None:
    """It may have left since: sent again by itself, its reader would have it twice."""
    delivery = queued(lead)

    told = restored()

    assert told.splitlines()[0] == (
        "Messages that waited in this backup and may have left since: 1. "
        "Decide on each at the desk, under Packs, Sent."
    )
    sending.send_due()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.address, mail.outbox) == ("sending", "lord@example.org", [])
    assert delivery.why == "It waited in a backup that was restored: it may have left since then."
    sending.send_again(delivery, by=lead)
    sending.send_due()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.why, len(mail.outbox)) == ("sent", "", 1)


def test_what_waited_without_an_address_is_left_for_a_person(lead) -> None:
    delivery = queued(lead)
    MemberContact.objects.update(email="")

    restored()

    MemberContact.objects.update(email="lord@example.org")
    sending.send_due()
    delivery.refresh_from_db()
    assert (delivery.state, mail.outbox) == ("withheld", [])


def test_what_an_embargo_still_holds_cannot_have_left(lead) -> None:
    queued(lead)
    run_as_owner("UPDATE campaigns_delivery SET not_before = now() + interval '1 day'")

    told = restored()

    assert (states(), "waited" in told) == (["waiting"], False)


def restored() -> str:
    out = StringIO()
    call_command("replay_ledgers", stdout=out)
    return out.getvalue()


# What is not sent any more


@pytest.mark.parametrize("end", ["withdraw", "erase"])
def test_what_was_called_back_while_it_waited_is_withheld(lead, end) -> None:
    account = make.covered()
    sending.queue(issued(pack(account)), by=lead)
    if end == "withdraw":
        consenting.withdraw(account.consent)
    else:
        erasing.erase(account.consent.contributor)

    sending.send_due()

    [delivery] = Delivery.objects.all()
    assert (delivery.state, mail.outbox) == (DeliveryState.WITHHELD, [])
    assert delivery.why == "The copy was called back before this was sent."
    assert RecallTask.objects.count() == 1


def test_what_is_called_back_while_its_message_is_made_does_not_leave(lead, monkeypatch) -> None:
    account = make.covered()
    sending.queue(issued(pack(account)), by=lead)
    made = sending.message_of

    def withdrawn_meanwhile(delivery):
        message = made(delivery)
        consenting.withdraw(account.consent)
        return message

    monkeypatch.setattr(sending, "message_of", withdrawn_meanwhile)
    sending.send_due()

    [delivery] = Delivery.objects.all()
    assert (delivery.state, mail.outbox) == (DeliveryState.FAILED, [])
    assert delivery.why == "The copy was called back before this was sent."


def test_what_was_called_back_of_one_reader_is_sent_to_the_other(lead) -> None:
    account = make.covered()
    first = issued(pack(account), reached("Lord One", "1@example.org"))
    sending.queue(first, by=lead)
    consenting.withdraw(account.consent)
    again = issued(first.pack, reached("Lady Two", "2@example.org"))
    sending.queue(again, by=lead)

    sending.send_due()

    assert states() == ["sent", "withheld"]
    assert [message.to for message in mail.outbox] == [["2@example.org"]]


def test_a_document_that_was_changed_since_its_issue_does_not_leave(lead) -> None:
    version = issued(pack())
    sending.queue(version, by=lead)
    run_past_the_rules(
        "campaigns_packversion",
        "UPDATE campaigns_packversion SET content = content || 'x' WHERE id = %s",
        version.pk,
    )

    sending.send_due()

    [delivery] = Delivery.objects.all()
    assert (delivery.state, mail.outbox) == (DeliveryState.FAILED, [])
    assert delivery.why == "Its document is not the one that was issued."


def test_a_notice_is_sent_where_its_own_reader_has_an_address(lead) -> None:
    version = issued(pack(), reached(), packing.member("Lady Silent"))
    issuing.call_back(version, reason="The wrong list.", by=lead)
    notices.draft()
    reached_one, silent = Notice.objects.order_by("-copy__member__name")
    MemberContact.objects.create(member=silent.copy.member, email="")

    with pytest.raises(Refused, match="Lady Silent has no e-mail address: write one down first"):
        sending.queue_notice(silent, by=lead)
    assert sending.queue_notice(reached_one, by=lead).copy == reached_one.copy


def test_asking_for_a_copy_is_written_to_its_own_recalls_alone(lead) -> None:
    accounts = make.covered(), make.covered(title="Another", text="Other words.")
    issued(
        pack(*accounts), reached("Lord One", "1@example.org"), reached("Lady Two", "2@example.org")
    )
    for account in accounts:
        consenting.withdraw(account.consent)
    notices.draft()
    notice = Notice.objects.get(copy__member__name="Lord One")
    closed, asked = RecallTask.objects.filter(use__copy_use__copy=notice.copy_id)
    recalling.close(closed, Outcome.UNREACHABLE)

    for _ in range(2):
        sending.queue_notice(notice, by=lead)
        sending.send_due()

    told = {task.pk: (bool(task.asked_at), task.use.outcome) for task in RecallTask.objects.all()}
    assert told.pop(closed.pk) == (False, Outcome.UNREACHABLE)
    assert told.pop(asked.pk) == (True, Outcome.ASKED)
    assert list(told.values()) == [(False, ""), (False, "")]


def test_a_recall_is_asked_for_again_by_the_day_that_its_last_message_gave(lead) -> None:
    account = make.covered()
    issued(pack(account))
    consenting.withdraw(account.consent)
    notices.draft()
    notice = Notice.objects.get()
    sending.queue_notice(notice, by=lead)
    sending.send_due()
    recalling.chase_again(RecallTask.objects.get(), on=packing.day(1))

    sending.queue_notice(notice, by=lead)
    sending.send_due()

    notice.refresh_from_db()
    due = recalling.working_days_after(timezone.localdate(), recalling.DAYS_TO_ANSWER)
    assert (notice.chase_on, RecallTask.objects.get().chase_on) == (due, due)


def test_nothing_is_decided_twice(lead) -> None:
    delivery = queued(lead)
    for act in (sending.send_again, sending.was_sent, sending.leave_it):
        with pytest.raises(Refused, match="nothing to decide"):
            act(delivery, by=lead)


# The database's own rules


def test_a_delivery_goes_back_by_a_person_alone(lead) -> None:
    delivery = queued(lead)
    with refused_by("copy_delivery_begins_by_waiting"):
        Delivery.objects.create(copy=delivery.copy, turn=2, state="sent", queued_by=lead)
    run(
        "UPDATE campaigns_delivery SET state = 'sending', address = 'a@example.org', "
        "began_at = now()"
    )

    with refused_by("copy_delivery_moves_once"):
        run("UPDATE campaigns_delivery SET state = 'waiting'")
    run("UPDATE campaigns_delivery SET state = 'sent', ended_at = now()")
    with refused_by("copy_delivery_moves_once"):
        run(
            "UPDATE campaigns_delivery SET state = 'waiting', decided_at = now(), "
            "decided_by_id = queued_by_id"
        )
    with refused_by_grant():
        run("DELETE FROM campaigns_delivery")
    with refused_by_grant():
        run("UPDATE campaigns_delivery SET copy_id = copy_id")
    with refused_by_grant():
        run("DELETE FROM campaigns_deliveryevent")


def test_every_step_is_kept(lead) -> None:
    delivery = queued(lead)
    sending.send_due()

    events = delivery.events.order_by("pgh_id").values_list("state", flat=True)
    assert list(events) == ["waiting", "sending", "sent"]


def test_mail_that_may_not_leave_lies_in_a_file_each(tmp_path) -> None:
    folder = mail_folder.MailFolder(file_path=str(tmp_path / "mail"), alias="default")
    messages = [mail.EmailMessage("Hello", "Body", to=[f"{n}@example.org"]) for n in range(3)]

    assert folder.send_messages(messages) == 3

    files = [file.read_text() for file in (tmp_path / "mail").glob("*.eml")]
    assert sorted(text.count("@example.org") for text in files)
    assert len(files) == 3
    assert all(sum(f"To: {n}@example.org" in text for n in range(3)) == 1 for text in files)


def test_copies_of_a_version_are_numbered() -> None:
    version = issued(pack(), reached("Lord One"), reached("Lady Two"))

    numbered = Copy.objects.filter(version=version).order_by("number")
    assert [(each.number, str(each.member)) for each in numbered] == [
        (1, "Lord One"),
        (2, "Lady Two"),
    ]


def _crash(*_args, **_options):
    raise Crash
