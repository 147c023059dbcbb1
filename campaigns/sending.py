"""Sending by e-mail: one recipient a message, and each message at most once.

A delivery is committed as `sending`, then its message leaves, then it is committed as `sent`. What
a stop leaves in between nobody can know, so that a person decides.
"""

import logging
import time
from collections.abc import Iterable
from email.utils import parseaddr
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage, mailers
from django.db import transaction
from django.utils import timezone

from campaigns import personal
from campaigns.manifests import rebuilt, sha256
from campaigns.models import (
    Copy,
    Delivery,
    DeliveryState,
    Member,
    MemberContact,
    Notice,
    Pack,
    PackFormat,
    PackVersion,
    Why,
)
from campaigns.models.packs import in_words
from evidence import recalling
from evidence.models import RecallTask
from evidence.refusing import Refused
from evidence.replaying import after_restore

logger = logging.getLogger(__name__)

# After these the server has said that it did not take the message; after anything else who knows.
DEFINITE = (SMTPRecipientsRefused, SMTPSenderRefused, SMTPDataError)
DOUBTED = "It waited in a backup that was restored: it may have left since then."
TURN = 40  # seconds of sending before whatever else waits has its turn


def out_of_reach(members: Iterable[Member]) -> list[str]:
    """A sentence for each who cannot be sent anything, or who perhaps should not be."""
    members = list(members)
    reached = MemberContact.objects.filter(member__in=members).exclude(email="")
    known = set(reached.values_list("member", flat=True))
    told = []
    for member in members:
        if member.left_on:
            told.append(f"{member} left the House on {member.left_on:%-d %B %Y}.")
        elif member.is_current is False:
            told.append(f"{member} does not sit now.")
        if member.pk not in known:
            told.append(f"{member} has no e-mail address: hand the copy over, or write one down.")
    return told


@transaction.atomic
def queue(version: PackVersion, *, by: User) -> list[Delivery]:
    """Every copy of it that is still good, to whom it can be sent; each once, by the worker."""
    Pack.objects.select_for_update(of=("self",)).get(pk=version.pack_id)
    if reason := _over(version):
        raise Refused(reason)
    copies = version.copies.held().exclude(deliveries__notice=None, deliveries__isnull=False)
    reached = copies.filter(member__contact__email__gt="")
    queued = [
        Delivery.objects.create(copy=copy, not_before=version.not_before, queued_by=by)
        for copy in reached.select_related("member")
    ]
    if not queued:
        raise Refused("There is nobody left to send it to.")
    return queued


@transaction.atomic
def queue_notice(notice: Notice, *, by: User) -> Delivery:
    """The first time, or once more where nothing was heard."""
    if Notice.objects.select_for_update().get(pk=notice.pk).closed_at:
        raise Refused("The notice is closed.")
    if not MemberContact.objects.filter(member=notice.copy.member).exclude(email="").exists():
        raise Refused(f"{notice.copy.member} has no e-mail address: write one down first.")
    latest = notice.deliveries.order_by("turn").last()
    if latest and latest.state != DeliveryState.SENT:
        raise Refused("The last message is not known to have been sent: decide on that first.")
    turn = latest.turn + 1 if latest else 1
    return Delivery.objects.create(copy=notice.copy, notice=notice, turn=turn, queued_by=by)


def send_due(*, seconds: float = TURN) -> bool:
    """Send what may be sent now; False where the turn was over before the queue was empty."""
    began = time.monotonic()
    while send_next():
        if time.monotonic() - began > seconds:
            return False
    return True


def send_next() -> bool:
    """One message; False where none waits, or none can leave now.

    The mail server is called first: where it cannot be reached nothing is claimed, and the next
    turn asks it again.
    """
    if not Delivery.objects.due().exists():
        return False
    mailer = mailers.default
    try:
        mailer.open()
    except OSError as error:  # whatever SMTP says is one too
        waiting = Delivery.objects.due().count()
        logger.error(
            "The mail server cannot be reached (%s); messages that wait: %d", error, waiting
        )
        return False
    try:
        delivery = _claim()
        if delivery and delivery.state == DeliveryState.SENDING:
            _hand_over(delivery, mailer)
    finally:
        mailer.close()
    return delivery is not None


