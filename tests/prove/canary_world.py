"""A world with a canary in every hidden text, over every state of a consent.

A canary says where it was planted: `zq-testimonyversion-text-withdrawn-17z` stands in the text of a
version whose consent was withdrawn. So a page that holds one says which permission it took.
"""

from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.utils import timezone

from campaigns.models import MemberContact, PackItem, PackSection
from config.roles import ensure_roles
from evidence import consenting, identities, protecting
from evidence.identities import Person, RawWords
from evidence.models import Channel, Contributor, Testimony
from evidence.own_page import links
from evidence.website import put_on_website
from tests import factories as make
from tests.config import desk_rows as rows
from tests.prove.canary_planting import VAULT, plant_everywhere
from tests.publishing import making
from tests.refusing import run, run_past_the_rules

STATES = [
    *("requested", "deferred", "refused", "given", "not_yet_valid", "expired", "suspended"),
    *("withdrawn", "revoked", "invalidated", "replaced", "listing_withdrawn"),
]
NEVER_GIVEN = ("requested", "deferred", "refused")


def build(states: Iterable[str]) -> dict[str, str]:
    """The contributors' states by their keys; and the addresses of their own pages by state."""
    ensure_roles()
    rows.everything()
    _published()
    pages = {}
    keys = {}
    words = []
    for state in states:
        contributor, version, pages[state] = _person(state)
        keys[contributor.pk] = state
        words.append(version)
    pack = rows.pack(2)
    section = PackSection.objects.create(
        pack=pack, position=2, kind="case_study", heading="What happened"
    )
    for version in words:
        PackItem.objects.create(section=section, testimony_version=version, as_background=True)
    rows.issued(pack)
    MemberContact.objects.get_or_create(member=rows.peer())
    plant_everywhere(keys)
    return pages


def _published() -> None:
    source = making.approved(make.source("report", licence="OGL v3.0"))
    figure = making.approved(make.statistic("1,437", source=source))
    bill = making.bill()
    making.approved(making.amendment(making.stage(bill)))
    making.approved(bill)
    ask = making.ask()
    ask.evidence.create(role="shows_problem", statistic=figure, reason="It shows it.")
    making.approved(ask.campaign)
    making.approved(ask)


def _person(state: str) -> tuple[Contributor, Any, str]:
    title = f"Account {state}"
    if state in NEVER_GIVEN:
        account = make.testimony(title)
        words = make.cleared(account)
        consent = make.requested_consent(account.contributor)
        make.ConsentTestimony.objects.create(consent=consent, testimony=account)
        for channel in (Channel.BRIEFING_PACK, Channel.WEBSITE_FEED):
            make.scope(consent, channel)
    else:
        covered = make.covered(Channel.BRIEFING_PACK, Channel.WEBSITE_FEED, title=title)
        words, consent, account = covered.version, covered.consent, covered.version.testimony
        make.raw_use(covered)
        put_on_website(account)
        make.waiver(consent, words)
    officer, contributor = make.user("officer"), account.contributor
    person = Person(f"zq-{VAULT[0]}-name-{state}", None, other_contact=f"zq-{VAULT[0]}-how-{state}")
    identities.record_identity(contributor, person, by=officer)
    raw = RawWords(f"zq-{VAULT[1]}-words-{state}", f"zq-{VAULT[1]}-plan-{state}")
    identities.record_raw_account(account, raw, by=officer)
    form = f"zq-{VAULT[2]}-content-{state}".encode()
    identities.attach_evidence(consent, form, "text/plain", by=officer)
    identities.write_look(contributor, "identity", by=officer, because="They asked.")
    _more_versions(account)
    noted = make.person_spoken_about(account, is_complainant=False, is_accused=True)
    noted.is_accused = False
    protecting.note(noted, by=officer)  # and nobody has agreed yet
    page = links.make_link(contributor, by=officer)
    _move(consent, account, state)
    return contributor, words, page.removeprefix(settings.SITE_URL)


def _more_versions(account: Testimony) -> None:
    draft = make.version(account, "Words of a draft.")
    draft.features.create(kind="place", told="A town")
    for state in ("recalled", "superseded"):
        version = make.version(account, f"Words that were {state}.")
        run_past_the_rules(
            "evidence_testimonyversion",
            "UPDATE evidence_testimonyversion SET state = %s WHERE id = %s",
            state,
            version.pk,
        )


def _move(consent: Any, account: Testimony, state: str) -> None:
    table = "evidence_consent"
    past = partial(run_past_the_rules, table)
    match state:
        case "deferred" | "refused":
            run(f"UPDATE {table} SET state = %s WHERE record_id = %s", state, consent.pk)
        case "suspended":
            consenting.pause(consent)
        case "withdrawn":
            consenting.withdraw(consent)
        case "replaced":
            newer = make.requested_consent(consent.contributor, replaces=consent)
            make.ConsentTestimony.objects.create(consent=newer, testimony=account)
            make.scope(newer)
            consenting.give(newer)
        case "listing_withdrawn":
            consenting.withdraw_testimony(consent, account)
        case "revoked" | "invalidated":
            consenting.withdraw(consent)
            past(f"UPDATE {table} SET state = %s WHERE record_id = %s", state, consent.pk)
        case "not_yet_valid" | "expired":
            consenting.pause(consent)  # nothing takes it off the website but time
            days = (10, 300) if state == "not_yet_valid" else (-300, -10)
            start, end = (timezone.now() + timedelta(days=each) for each in days)
            sql = (
                f"UPDATE {table} SET state = 'given', validity = tstzrange(%s, %s), "
                "review_due = %s::timestamptz::date WHERE record_id = %s"
            )
            past(sql, start, end, end, consent.pk)
