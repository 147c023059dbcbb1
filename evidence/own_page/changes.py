"""Each change that a person can make on their page: what will happen, and the door that does it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.http import Http404, QueryDict

from evidence import consenting
from evidence.blast_radius import resting_on_scope
from evidence.models import (
    Consent,
    IdentityForm,
    LinkFor,
    OwnPageLink,
    PausedBy,
    Testimony,
    TestimonyUse,
    scope_parts,
)
from evidence.models.uses import TestimonyUseQuerySet
from evidence.own_page.reach import consents_of, pause_everything
from evidence.own_page.telling import (
    IN_FORCE,
    Agreement,
    Permission,
    Place,
    accounts_of,
    agreements,
    cannot_come_back,
    in_use,
    permissions_of,
    uses_of,
)
from evidence.refusing import Refused

OFF_THE_SITE = "It goes off our website within seconds."
ASKED_BACK = (
    "We ask everyone who has a copy of the papers below to destroy it, within two working days."
)
NOTHING_NEW = "Nobody here may use it for anything new, from this moment."
FOR_GOOD = "This ends it for good. If you change your mind later, you can agree again."
THE_REST = "The rest stays as it is."


@dataclass(frozen=True)
class Change:
    """What the confirm page says, and what its button does with what was sent."""

    title: str
    will: list[str]
    button: str
    do: Callable[[QueryDict], None]
    places: list[Place] = field(default_factory=list)
    cannot: list[str] = field(default_factory=list)
    choices: list[tuple[int, str]] = field(default_factory=list)


def pause(link: OwnPageLink) -> Change:
    places, cannot = _out_there(uses_of(consents_of(link)))
    return Change(
        title="Pause everything",
        will=[*_what_follows(places), "You can end the pause here, when you want."],
        button="Pause everything",
        do=lambda sent: pause_everything(link),
        places=places,
        cannot=cannot,
    )


def resume(link: OwnPageLink) -> Change:
    paused = [each.consent for each in _running(link) if each.can_resume]
    if not paused:
        raise Http404

    @transaction.atomic
    def do(_sent: QueryDict) -> None:
        for consent in paused:
            consenting.resume(consent, by=PausedBy.PERSON)

    return Change(
        title="End the pause",
        will=[
            "What you agreed to before counts again.",
            "Nothing goes back by itself. What we took down stays down until we use it anew.",
        ],
        button="End the pause",
        do=do,
    )


def withdraw(link: OwnPageLink) -> Change:
    """For a parent all that is theirs to decide; the person themselves ends what was asked too."""
    consents = consents_of(link)
    places, cannot = _out_there(uses_of(consents))

    @transaction.atomic
    def do(_sent: QueryDict) -> None:
        if link.made_for == LinkFor.CONTRIBUTOR:
            consenting.withdraw_everything(link.contributor)
            return
        for consent in consents.filter(state__in=IN_FORCE).order_by("pk"):
            consenting.withdraw(consent)

    return Change(
        title="Take everything back",
        will=[*_what_follows(places), FOR_GOOD],
        button="Take everything back",
        do=do,
        places=places,
        cannot=cannot,
    )


def withdraw_account(link: OwnPageLink, consent: UUID, account: UUID) -> Change:
    given = _in_force(link, consent)
    chosen = _account(given, account)
    places, cannot = _out_there(TestimonyUse.objects.under(given).filter(testimony=chosen))
    return Change(
        title=f"Take back “{chosen}”",
        will=[*_what_follows(places), THE_REST, FOR_GOOD],
        button="Take this one back",
        do=lambda sent: consenting.withdraw_testimony(given, chosen),
        places=places,
        cannot=cannot,
    )


def withdraw_use(link: OwnPageLink, consent: UUID, key: str) -> Change:
    given = _in_force(link, consent)
    permission = _permission(given, key)
    places, cannot = _out_there(resting_on_scope(given, **scope_parts(key), beyond=None))
    return Change(
        title="Stop this one use",
        will=[
            f"We stop this: {_lower(permission.told)}.",
            *_what_follows(places),
            THE_REST,
            FOR_GOOD,
        ],
        button="Stop this use",
        do=lambda sent: consenting.withdraw_scope(given, **scope_parts(key)),
        places=places,
        cannot=cannot,
    )


def be_recognised_less(link: OwnPageLink, consent: UUID, key: str) -> Change:
    given = _in_force(link, consent)
    permission = _permission(given, key)
    if not permission.less:
        raise Http404
    least, _ = permission.less[-1]
    told_more = resting_on_scope(given, **scope_parts(key), beyond=IdentityForm(least))
    places, cannot = _out_there(told_more)

    def do(sent: QueryDict) -> None:
        levels = {str(level): IdentityForm(level) for level, _ in permission.less}
        chosen = levels.get(sent.get("level", ""))
        if chosen is None:
            raise Refused("Nothing was chosen.")
        consenting.narrow(given, **scope_parts(key), max_identity=chosen)

    return Change(
        title="Be recognised less",
        will=[
            f"This is about: {_lower(permission.told)}. Now it is {permission.how_known}.",
            "Whatever tells more than you choose is taken off our website within seconds. A "
            "version that tells less takes its place, if you have approved one.",
            "We ask everyone who has a paper that tells more to destroy it, within two working "
            "days.",
            "This cannot be turned up again here. You can agree to more with us later.",
        ],
        button="Change this",
        do=do,
        places=places,
        cannot=cannot,
        choices=permission.less,
    )


FOR_ALL: Mapping[str, Callable[[OwnPageLink], Change]] = {
    "pause": pause,
    "resume": resume,
    "withdraw": withdraw,
}
FOR_ONE: Mapping[str, Callable[[OwnPageLink, UUID, str], Change]] = {
    "use": withdraw_use,
    "less": be_recognised_less,
}


def _out_there(uses: TestimonyUseQuerySet) -> tuple[list[Place], list[str]]:
    places = in_use(uses)
    return places, cannot_come_back(uses, places)


def _what_follows(places: list[Place]) -> list[str]:
    on_website = [OFF_THE_SITE] if any(place.on_website for place in places) else []
    papers = [ASKED_BACK] if any(not place.on_website for place in places) else []
    return [NOTHING_NEW, *on_website, *papers]


def _running(link: OwnPageLink) -> list[Agreement]:
    return [each for each in agreements(consents_of(link)) if not each.is_over]


def _in_force(link: OwnPageLink, consent: UUID) -> Consent:
    found = consents_of(link).filter(pk=consent, state__in=IN_FORCE).first()
    if found is None:
        raise Http404
    return found


def _account(consent: Consent, wanted: UUID) -> Testimony:
    for account in accounts_of(consent):
        if account.pk == wanted:
            return account
    raise Http404


def _permission(consent: Consent, key: str) -> Permission:
    for permission in permissions_of(consent):
        if permission.key == key:
            return permission
    raise Http404


def _lower(told: str) -> str:
    return told[:1].lower() + told[1:]