@transaction.atomic
def send_again(delivery: Delivery, *, by: User) -> None:
    """A person's decision that it did not leave, or that twice is better than not at all."""
    states = (DeliveryState.SENDING, DeliveryState.FAILED, DeliveryState.WITHHELD)
    current = _undecided(delivery, states, by)
    current.state = DeliveryState.WAITING
    current.why, current.ended_at = "", None
    _save(current)


@transaction.atomic
def was_sent(delivery: Delivery, *, by: User) -> None:
    """A person found it in the mail server's log, or was told that it came."""
    _end(_undecided(delivery, (DeliveryState.SENDING,), by), DeliveryState.SENT)


@transaction.atomic
def leave_it(delivery: Delivery, *, by: User) -> None:
    """It is not sent, and nobody is to be asked about it again."""
    states = (DeliveryState.SENDING, DeliveryState.FAILED)
    current = _undecided(delivery, states, by)
    _end(current, DeliveryState.WITHHELD, why="It was decided not to send it.")


@after_restore
def doubt_waiting() -> list[str]:
    """What waits in a backup may have left since, so that a person decides.

    As a message whose fate nobody knows: its copy counts as held, and a recall is told of. Without
    an address that can be put down it is withheld. What an embargo still holds has not left.
    """
    due = Delivery.objects.due().select_for_update(of=("self",)).select_related("copy__member")
    doubted = list(due)
    for delivery in doubted:
        delivery.address = _address_of(delivery)
        if delivery.address:
            delivery.state, delivery.began_at = DeliveryState.SENDING, timezone.now()
            delivery.why = DOUBTED
            _save(delivery)
        else:
            _end(delivery, DeliveryState.WITHHELD, why=DOUBTED)
    if not doubted:
        return []
    return [
        f"Messages that waited in this backup and may have left since: {len(doubted)}. "
        "Decide on each at the desk, under Packs, Sent."
    ]


def message_of(delivery: Delivery) -> EmailMessage:
    """To one person and nobody else; raises Refused where its document cannot be made."""
    copy, notice = delivery.copy, delivery.notice
    version = copy.version
    pack = version.pack
    greeting = copy.salutation or personal.salutation_of(copy.member)
    subject = f"About your copy: {pack.title}" if notice else pack.title
    body = notice.text if notice else _covering(copy)
    domain = parseaddr(settings.PACKS_FROM)[1].rpartition("@")[2]
    message = EmailMessage(
        " ".join(subject.split()),
        f"{greeting}\n\n{body}\n",
        from_email=settings.PACKS_FROM,
        to=[delivery.address],
        reply_to=[pack.contact_email] if pack.contact_email else None,
        # The same whenever it is sent again, by which a reader's mail program knows it.
        headers={"Message-ID": f"<{delivery.pk}@{domain}>"},
    )
    if not notice:
        name = f"{pack.slug}-v{version.number}.pdf"
        message.attach(name, _document(copy), "application/pdf")
    return message


def _covering(copy: Copy) -> str:
    version = copy.version
    parts = [rebuilt(version, PackFormat.TXT).decode().strip()]
    if version.not_before:
        parts.insert(0, f"Embargoed until {in_words(version.not_before)}.")
    older = Copy.objects.filter(
        member=copy.member, version__pack=version.pack, version__number__lt=version.number
    )
    if replaced := older.order_by("version__number").values_list("version__number", flat=True):
        parts.append(f"This is version {version.number}: it replaces version {max(replaced)}.")
    parts.append(f"Whether your copy is still good: {version.manifest['verify_at']}{copy.pk}")
    return "\n\n".join(parts)


