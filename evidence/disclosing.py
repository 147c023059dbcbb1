"""All that is held about one person, opened, for whoever asks to see it: an access request."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.module_loading import autodiscover_modules

from evidence.identities import (
    open_evidence,
    open_identity,
    open_raw_account,
    write_look,
)
from evidence.models import (
    AnonymityWaiver,
    Consent,
    ConsentScope,
    Contributor,
    ErasureRequest,
    Looked,
    PersonSpokenAbout,
    PrivacyNotice,
    RecallTask,
    RetentionHold,
    Testimony,
    TestimonyUse,
    TestimonyVersion,
    VaultLook,
)

BECAUSE = "An access request"
BEFORE_IT_IS_SENT = (
    "A person reads this first: it may speak of others, and of proceedings or referrals that the "
    "law does not let be told."
)
# To tell of the others could warn somebody whom the police or a referral is about.
HOLDS_THAT_MAY_BE_TOLD = {RetentionHold.LEGAL_CLAIM}

type Told = dict[str, Any]
type Holders = Callable[[TestimonyUse], list[str]]

holders: list[Holders] = []


def tells_holders(find: Holders) -> Holders:
    """Register who holds the copy of a use: upper floors know, in a module `erased`."""
    holders.append(find)
    return find


def everything_about(contributor: Contributor) -> Told:
    """Written down as a look first; raises Refused where they were erased or the vault is shut."""
    autodiscover_modules("erased")
    write_look(contributor, Looked.EXPORT, by=None, because=BECAUSE)
    identity = open_identity(contributor)
    return {
        "before_it_is_sent": BEFORE_IT_IS_SENT,
        "contributor": {
            "id": contributor.pk,
            "label": contributor.label,
            "lifelong_anonymity": contributor.lifelong_anonymity,
            "do_not_contact": contributor.do_not_contact,
            **_hold(contributor),
        },
        "identity": asdict(identity) if identity else None,
        "testimonies": [_testimony(each) for each in contributor.testimonies.order_by("pk")],
        "consents": [_consent(each) for each in _consents(contributor)],
        "looks": [_look(each) for each in contributor.looks.order_by("at")],
        "own_page_links": list(
            contributor.own_page_links.values("made_for", "made_at", "expires_at", "ended_at")
        ),
        "erasure_requests": [
            _erasure_request(each) for each in contributor.erasure_requests.order_by("asked_at")
        ],
    }


def plain(value: object) -> object:
    """What JSON has no word for: ids and times."""
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"No way to write {type(value).__name__} as JSON.")


def _consents(contributor: Contributor) -> list[Consent]:
    related = ("testimonies", "scopes", "waivers", "events")
    consents = contributor.consents.select_related("notice").prefetch_related(*related)
    return list(consents.order_by("event_time", "pk"))


def _hold(contributor: Contributor) -> Told:
    """No key at all where it may not be told, as where there is none: its absence says nothing."""
    hold = RetentionHold(contributor.retention_hold)
    return {"retention_hold": hold.label} if hold in HOLDS_THAT_MAY_BE_TOLD else {}


def _testimony(testimony: Testimony) -> Told:
    raw = open_raw_account(testimony)
    return {
        "id": testimony.pk,
        "title": testimony.title,
        "told_by": testimony.get_teller_display(),
        "collected_on": testimony.collected_on,
        "support_offered": testimony.support_offered,
        "safeguarding": testimony.get_safeguarding_display(),
        "proceedings": testimony.get_proceedings_display(),
        "raw_account": asdict(raw) if raw else None,
        "versions": [_version(each) for each in testimony.versions.order_by("number")],
        "persons_spoken_about": [_person(each) for each in testimony.persons_spoken_about.all()],
        "restrictions": list(testimony.restrictions.values("kind", "noted_at", "ended_at")),
        "uses": [_use(each) for each in testimony.uses.order_by("used_at")],
        "notices": list(testimony.notices.values("kind", "how", "used_on", "done_at")),
    }


def _person(person: PersonSpokenAbout) -> Told:
    return {
        "contributor_is": person.get_contributor_is_display(),
        "complainant": person.is_complainant,
        "accused": person.is_accused,
        "alive": person.get_life_display(),
    }


def _version(version: TestimonyVersion) -> Told:
    return {
        "number": version.number,
        "state": version.get_state_display(),
        "text": version.text,
        "attribution": version.attribution,
        "known_as_far_as": version.get_identity_display(),
        "anonymity_note": version.anonymity_note,
        "content_warning": version.content_warning,
        "approved_at": version.contributor_approved_at,
        "identifying_features": list(version.features.values("kind", "told")),
    }


def _use(use: TestimonyUse) -> Told:
    task = getattr(use, "recall_task", None)
    return {
        "version": use.version.number,
        "consent": use.consent_id,
        "publication": use.publication,
        "held_by": [*([use.holder] if use.holder else []), *_holders_of_the_copy(use)],
        "known_as_far_as": use.get_identity_display(),
        "used_on": use.used_on,
        "used_at": use.used_at,
        "recalled_at": use.recalled_at,
        "outcome": use.get_outcome_display(),
        "recall": _recall(task) if task else None,
    }


def _holders_of_the_copy(use: TestimonyUse) -> list[str]:
    return [name for find in holders for name in find(use)]


def _recall(task: RecallTask) -> Told:
    return {
        "opened_at": task.opened_at,
        "asked_at": task.asked_at,
        "closed_at": task.closed_at,
        "note": task.note,
    }


def _consent(consent: Consent) -> Told:
    return {
        "record_id": consent.pk,
        "state": consent.get_state_display(),
        "given_at": consent.event_time,
        "valid_from": consent.validity.lower,
        "valid_until": consent.validity.upper,
        "how": consent.get_indication_method_display(),
        "jurisdiction": consent.get_jurisdiction_display(),
        "age": consent.age_at_consent,
        "competence": consent.get_competence_display(),
        "expressed_by": consent.get_expressed_by_display(),
        "reconsent_month": consent.reconsent_month,
        "testimonies": [each.pk for each in consent.testimonies.all()],
        "scopes": [_scope(each) for each in consent.scopes.all()],
        "waivers": [_waiver(each) for each in consent.waivers.all()],
        "moves": [{"to": each.to_state, "at": each.at} for each in consent.events.all()],
        "notice": _notice(consent.notice),
        "evidence": _signed(consent),
    }


def _waiver(waiver: AnonymityWaiver) -> Told:
    return {
        "publication": waiver.publication,
        "matter": waiver.matter,
        "signed_at": waiver.signed_at,
        "voided_at": waiver.voided_at,
    }


def _notice(notice: PrivacyNotice) -> Told:
    return {
        "version": notice.version,
        "text": notice.text,
        "sha256": notice.sha256,
        "controllers": notice.controllers,
        "recipients": notice.recipients,
        "withdrawal_method": notice.withdrawal_method,
    }


def _signed(consent: Consent) -> Told | None:
    signed = open_evidence(consent)
    if signed is None:
        return None
    content = b64encode(signed.content).decode()
    return {"media_type": signed.media_type, "sha256": signed.sha256, "base64": content}


def _scope(scope: ConsentScope) -> Told:
    return {
        "decision": scope.decision,
        "purpose": scope.get_purpose_display(),
        "audience": scope.get_audience_display(),
        "channel": scope.get_channel_display(),
        "known_as_far_as": scope.get_max_identity_display(),
        "edits": scope.get_max_edits_display(),
        "told_that_it_cannot_come_back": scope.irrevocable_understood,
        "added_at": scope.added_at,
    }


def _look(look: VaultLook) -> Told:
    """By role: the person may know who looked into their file, and not an officer's name."""
    roles = sorted(look.by.groups.values_list("name", flat=True)) if look.by else ["command line"]
    return {"what": look.get_what_display(), "because": look.because, "at": look.at, "role": roles}


def _erasure_request(request: ErasureRequest) -> Told:
    told = {"asked_at": request.asked_at, "done_at": request.done_at}
    return {**told, "told_of_a_hold_at": request.told_at} if request.told_at else told
