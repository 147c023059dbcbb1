"""What waits for the safeguarding lead, by its kind and worst first; each row leads to its act."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.timezone import localtime

from evidence import protecting, retention
from evidence.alerts import happened
from evidence.consenting import LIVE_STATES
from evidence.desk_addresses import address_of, list_of
from evidence.holders import holding_of, may_know_holders, with_holders
from evidence.models import (
    Alert,
    AnonymityWaiver,
    Consent,
    ConsentState,
    ErasureRequest,
    Life,
    NoticeKind,
    PersonSpokenAbout,
    Proceedings,
    RecallTask,
    ReportingRestriction,
    Safeguarding,
    Testimony,
    TestimonyUse,
    UseNotice,
)
from evidence.retention import Why

SOON = timedelta(days=90)
FORTNIGHT = timedelta(days=14)
SHORT = timedelta(days=2)  # what is to be done within it counts as late already
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Row:
    title: str
    url: str
    told: str = ""
    due: date | None = None
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """`url` is the list of all there is of its kind, where there is one."""

    key: str
    title: str
    empty: str
    rows: tuple[Row, ...]
    url: str = ""

    @property
    def late(self) -> int:
        return sum(row.is_late for row in self.rows)


def may_see_board(user: User) -> bool:
    return user.has_perm("evidence.view_alert")


def board(user: User, at: date | None = None) -> list[Section]:
    """A fixed number of queries: what is late first, then what waits, then what is in order."""
    today = at or timezone.localdate()
    sections = [_section(*each, user=user, today=today) for each in KINDS]
    return sorted(sections, key=lambda each: (not each.late, not each.rows))


def _section(
    key: str, title: str, empty: str, rows: Any, model: Any, *, user: User, today: date
) -> Section:
    found = sorted(rows(user, today), key=lambda row: not row.is_late)
    return Section(key, title, empty, tuple(found), list_of(model) if model else "")


def _alerts(_user: User, _today: date) -> Iterator[Row]:
    for alert in Alert.objects.filter(seen_at=None).order_by("raised_at"):
        told = f"Consent {str(alert.consent_id)[:8]}"
        raised = localtime(alert.raised_at).date()
        yield Row(happened(alert), address_of(alert), told, raised, is_late=True)


def _recalls(user: User, today: date) -> Iterator[Row]:
    """Not asked yet: due within two working days. Asked: due on the day to ask again."""
    knows = may_know_holders(user)
    tasks = RecallTask.objects.filter(closed_at=None).select_related("use__testimony")
    for task in with_holders(tasks, through="use__") if knows else tasks:
        held = holding_of(task.use) if knows else None
        who = f"{held.holder}, {held.what}. " if held else ""
        due = task.chase_on if task.asked_at else localtime(task.due_at).date()
        done = f"Asked on {localtime(task.asked_at):%-d %B}." if task.asked_at else "Not asked yet."
        late = due is not None and due <= today
        page = address_of(task, "asked" if late or not task.asked_at else "close")
        yield Row(str(task.use.testimony), page, who + done, due, is_late=late)


def _ending(_user: User, today: date) -> Iterator[Row]:
    soon = Q(validity__endswith__lte=timezone.now() + SOON) | Q(review_due__lte=today + SOON)
    for consent in _to_renew(Consent.objects.filter(soon)):
        ends = localtime(consent.validity.upper).date()
        due = min(ends, consent.review_due)
        told = f"Review {consent.review_due:%-d %B %Y}, ends {ends:%-d %B %Y}."
        yield _renewal(consent, told, due, today)


def _reconsents(_user: User, today: date) -> Iterator[Row]:
    for consent in _to_renew(Consent.objects.filter(reconsent_month__lte=today + SOON)):
        month = consent.reconsent_month
        assert month is not None  # noqa: S101 - the filter asked for one; for the type checker
        yield _renewal(consent, f"A birthday in {month:%B %Y}.", month, today)


def _to_renew(consents: QuerySet[Consent]) -> QuerySet[Consent]:
    live = consents.filter(state__in=LIVE_STATES)
    asked = Consent.objects.exclude(state=ConsentState.REFUSED)
    begun = Prefetch("renewals", queryset=asked, to_attr="begun")
    return live.select_related("contributor").prefetch_related(begun).order_by("review_due")


def _renewal(consent: Consent, told: str, due: date, today: date) -> Row:
    """To the renewal that was begun, else to its beginning."""
    begun: list[Consent] = consent.begun  # type: ignore[attr-defined]
    url = address_of(begun[0]) if begun else f"{list_of(Consent, 'add')}?renews={consent.pk}"
    more = " Its renewal was begun." if begun else ""
    title = f"{consent.contributor}, {consent}"
    return Row(title, url, told + more, due, is_late=due <= today + FORTNIGHT)


def _flags(_user: User, _today: date) -> Iterator[Row]:
    unsettled = Q(safeguarding=Safeguarding.NOT_ASSESSED) | Q(proceedings=Proceedings.NOT_ASSESSED)
    accounts = Testimony.objects.filter(unsettled, contributor__erased_at=None)
    for account in accounts.order_by("collected_on"):
        told = (
            f"Safeguarding: {account.get_safeguarding_display().lower()}. "
            f"Proceedings: {account.get_proceedings_display().lower()}."
        )
        yield Row(str(account), address_of(account), told, account.collected_on)


def _restrictions(_user: User, _today: date) -> Iterator[Row]:
    found = ReportingRestriction.objects.filter(ended_at=None).select_related("testimony")
    for each in found.order_by("noted_at"):
        noted = localtime(each.noted_at).date()
        yield Row(str(each.testimony), address_of(each), each.get_kind_display(), noted)


def _persons(_user: User, _today: date) -> Iterator[Row]:
    died = Q(life=Life.DIED, death_reviewed_at=None)
    found = PersonSpokenAbout.objects.filter(died | protecting.IS_PROPOSED)
    for each in found.select_related("testimony"):
        is_dead = each.life == Life.DIED and not each.death_reviewed_at
        told = (
            "Has died: may the account be used?"
            if is_dead
            else "Somebody proposed to protect them less: do you agree?"
        )
        yield Row(f"{each.testimony}: {each}", address_of(each), told, is_late=is_dead)
    for version in protecting.unsigned_versions().select_related("testimony"):
        told = "Somebody accused can be recognised in it: a lawyer has to sign."
        yield Row(str(version), address_of(version), told)


def _waivers(_user: User, _today: date) -> Iterator[Row]:
    unsigned = Q(pressure_checked_at=None) | Q(legal_sign_off_at=None)
    found = AnonymityWaiver.objects.filter(unsigned, voided_at=None)
    for each in found.select_related("version__testimony").order_by("signed_at"):
        lacks = [
            *(["the check for pressure"] if not each.pressure_checked_at else []),
            *(["the signature for the law"] if not each.legal_sign_off_at else []),
        ]
        told = f"It lacks {' and '.join(lacks)}."
        yield Row(f"{each}: {each.version}", address_of(each), told)


def _before_use(_user: User, today: date) -> Iterator[Row]:
    uses = TestimonyUse.objects.filter(used_on__range=(today, today + FORTNIGHT), recalled_at=None)
    for use in _not_told(uses, NoticeKind.BEFORE_USE):
        late = use["used_on"] <= today + SHORT
        yield _notice(use, NoticeKind.BEFORE_USE, late=late)


def _check_ins(_user: User, today: date) -> Iterator[Row]:
    """Also after what was called back since: it was used on its day."""
    uses = TestimonyUse.objects.filter(
        Q(recalled_at=None) | Q(recalled_at__date__gt=F("used_on")),
        used_on__range=(today - FORTNIGHT, today - timedelta(days=1)),
    )
    for use in _not_told(uses, NoticeKind.CHECK_IN):
        yield _notice(use, NoticeKind.CHECK_IN, late=use["used_on"] <= today - WEEK)


def _not_told(uses: QuerySet[TestimonyUse], kind: NoticeKind) -> QuerySet[Any, Any]:
    told = UseNotice.objects.filter(
        testimony=OuterRef("testimony"), used_on=OuterRef("used_on"), kind=kind
    )
    return (
        uses.filter(~Exists(told), testimony__contributor__erased_at=None)
        .order_by("used_on", "testimony")
        .values(
            "testimony", "testimony__title", "used_on", "testimony__contributor__do_not_contact"
        )
        .distinct()
    )


def _notice(use: dict[str, Any], kind: NoticeKind, *, late: bool) -> Row:
    day = use["used_on"]
    given = f"testimony={use['testimony']}&used_on={day:%Y-%m-%d}&kind={kind}"
    alone = use["testimony__contributor__do_not_contact"]
    told = "They asked not to be contacted: record that they were not told." if alone else ""
    url = f"{list_of(UseNotice, 'add')}?{given}"
    return Row(use["testimony__title"], url, told, day, is_late=late)


def _erasures(_user: User, _today: date) -> Iterator[Row]:
    for each in retention.due():
        told, since = f"{each.why[0].upper()}{each.why[1:]}.", each.since
        yield Row(str(each.contributor), _settles(each), told, since, is_late=True)


def _settles(due: retention.Due) -> str:
    if due.why == Why.TELL_OF_HOLD:
        return f"{list_of(ErasureRequest)}?contributor__id__exact={due.contributor.pk}"
    return address_of(due.contributor, "hold" if due.why == Why.REVIEW_HOLD else "erase")


type Rows = Callable[[User, date], Iterator[Row]]
KINDS: tuple[tuple[str, str, str, Rows, Any], ...] = (
    ("alerts", "Alerts that nobody has seen", "Nothing has happened.", _alerts, Alert),
    ("recalls", "Copies to call back", "No copy is being called back.", _recalls, RecallTask),
    (
        "deaths",
        "People in an account",
        "Nothing that is noted of people in an account waits for a decision.",
        _persons,
        PersonSpokenAbout,
    ),
    (
        "erasures",
        "Erasures and retention",
        "Nobody waits for an erasure, and nothing is kept too long.",
        _erasures,
        ErasureRequest,
    ),
    (
        "before-use",
        "Their words will be used: tell them",
        "Everybody whose words are used in the next 14 days was told.",
        _before_use,
        UseNotice,
    ),
    (
        "check-ins",
        "Their words were used: ask how they are",
        "Everybody whose words were used in the last 14 days was asked.",
        _check_ins,
        UseNotice,
    ),
    (
        "reconsents",
        "Young people to ask anew",
        "Nobody turns 16 or 18 in the next 90 days.",
        _reconsents,
        Consent,
    ),
    (
        "ending",
        "Consents to review or renew",
        "None ends or falls due for review in the next 90 days.",
        _ending,
        Consent,
    ),
    (
        "flags",
        "Accounts not assessed yet",
        "Safeguarding and proceedings are settled for every account.",
        _flags,
        Testimony,
    ),
    (
        "waivers",
        "Waivers that wait for a signature",
        "No waiver waits.",
        _waivers,
        AnonymityWaiver,
    ),
    (
        "restrictions",
        "Reporting restrictions that are open",
        "No restriction is open.",
        _restrictions,
        ReportingRestriction,
    ),
)