def _document(copy: Copy) -> bytes:
    content = personal.bytes_of(copy)
    if sha256(content) != (copy.sha256 or copy.version.sha256):
        raise Refused("Its document is not the one that was issued.")
    return content


def _claim() -> Delivery | None:
    """The next one, as `sending` for good before anything leaves; or withheld, with the reason."""
    with transaction.atomic(durable=True):
        due = Delivery.objects.due().select_for_update(skip_locked=True, of=("self",))
        delivery = due.select_related("copy__member", "copy__version__pack", "notice").first()
        if delivery is None:
            return None
        delivery.address = _address_of(delivery)
        if why := _why_not(delivery):
            delivery.address = ""
            _end(delivery, DeliveryState.WITHHELD, why=why)
        else:
            delivery.state, delivery.began_at = DeliveryState.SENDING, timezone.now()
            _save(delivery)
        return delivery


def _address_of(delivery: Delivery) -> str:
    contact = MemberContact.objects.filter(member=delivery.copy.member).first()
    return contact.email if contact else ""


def _why_not(delivery: Delivery) -> str:
    if not delivery.address:
        return f"{delivery.copy.member} has no e-mail address."
    if delivery.notice and delivery.notice.why == Why.RECALL:
        return ""
    if not Copy.objects.held().filter(pk=delivery.copy_id).exists():
        return "The copy was called back before this was sent."
    return "" if delivery.notice else _over(delivery.copy.version)


def _over(version: PackVersion) -> str:
    if version.why_gone:
        return version.why_gone
    if version.not_after and version.not_after <= timezone.now():
        return f"It expired on {in_words(version.not_after)}."
    return ""


def _hand_over(delivery: Delivery, mailer: object) -> None:
    try:
        message = message_of(delivery)
        if why := _why_not(delivery):  # making it took a moment
            raise Refused(why)
    except Refused as refused:
        _end(delivery, DeliveryState.FAILED, why=str(refused))
        return
    try:
        taken = mailer.send_messages([message])  # type: ignore[attr-defined]  # stubs lack mailers
    except DEFINITE as error:
        _end(delivery, DeliveryState.FAILED, why=f"The mail server refused it: {error}")
    except OSError as error:
        logger.warning("Delivery %s: not known whether it was sent: %s", delivery.pk, error)
    else:
        if taken == 1:
            _end(delivery, DeliveryState.SENT)


@transaction.atomic
def _end(delivery: Delivery, state: DeliveryState, *, why: str = "") -> None:
    delivery.state, delivery.why, delivery.ended_at = state, why, timezone.now()
    _save(delivery)
    if state == DeliveryState.SENT and delivery.notice:
        _was_asked(delivery.notice)


def _was_asked(notice: Notice) -> None:
    """A recall's holder was asked by it: written to the tasks of what their copy holds."""
    if notice.why != Why.RECALL:
        return
    today = timezone.localdate()
    notice.chase_on = recalling.working_days_after(today, recalling.DAYS_TO_ANSWER)
    notice.save(update_fields=["chase_on"])
    for task in RecallTask.objects.filter(use__copy_use__copy=notice.copy_id, closed_at=None):
        if task.asked_at:
            recalling.chase_again(task, on=notice.chase_on)
        else:
            recalling.mark_asked(task, chase_on=notice.chase_on)


def _undecided(delivery: Delivery, states: Iterable[str], by: User) -> Delivery:
    current = Delivery.objects.select_for_update(of=("self",)).select_related("notice")
    found = current.get(pk=delivery.pk)
    if found.state not in states:
        raise Refused(f"It is {found.get_state_display().lower()}: there is nothing to decide.")
    found.decided_by, found.decided_at = by, timezone.now()
    return found


def _save(delivery: Delivery) -> None:
    names = ["state", "address", "began_at", "ended_at", "why", "decided_by", "decided_at"]
    delivery.save(update_fields=names)
