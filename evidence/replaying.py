"""Telling a restored database what was withdrawn and erased after its backup.

Each act of the ledger is done again in a transaction that also keeps its entry, so that a crash
loses nothing and a second run goes on. What the backup does not know needs no withdrawing.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

import orjson
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from evidence import erasing, ledgers, website
from evidence.broken_rules import sentence_for
from evidence.ledgers import Entry
from evidence.models import (
    FINAL_STATES,
    OPEN_STATES,
    AnonymityWaiver,
    Consent,
    ConsentScope,
    ConsentState,
    ConsentTestimony,
    Contributor,
    Decision,
    Proceedings,
    RetentionHold,
    Safeguarding,
    Testimony,
    TestimonyVersion,
    VersionState,
    WithdrawalAct,
)
from evidence.own_page import links
from evidence.refusing import Refused
from publishing.publication import begin_epoch

type Sentence = str | None  # None where the backup does not know what the entry is about
type Step = Callable[[], list[str]]

FLAGGING = {WithdrawalAct.RESTRICTION_NOTED, WithdrawalAct.PERSON_NOTED}
_steps: list[Step] = []


def after_restore(step: Step) -> Step:
    """Register what else must be told that the database went back, and says what it did.

    It runs with the last entry, in its transaction, or alone where nothing is missing.
    """
    _steps.append(step)
    return step


def replay() -> list[str]:
    """Do again what the database does not know, and tell each thing that was done.

    The last entry's transaction ends the restore: as long as one entry is missing, a run that was
    interrupted is not over. With none missing the restore cannot be seen, so each run ends one.
    """
    entries = sorted(ledgers.behind(), key=_turn)
    sentences = [
        sentence
        for place, entry in enumerate(entries, start=1)
        for sentence in _replay(entry, is_last=place == len(entries))
    ]
    if not entries:
        sentences = _end_restore()
    ledgers.export_pending()
    # of all: where a run was interrupted, their keys tell nothing
    erasing.clean_up(erasing.erased())
    erasing.finish_erasures()
    return sentences


def _turn(entry: Entry) -> tuple[bool, tuple[datetime, str]]:
    """In order of time, but last what is kept by a flag, which no later act may clear."""
    return entry["act"] in FLAGGING, ledgers.happened(entry)


def _replay(entry: Entry, *, is_last: bool) -> list[str]:
    try:
        with transaction.atomic():
            sentence = ACTS[entry["act"]](entry)
            _keep(entry)
            ended = _end_restore() if is_last else []
    except IntegrityError as error:
        raise Refused(
            f"The ledger's entry {entry['id']} ({entry['act']}) could not be done again: "
            f"{sentence_for(error)}"
        ) from error
    return [sentence, *ended] if sentence else ended


@transaction.atomic
def _end_restore() -> list[str]:
    """Numbers of the feed went back, whatever was withdrawn, so those who follow it begin anew."""
    autodiscover_modules("sending")  # what it registers here lies on the floor above
    sentences = [sentence for step in _steps for sentence in step()]
    begin_epoch()
    return sentences


def _keep(entry: Entry) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT keep_replayed(%s, %s, %s, %s, %s, %s)",
            [
                entry["ledger"],
                entry["id"],
                entry["act"],
                entry["subject"],
                orjson.dumps(entry["codes"]).decode(),
                entry["at"],
            ],
        )


def _consent_moved(entry: Entry) -> Sentence:
    consent = Consent.objects.select_for_update().filter(pk=entry["subject"]).first()
    if consent is None:
        return None
    to = _reachable(ConsentState(consent.state), ConsentState(entry["codes"]["to"]))
    if to is None:
        return None
    consent.state = to
    consent.save(update_fields=["state"])
    told = f"Consent {consent.pk}: {to.label.lower()}."
    if to == entry["codes"]["to"]:
        return told
    if to == ConsentState.INVALIDATED:
        return f"{told} Its renewal is not in this backup: record that again."
    return f"{told} This backup has it as never given."


def _reachable(now: ConsentState, to: ConsentState) -> ConsentState | None:
    """Where a consent of the backup has to go, so that nothing more rests on it than then did."""
    if now in FINAL_STATES or now == to:
        return None
    if now in OPEN_STATES:
        return ConsentState.REFUSED if to in FINAL_STATES else None
    return ConsentState.INVALIDATED if to == ConsentState.REPLACED else to


def _testimony_withdrawn(entry: Entry) -> Sentence:
    listed = ConsentTestimony.objects.filter(consent=entry["subject"], withdrawn_at=None)
    listing = listed.filter(testimony=entry["codes"]["testimony"]).first()
    if listing is None:
        return None
    listing.withdrawn_at = timezone.now()
    listing.save(update_fields=["withdrawn_at"])
    return f"Consent {entry['subject']}: withdrawn for testimony {listing.testimony_id}."


def _scope_narrowed(entry: Entry) -> Sentence:
    consent = Consent.objects.select_for_update().filter(pk=entry["subject"]).first()
    codes = entry["codes"]
    if consent is None or consent.state in FINAL_STATES:
        return None
    if consent.scopes.filter(**codes).exists():
        return None
    permits = codes["decision"] == Decision.PERMIT
    ConsentScope.objects.create(consent=consent, irrevocable_understood=permits, **codes)
    key = f"{codes['purpose']}:{codes['audience']}:{codes['channel']}"
    return f"Consent {consent.pk}: {'narrowed' if permits else 'withdrawn'} for {key}."


def _version_recalled(entry: Entry) -> Sentence:
    version = TestimonyVersion.objects.select_for_update().filter(pk=entry["subject"]).first()
    if version is None or version.state == VersionState.RECALLED:
        return None
    is_draft = version.state == VersionState.DRAFT
    version.state = VersionState.SUPERSEDED if is_draft else VersionState.RECALLED
    version.save(update_fields=["state"])
    return f"Version {version.pk}: {version.get_state_display().lower()}."


def _account_flagged(entry: Entry) -> Sentence:
    flags = {name: entry["codes"][name] for name in ("safeguarding", "proceedings")}
    return _flag(
        entry["subject"],
        flags,
        f"safeguarding {flags['safeguarding']}, proceedings {flags['proceedings']}.",
    )


def _restriction_noted(entry: Entry) -> Sentence:
    """Who noted it is not in the ledger, so the restriction itself cannot be written again."""
    return _flag(
        entry["subject"],
        {"proceedings": Proceedings.NOT_ASSESSED},
        f"a restriction ({entry['codes']['kind']}) was noted after this backup, so its proceedings "
        "count as not assessed: note the restriction again.",
    )


def _person_noted(entry: Entry) -> Sentence:
    """What was noted is not in the ledger: a death, an accused person, or a cap."""
    return _flag(
        entry["subject"],
        {"safeguarding": Safeguarding.NOT_ASSESSED},
        "somebody in it was noted after this backup, so its safeguarding counts as not assessed: "
        "note that again.",
    )


def _taken_off(entry: Entry) -> Sentence:
    testimony = Testimony.objects.filter(pk=entry["subject"]).first()
    if testimony is None or not website.take_off_website(testimony):
        return None
    return f"Testimony {testimony.pk}: off the website, where it was taken off."


def _flag(subject: str, flags: Mapping[str, str], told: str) -> Sentence:
    testimony = Testimony.objects.select_for_update(no_key=True).filter(pk=subject).first()
    if testimony is None:
        return None
    for name, value in flags.items():
        setattr(testimony, name, value)
    testimony.save(update_fields=list(flags))
    return f"Testimony {testimony.pk}: {told}"


def _waiver_voided(entry: Entry) -> Sentence:
    waiver = AnonymityWaiver.objects.select_for_update().filter(pk=entry["subject"]).first()
    if waiver is None or waiver.voided_at:
        return None
    waiver.voided_at = timezone.now()
    waiver.save(update_fields=["voided_at"])
    return f"Waiver {waiver.pk}: voided."


def _links_ended(entry: Entry) -> Sentence:
    contributor = Contributor.objects.filter(pk=entry["subject"]).first()
    if contributor is None or not links.end_links(contributor):
        return None
    return f"Contributor {contributor.pk}: the links to their own page are ended."


def _contact_changed(entry: Entry) -> Sentence:
    """The backup holds how they could be reached before, which may be unsafe by now."""
    contributor = Contributor.objects.select_for_update().filter(pk=entry["subject"]).first()
    if contributor is None or contributor.erased_at or contributor.do_not_contact:
        return None
    contributor.do_not_contact = True
    contributor.save(update_fields=["do_not_contact"])
    return (
        f"Contributor {contributor.pk}: not to be contacted, since this backup does not know how "
        "they may be reached now: record that again, then take the tick off."
    )


def _erased(entry: Entry) -> Sentence:
    """A hold of the backup had ended by then: it would stop what is already done."""
    contributor = Contributor.objects.filter(pk=entry["subject"]).first()
    if contributor is None or contributor.erased_at:
        return None
    if contributor.retention_hold != RetentionHold.NONE:
        contributor.retention_hold = RetentionHold.NONE
        contributor.save(update_fields=["retention_hold"])
    erasing.erase(contributor)
    return f"Contributor {contributor.pk}: erased."


ACTS: Mapping[str, Callable[[Entry], Sentence]] = {
    WithdrawalAct.CONSENT_MOVED: _consent_moved,
    WithdrawalAct.TESTIMONY_WITHDRAWN: _testimony_withdrawn,
    WithdrawalAct.SCOPE_NARROWED: _scope_narrowed,
    WithdrawalAct.VERSION_RECALLED: _version_recalled,
    WithdrawalAct.ACCOUNT_FLAGGED: _account_flagged,
    WithdrawalAct.RESTRICTION_NOTED: _restriction_noted,
    WithdrawalAct.PERSON_NOTED: _person_noted,
    WithdrawalAct.TAKEN_OFF: _taken_off,
    WithdrawalAct.WAIVER_VOIDED: _waiver_voided,
    WithdrawalAct.LINKS_ENDED: _links_ended,
    WithdrawalAct.CONTACT_CHANGED: _contact_changed,
    ledgers.ERASED: _erased,
}
