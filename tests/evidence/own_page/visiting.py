"""A made-up person with something to hide in every field, and how they reach their page."""

from dataclasses import dataclass
from datetime import date

from django.core import mail
from django.test import Client
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks_db.models import DBTaskResult

from evidence.identities import Person, SafeContact, record_identity
from evidence.models import (
    Channel,
    Consent,
    ConsentTestimony,
    Contributor,
    IdentityForm,
    LinkFor,
    OwnPageLink,
    Testimony,
)
from evidence.own_page import codes
from evidence.own_page.links import hash_of, make_link
from tests import factories as make
from tests.refusing import run_as_owner

# What stands nowhere unless a code was given.
CANARIES = [
    "Canary-words",
    "Canary-title",
    "Canary-label",
    "Canary-name",
    "Canary-other-contact",
    "Canary-note",
    "canary@example.org",
    "Canary-attribution",
    "Canary-controller",
    "A voice for children",
]


@dataclass(frozen=True)
class Visit:
    """Somebody with words on the website, and the link that they got."""

    contributor: Contributor
    testimony: Testimony
    consent: Consent
    link: OwnPageLink
    token: str

    def at(self, *rest: object) -> str:
        return f"/w/{self.token}/" + "/".join(str(each) for each in rest)

    def let_in(self, client: Client) -> Client:
        """Through the door: a code is made, and typed."""
        answer = client.post(self.at("code"), {"code": codes.make_code(self.link)})
        assert answer["Location"] == self.at("mine")
        return client

    def state(self) -> str:
        return Consent.objects.get(pk=self.consent.pk).state


def visit(*channels: str, made_for: str = LinkFor.CONTRIBUTOR, **fields: object) -> Visit:
    contributor = Contributor.objects.create(label="Canary-label", is_fictional=True)
    account = make.testimony("Canary-title", contributor=contributor)
    words = make.version(account, "Canary-words.", attribution="Canary-attribution")
    make.clearing.clear(words, by=make.user("lead"))
    notice = make.notice("canary", controllers="Canary-controller")
    given = make.requested_consent(contributor, notice=notice, **fields)
    ConsentTestimony.objects.create(consent=given, testimony=account)
    for channel in channels or (Channel.WEBSITE_FEED, Channel.BRIEFING_PACK):
        make.scope(given, channel)
    make.consenting.give(given)
    given.refresh_from_db()
    seal(contributor)
    return follow(contributor, account, given, made_for)


def follow(contributor: Contributor, account: Testimony, given: Consent, made_for: str) -> Visit:
    token = make_link(contributor, made_for, by=None).split("/w/")[1].rstrip("/")
    link = OwnPageLink.objects.get(sha256=hash_of(token))
    return Visit(contributor, account, given, link, token)


def seal(contributor: Contributor, how: str = SafeContact.EMAIL) -> None:
    where = {"email": "canary@example.org", "phone": "0808 157 0999", "none": ""}[how]
    person = Person(
        "Canary-name", date(1990, 1, 1), where, how, "Canary-other-contact", "Canary-note"
    )
    record_identity(contributor, person, by=make.user("lead"))


def run_out(link: OwnPageLink) -> None:
    """As time does."""
    run_as_owner("UPDATE evidence_ownpagelink SET expires_at = now() WHERE id = %s", link.pk)


CHILD = {
    "age_at_consent": 12,
    "competence": "gillick_not_competent",
    "expressed_by": "parental_responsibility",
    "subject_assent": True,
}


def in_two_years() -> date:
    """A birthday's month that every consent of these tests ends by."""
    return date(timezone.localdate().year + 2, 1, 1)


def found_competent(here: Visit) -> Consent:
    """From now on the child is on record as one who decides alone."""
    return make.requested_consent(
        here.contributor,
        age_at_consent=13,
        competence="gillick_assessed_competent",
        subject_assent=True,
        reconsent_month=in_two_years(),
    )


def work() -> list[str]:
    """What the worker would do: each task that waits, once. Returns the bodies of what it sent."""
    before = len(mail.outbox)
    for waiting in DBTaskResult.objects.filter(task_path__startswith="evidence.own_page"):
        import_string(waiting.task_path).call(*waiting.args_kwargs["args"])
    DBTaskResult.objects.filter(task_path__startswith="evidence.own_page").delete()
    return [each.body for each in mail.outbox[before:]]


LESS = IdentityForm.VERBATIM_ANONYMOUS
